/** Rounds in which the candidates take turns, so that a noisy moment meets all of them. */
import type { Candidate } from './candidates.ts';
import { CHUNKS, STREAMS, saturate, stream, type Target } from './load.ts';
import { cpuMicrosOf, residentBytesOf } from './process-figures.ts';

export interface Round {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Of the proxy alone. */
  cpuMicros: number;
  /** Of each process behind it. */
  behindMicros: Record<string, number>;
  residentBytes: number;
}

export interface StreamRound {
  cpuMicrosPerChunk: number;
  peakBytes: number;
}

const SAMPLE_MS = 50;

export async function saturateOnce(candidate: Candidate, seconds: number, folder: string): Promise<Round> {
  const { answers, behind } = candidate;
  candidate.reset?.();
  const cpu = () => [answers.pid, ...Object.values(behind)].map(cpuMicrosOf);
  const before = cpu();
  const { requests, ...speed } = await saturate(answers, seconds, folder);
  const used = cpu().map((micros, index) => (micros - (before[index] ?? 0)) / requests);
  const names = Object.keys(behind);
  return {
    ...speed,
    cpuMicros: used[0] ?? Number.NaN,
    behindMicros: Object.fromEntries(names.map((name, index) => [name, used[index + 1] ?? Number.NaN])),
    residentBytes: residentBytesOf(answers.pid),
  };
}

export async function streamOnce(target: Target & { pid: number }): Promise<StreamRound> {
  const before = cpuMicrosOf(target.pid);
  let peakBytes = 0;
  const sampler = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytesOf(target.pid));
  }, SAMPLE_MS);
  await stream(target);
  clearInterval(sampler);
  return { cpuMicrosPerChunk: (cpuMicrosOf(target.pid) - before) / (STREAMS * CHUNKS), peakBytes };
}
