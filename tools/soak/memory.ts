/** Resident memory of processes over time, and whether it stays where it is. */
import { readFileSync } from 'node:fs';

interface Sample {
  atMs: number;
  megabytes: number;
}

/** Resident memory, megabytes; undefined: there is no such process at the moment. */
function residentOf(pid: number): number | undefined {
  try {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Number(line[1]) / 1024 : undefined;
  } catch {
    return undefined;
  }
}

export interface MemoryLog {
  /** By process. */
  samples: Record<string, Sample[]>;
  stop(): void;
}

export function followMemory(pids: Record<string, () => number>, everyMs: number): MemoryLog {
  const started = Date.now();
  const samples: Record<string, Sample[]> = {};
  const look = () => {
    for (const [name, pid] of Object.entries(pids)) {
      const megabytes = residentOf(pid());
      samples[name] ??= [];
      if (megabytes !== undefined) samples[name].push({ atMs: Date.now() - started, megabytes });
    }
  };
  look();
  const timer = setInterval(look, everyMs);
  return { samples, stop: () => clearInterval(timer) };
}

function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Median of the samples in a part of the time, megabytes. */
export function medianBetween(samples: Sample[], fromMs: number, toMs: number): number {
  return median(samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ megabytes }) => megabytes));
}
