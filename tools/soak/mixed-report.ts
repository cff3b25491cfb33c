/** The report of a mixed load as a page of the documentation. */
import { cpus, loadavg, totalmem } from 'node:os';
import { leastBetween, type MemoryLog, medianBetween } from './memory.ts';
import type { MixedRun } from './mixed.ts';

const MINUTE_MS = 60_000;
/** Of the last part against the part before it: what a garbage collector moves by itself. */
const FLAT_WITHIN = 1.15;
const STRETCHES = 6;

const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;

const KINDS = ['answered', 'refused', 'broken', 'left'] as const;

const FATES: Record<keyof MixedRun['outcomes'], string> = {
  whole: 'nothing',
  client_leaves: 'the client hangs up',
  slow_client: 'the client reads slowly (long streams)',
  upstream_error: 'the provider answers 500',
  upstream_overloaded: 'the provider answers 429',
  upstream_cut: 'the connection to the provider breaks in the answer',
  upstream_error_inside: 'the provider reports an error in the answer',
  upstream_silent: 'the provider falls silent in the answer',
};

/** Processes that use more in the last fifth of the time than in the one before it, after what garbage collection took. */
export function findGrowth({ memory }: MixedRun, durationMs: number): string[] {
  return Object.entries(memory.inUse).flatMap(([name, samples]) => {
    const [before, after] = [
      leastBetween(samples, durationMs * 0.62, durationMs * 0.81),
      leastBetween(samples, durationMs * 0.81, durationMs),
    ];
    if (!Number.isFinite(before) || !Number.isFinite(after)) return [`memory of ${name} was not seen at the end`];
    return after > before * FLAT_WITHIN
      ? [`memory of ${name} grew from ${before.toFixed(0)} to ${after.toFixed(0)} MB`]
      : [];
  });
}

function memoryTable(
  head: string,
  samplesOf: MemoryLog['resident'],
  figure: typeof medianBetween,
  durationMs: number,
): string[] {
  const edges = Array.from({ length: STRETCHES }, (_, index) =>
    [index, index + 1].map((n) => (n * durationMs) / STRETCHES),
  );
  const minutes = (ms: number) => String(Math.round(ms / MINUTE_MS));
  const heads = edges.map(([from = 0, to = 0]) => `${minutes(from)}–${minutes(to)} min`);
  return [
    row([head, ...heads]),
    row([':---', ...heads.map(() => '---:')]),
    ...Object.entries(samplesOf).map(([name, samples]) =>
      row([name, ...edges.map(([from = 0, to = 0]) => figure(samples, from, to).toFixed(0))]),
    ),
    '',
  ];
}

export function writeMixedReport(run: MixedRun, faults: string[], durationMs: number, restarts: string[]): string {
  const lines = [
    '# Soak: a mixed load, with everything that goes wrong',
    '',
    'Written by `npm run soak`. Two proxies, billing and Postgres (fsync on) as processes, all surfaces (chat, messages, responses, completions, embeddings), models of three providers, half of the requests streamed; some go wrong on purpose.',
    `Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, load ${loadavg()[0]?.toFixed(1)} at the end.`,
    '',
    `${Math.round(durationMs / MINUTE_MS)} minutes, ${run.sent} requests (${(run.sent / (durationMs / 1000)).toFixed(1)} per second), ${run.restarts} restarts.`,
    '',
    '## What clients saw',
    '',
    row(['what went wrong on purpose', 'answered whole', 'refused', 'broken off', 'left']),
    row([':---', '---:', '---:', '---:', '---:']),
    ...Object.entries(run.outcomes).map(([fate, seen]) =>
      row([FATES[fate as keyof typeof FATES], ...KINDS.map((kind) => seen[kind] ?? 0)]),
    ),
    '',
    `Of the whole answers ${run.stopped} were cut short, and said so, because billing could not be asked for more money while it was being restarted.`,
    '',
    'Where nothing was to go wrong and no answer came, a service was being restarted:',
    '',
    ...Object.entries(run.reasons).map(([reason, times]) => `- ${reason}: ${times}`),
    '',
    '## Provider against ledger',
    '',
    row(['calls that the provider saw', 'reservations', 'charged', 'on the loss account']),
    row(['---:', '---:', '---:', '---:']),
    row([run.providerCalls, run.reservations, run.charged, run.lost]),
    '',
    'Asked for every request by its id: no call without a reservation; whatever the provider produced is booked, charged or as a loss; nobody is charged twice; who got a whole answer is charged exactly the tokens of it. Then the laws of the ledger over all of it: no open hold, posted = entries, pending = 0, each reservation ended once, the log equals the charges.',
    '',
    '## Memory',
    '',
    'What services need is what garbage collection leaves: the least that objects and buffers took. Node keeps more of the system, up to what it thinks right for the load.',
    '',
    ...memoryTable('megabytes in use, least', run.memory.inUse, leastBetween, durationMs),
    ...memoryTable('megabytes resident, median', run.memory.resident, medianBetween, durationMs),
    'Restarts are in the first 60 % of the time.',
    '',
    '## Restarts',
    '',
    ...restarts.map((line) => `- ${line}`),
    '',
    `## Faults: ${faults.length}`,
    '',
    ...faults.map((fault) => `- ${fault}`),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
