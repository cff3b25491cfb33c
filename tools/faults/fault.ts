/** One fault of one part: made, ended, and what everybody saw from its begin until all was well again. */

import { PROBES, type ProbeName, type Probes, type Seen } from './probes.ts';
import type { PartName, Suite, WithDisk } from './suite.ts';

const KINDS = ['killed', 'paused', 'slow', 'cut off', 'disk full'] as const;
export type Kind = (typeof KINDS)[number];

const FAULT_MS = 6_000;
/** All is well once every probe has gone well this often in a row. */
const WELL_TIMES = 3;
const RECOVERY_TIMEOUT_MS = 180_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export interface Cell {
  part: PartName;
  kind: Kind;
  /** What each probe saw that was begun while the fault was there, and how often. */
  during: Record<ProbeName, Record<string, number>>;
  /** Of those the longest, milliseconds. */
  longestMs: number;
  /** From the fault's end until the first of the good ones; null: it never was within three minutes. */
  normalAfterMs: number | null;
  /** Ids and tokens of all that was answered whole from the fault's begin to its recovery. */
  answered: NonNullable<Seen['answered']>[];
}

/** Makes it. @returns ends it */
async function make({ parts, fillDisk, freeDisk }: Suite, name: PartName, kind: Kind): Promise<() => Promise<void>> {
  const part = parts[name];
  switch (kind) {
    case 'killed':
      await part.kill();
      return () => part.start();
    case 'paused':
      part.signalAll('SIGSTOP');
      return async () => part.signalAll('SIGCONT');
    case 'slow':
    case 'cut off':
      part.line.state = kind === 'slow' ? 'slow' : 'silent';
      return async () => {
        part.line.state = 'open';
      };
    case 'disk full':
      fillDisk(name as WithDisk);
      return async () => freeDisk(name as WithDisk);
  }
}

/** When the run of good ones began that goes on; undefined: there is none yet. */
function wellSince(seen: Seen[], probe: ProbeName, from: number): number | undefined {
  const own = seen.filter((one) => one.probe === probe && one.beganAt >= from).sort((a, b) => a.beganAt - b.beganAt);
  const lastBad = own.findLastIndex(({ result }) => result !== 'ok');
  const good = own.slice(lastBad + 1);
  return good.length >= WELL_TIMES ? good[0]?.beganAt : undefined;
}

async function waitUntilWell({ seen }: Probes, from: number): Promise<number | null> {
  const deadline = Date.now() + RECOVERY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const since = PROBES.map((probe) => wellSince(seen, probe, from));
    if (since.every((at) => at !== undefined)) return Math.max(...since) - from;
    await pause(200);
  }
  return null;
}

function countResults(seen: Seen[]): Cell['during'] {
  const counts = Object.fromEntries(PROBES.map((probe) => [probe, {}])) as Cell['during'];
  for (const { probe, result } of seen) counts[probe][result] = (counts[probe][result] ?? 0) + 1;
  return counts;
}

export async function runFault(suite: Suite, probes: Probes, part: PartName, kind: Kind): Promise<Cell> {
  await waitUntilWell(probes, Date.now());
  const beganAt = Date.now();
  const end = await make(suite, part, kind);
  await pause(FAULT_MS);
  const endedAt = Date.now();
  await end();
  const normalAfterMs = await waitUntilWell(probes, endedAt);
  const during = probes.seen.filter((one) => one.beganAt >= beganAt && one.beganAt < endedAt);
  return {
    ...{ part, kind, normalAfterMs },
    during: countResults(during),
    longestMs: Math.max(0, ...during.map(({ tookMs }) => tookMs)),
    answered: probes.seen.flatMap((one) => (one.beganAt >= beganAt && one.answered ? [one.answered] : [])),
  };
}
