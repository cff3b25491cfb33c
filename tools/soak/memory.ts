/** Memory of processes over time: what the system gave them, and what of it they use. */
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

/** Memory that a service's objects and buffers take, megabytes; undefined: it does not answer at the moment. */
async function inUseOf(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2_000) });
    const text = await response.text();
    return (readBytes(text, 'nodejs_heap_size_used_bytes') + readBytes(text, 'nodejs_external_memory_bytes')) / 2 ** 20;
  } catch {
    return undefined;
  }
}

/** @throws Error where the metric isn't there */
function readBytes(metrics: string, name: string): number {
  const found = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(metrics);
  if (!found) throw new Error(`no metric ${name}`);
  return Number(found[1]);
}

export interface MemoryLog {
  /** By process: what the system has given it. */
  resident: Record<string, Sample[]>;
  /** By process: what of it is used, garbage that was not collected yet with it. */
  inUse: Record<string, Sample[]>;
}

interface Process {
  pid: () => number;
  url: string;
}

/** @returns ends it */
export function followMemory(processes: Record<string, Process>, everyMs: number): { log: MemoryLog; stop(): void } {
  const started = Date.now();
  const log: MemoryLog = { resident: {}, inUse: {} };
  const add = (to: Record<string, Sample[]>, name: string, megabytes: number | undefined) => {
    to[name] ??= [];
    if (megabytes !== undefined) to[name].push({ atMs: Date.now() - started, megabytes });
  };
  const look = () => {
    for (const [name, { pid, url }] of Object.entries(processes)) {
      add(log.resident, name, residentOf(pid()));
      void inUseOf(url).then((megabytes) => add(log.inUse, name, megabytes));
    }
  };
  look();
  const timer = setInterval(look, everyMs);
  return { log, stop: () => clearInterval(timer) };
}

function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const between = (samples: Sample[], fromMs: number, toMs: number) =>
  samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ megabytes }) => megabytes);

/** Median of the samples in a part of the time, megabytes. */
export function medianBetween(samples: Sample[], fromMs: number, toMs: number): number {
  return median(between(samples, fromMs, toMs));
}

/** The least of the samples in a part of the time, megabytes: what garbage collections could not take. */
export function leastBetween(samples: Sample[], fromMs: number, toMs: number): number {
  return Math.min(...between(samples, fromMs, toMs));
}
