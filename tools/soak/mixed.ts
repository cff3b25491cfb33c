/** A mixed load on a rig for a while: all surfaces, whole and streamed, faults of every kind, services started again. */

import { brokenLaws, waitUntilSettled } from './laws.ts';
import { followMemory, type MemoryLog } from './memory.ts';
import { type Comparison, compareBooks, type Sent } from './mixed-books.ts';
import { send } from './mixed-client.ts';
import { drawRequest, FATE_NAMES, type Fate } from './mixed-request.ts';
import type { Part, Rig } from './rig.ts';

export interface MixedOptions {
  durationMs: number;
  requestsPerSecond: number;
  /** One after the other, evenly over the first part of the time; the rest shows memory undisturbed. */
  restarts: { part: Part; signal: NodeJS.Signals }[];
  report: (line: string) => void;
}

export interface MixedRun extends Comparison {
  sent: number;
  /** Answers that were cut short because billing could not be asked for more money. */
  stopped: number;
  /** By what went wrong on purpose, then by what the client saw. */
  outcomes: Record<Fate, Record<string, number>>;
  /** How often clients saw what, of those with whom nothing was to go wrong, but which were not answered. */
  reasons: Record<string, number>;
  memory: MemoryLog;
  restarts: number;
}

const PEOPLE = 20;
const RESTARTS_UNTIL = 0.6;
const MEMORY_EVERY_MS = 5_000;
const UNDER_WAY_MAX = 400;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Requests at a rate, whether the ones before are answered or not. */
async function keepSending(options: MixedOptions, sendOne: () => Promise<void>): Promise<void> {
  const started = Date.now();
  const underWay = new Set<Promise<void>>();
  for (let count = 0; Date.now() - started < options.durationMs; count++) {
    const dueMs = (count * 1000) / options.requestsPerSecond - (Date.now() - started);
    if (dueMs > 0) await pause(dueMs);
    while (underWay.size >= UNDER_WAY_MAX) await Promise.race(underWay);
    const one = sendOne().finally(() => underWay.delete(one));
    underWay.add(one);
  }
  await Promise.all(underWay);
}

async function keepRestarting(rig: Rig, { restarts, durationMs, report }: MixedOptions): Promise<void> {
  const everyMs = (durationMs * RESTARTS_UNTIL) / (restarts.length + 1);
  const started = Date.now();
  for (const [turn, { part, signal }] of restarts.entries()) {
    await pause(Math.max(0, started + (turn + 1) * everyMs - Date.now()));
    const began = Date.now();
    await rig.killAndRestart(part, signal);
    report(`${part} was ended by ${signal} and is ready again after ${Date.now() - began} ms`);
  }
}

function countOutcomes(sent: Sent[]): Pick<MixedRun, 'outcomes' | 'reasons'> {
  const outcomes = Object.fromEntries(FATE_NAMES.map((fate) => [fate, {}])) as MixedRun['outcomes'];
  const reasons: Record<string, number> = {};
  for (const { request, seen } of sent) {
    const row = outcomes[request.fate];
    row[seen.kind] = (row[seen.kind] ?? 0) + 1;
    if (request.fate !== 'whole' || seen.kind === 'answered' || seen.kind === 'left') continue;
    const reason = seen.kind === 'refused' ? `${seen.status} ${seen.code}` : seen.because;
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return { outcomes, reasons };
}

/** A refusal for want of a service that comes back says when to come again. */
function refusalFaults(sent: Sent[]): string[] {
  return sent.flatMap(({ request, seen }) => {
    if (seen.kind !== 'refused') return [];
    if (seen.status === 500) return [`${request.id} (${request.fate}): 500 ${seen.code}`];
    return seen.status === 503 && !seen.retryAfter
      ? [`${request.id} (${request.fate}): 503 ${seen.code} without retry-after`]
      : [];
  });
}

export async function runMixed(rig: Rig, options: MixedOptions): Promise<MixedRun> {
  const people = await Promise.all(Array.from({ length: PEOPLE }, () => rig.addPerson('1000000.00')));
  const steady = await rig.addProxy();
  const memory = followMemory(
    {
      'proxy, never restarted': { pid: () => steady.pid, url: steady.url },
      'proxy, restarted': { pid: () => rig.pid('proxy'), url: rig.proxyUrl },
      billing: { pid: () => rig.pid('billing'), url: rig.billingUrl },
    },
    MEMORY_EVERY_MS,
  );
  const sent: Sent[] = [];
  let count = 0;
  const sending = keepSending(options, async () => {
    const number = count++;
    const request = drawRequest();
    const url = number % 2 === 0 ? steady.url : rig.proxyUrl;
    const seen = await send(url, people[number % PEOPLE]?.key ?? '', request);
    sent.push({ request, seen });
    if (sent.length % 1_000 === 0) options.report(`${sent.length} requests`);
  });
  await Promise.all([sending, keepRestarting(rig, options)]);
  memory.stop();
  for (const { subjectId } of people) await waitUntilSettled(rig, subjectId);
  const comparison = await compareBooks(rig, sent);
  return {
    ...comparison,
    faults: [...comparison.faults, ...refusalFaults(sent), ...(await brokenLaws(rig))],
    sent: sent.length,
    stopped: sent.filter(({ seen }) => seen.kind === 'answered' && seen.stopped).length,
    ...countOutcomes(sent),
    memory: memory.log,
    restarts: options.restarts.length,
  };
}
