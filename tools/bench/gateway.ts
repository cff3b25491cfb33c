/**
 * `npm run bench`: the proxy with everything on and with each step off, beside a bare undici pass-through, nginx and
 * Portkey's gateway, in one run on one machine, taking turns. `npm run bench -- --write` puts the table and the chart
 * into docs/benchmarks.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { median, quantile, table, whole } from '../../services/billing/bench/figures.ts';
import { ROOT } from '../src/stack/settings.ts';
import { type Candidate, startCandidates } from './gateway/candidates.ts';
import { drawBars } from './gateway/chart.ts';
import { CHUNKS, CONNECTIONS, offer, STREAMS } from './gateway/load.ts';
import { type Round, type StreamRound, saturateOnce, streamOnce } from './gateway/measure.ts';
import { isThere, PORTKEY_STREAMS_ADAPTER } from './gateway/programs.ts';

const ROUNDS = 5;
/** Before each round: while the others have their turn V8 gives compiled code back, and one would measure its compiler. */
const WARM_REQUESTS = 15_000;
const WARM_SECONDS_MAX = 30;
const ROUND_SECONDS = 4;
const HALF_LOAD_ROUNDS = 3;
const STREAM_ROUNDS = 3;
const MIB = 1024 * 1024;
const PORTKEY = /Portkey/;
const EVERYTHING = /everything/;
const BARE = /undici/;

const say = (line: string) => process.stderr.write(`${line}\n`);
const ratio = (value: number, of: number) => `${(value / of).toFixed(2)} x`;

interface Measured {
  candidate: Candidate;
  rounds: Round[];
  /** Milliseconds at half of its own load. */
  halfLoad: number[];
  streamRounds: StreamRound[];
}

const middle = <T>(of: T[], read: (item: T) => number) => median(of.map(read));
const find = (all: Measured[], name: RegExp) => all.find(({ candidate }) => name.test(candidate.name));
const behindMicros = ({ rounds }: Measured) =>
  middle(rounds, (round) => Object.values(round.behindMicros).reduce((sum, each) => sum + each, 0));
const speedOf = (item: Measured | undefined) => middle(item?.rounds ?? [], ({ perSecond }) => perSecond);

function answersTable(all: Measured[]): string {
  const [bare, portkey] = [find(all, BARE), find(all, PORTKEY)];
  const bareMicros = middle(bare?.rounds ?? [], ({ cpuMicros }) => cpuMicros);
  const head = [
    ...['<', 'requests per second', 'x Portkey', 'p50 / p99, ms', 'at half load, ms', 'CPU of the proxy, µs', 'x bare'],
    ...['CPU of the whole, µs', 'memory, MiB'],
  ];
  const rows = all.map((item) => {
    const { rounds, halfLoad, candidate } = item;
    const micros = middle(rounds, ({ cpuMicros }) => cpuMicros);
    const behind = behindMicros(item);
    return [
      candidate.name,
      whole(speedOf(item)),
      portkey ? ratio(speedOf(item), speedOf(portkey)) : '–',
      [middle(rounds, ({ p50Ms }) => p50Ms), middle(rounds, ({ p99Ms }) => p99Ms)]
        .map((ms) => ms.toFixed(1))
        .join(' / '),
      [0.5, 0.99].map((part) => quantile(halfLoad, part).toFixed(1)).join(' / '),
      whole(micros),
      ratio(micros, bareMicros),
      whole(micros + behind),
      whole(middle(rounds, ({ residentBytes }) => residentBytes) / MIB),
    ];
  });
  return table(head, rows);
}

function streamsTable(all: Measured[]): string {
  const bare = middle(find(all, BARE)?.streamRounds ?? [], ({ cpuMicrosPerChunk }) => cpuMicrosPerChunk);
  const rows = all
    .filter(({ streamRounds }) => streamRounds.length > 0)
    .map(({ candidate, streamRounds }) => {
      const micros = middle(streamRounds, ({ cpuMicrosPerChunk }) => cpuMicrosPerChunk);
      const peak = middle(streamRounds, ({ peakBytes }) => peakBytes);
      return [candidate.name, micros.toFixed(1), ratio(micros, bare), whole(peak / MIB)];
    });
  return table(['<', 'CPU per chunk, µs', 'x bare', 'peak memory, MiB'], rows);
}

function behindSentence(all: Measured[]): string {
  const everything = find(all, EVERYTHING);
  const names = Object.keys(everything?.candidate.behind ?? {});
  const parts = names.map((name) => {
    const micros = middle(everything?.rounds ?? [], ({ behindMicros }) => behindMicros[name] ?? Number.NaN);
    return `${name} ${whole(micros)} µs`;
  });
  return `Behind the proxy with everything on, each request: ${parts.join(', ')}.`;
}

/** What the machine's processors afford beside what each request takes: the same on any number of them. */
function boundSentence(all: Measured[]): string {
  const [ours, portkey, bare] = [find(all, EVERYTHING), find(all, PORTKEY), find(all, BARE)];
  if (!ours || !portkey || !bare) return '';
  const cores = os.cpus().length;
  const own = (item: Measured) => middle(item.rounds, ({ cpuMicros }) => cpuMicros);
  const together = own(ours) + behindMicros(ours);
  const tenfold = 10 * speedOf(portkey);
  return [
    `What bounds it: ${cores} cores give ${whole(cores * 1e6)} µs of CPU a second. A request takes ${whole(together)} µs of them with everything on,`,
    `so they afford ${whole((cores * 1e6) / together)} requests a second before who asks and who answers have taken theirs.`,
    `Ten times Portkey's gateway, which keeps no budget and one core busy, would be ${whole(tenfold)} a second:`,
    `${whole((cores * 1e6) / tenfold)} µs for all processes together, where the bare pass-through takes ${whole(own(bare))} µs by itself.`,
    `By CPU for each request, which the others don't change, Portkey's gateway takes ${ratio(own(portkey), own(ours))} what our proxy takes,`,
    `and ${ratio(own(portkey), together)} what proxy, ledger, database and Redis take together.`,
  ].join(' ');
}

const PORTKEY_STREAMS = `Portkey's gateway answers streams with version ${PORTKEY_STREAMS_ADAPTER} of the package that connects it to Node (@hono/node-server), the oldest that it allows: with the newest one, which its other figures are made with, every stream fails.`;

/** The same rate through ours, the pass-through and the provider alone: what the durable hold and all the rest add. */
async function addedTimes(all: Measured[], direct: Candidate['answers']): Promise<string> {
  const [ours, bare] = [find(all, EVERYTHING), find(all, BARE)];
  if (!ours || !bare) return '';
  const rate = speedOf(ours) / 2;
  const times: [string, Candidate['answers'], number[]][] = [
    ['the provider alone', direct, []],
    ['bare undici pass-through', bare.candidate.answers, []],
    ['ours, everything on', ours.candidate.answers, []],
  ];
  for (let round = 0; round < HALF_LOAD_ROUNDS; round++)
    for (const [, target, found] of times) found.push(...(await offer(target, rate, ROUND_SECONDS)));
  const [alone] = times;
  const added = (found: number[], part: number) =>
    (quantile(found, part) - quantile(alone?.[2] ?? [], part)).toFixed(1);
  const rows = times.map(([name, , found]) => [
    name,
    [0.5, 0.99].map((part) => quantile(found, part).toFixed(1)).join(' / '),
    [0.5, 0.99].map((part) => added(found, part)).join(' / '),
  ]);
  const headings = ['<', 'p50 / p99, ms', 'more than the provider alone, ms'];
  return `${whole(rate)} requests per second at random moments, half of what ours can do:\n\n${table(headings, rows)}`;
}

async function warmUp(candidate: Candidate, folder: string): Promise<void> {
  let requests = 0;
  for (let seconds = 0; requests < WARM_REQUESTS && seconds < WARM_SECONDS_MAX; seconds += ROUND_SECONDS)
    requests += (await saturateOnce(candidate, ROUND_SECONDS, folder)).perSecond * ROUND_SECONDS;
}

async function measureAll(candidates: Candidate[], folder: string): Promise<Measured[]> {
  const all: Measured[] = candidates.map((candidate) => ({ candidate, rounds: [], halfLoad: [], streamRounds: [] }));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { candidate, rounds } of all) {
      say(`round ${round} of ${ROUNDS}: ${candidate.name} …`);
      await warmUp(candidate, folder);
      rounds.push(await saturateOnce(candidate, ROUND_SECONDS, folder));
    }
  }
  for (let round = 1; round <= HALF_LOAD_ROUNDS; round++) {
    say(`half load, round ${round} of ${HALF_LOAD_ROUNDS} …`);
    for (const item of all)
      item.halfLoad.push(...(await offer(item.candidate.answers, speedOf(item) / 2, ROUND_SECONDS)));
  }
  for (let round = 0; round <= STREAM_ROUNDS; round++) {
    say(round === 0 ? 'streams, warming up …' : `streams, round ${round} of ${STREAM_ROUNDS} …`);
    for (const { candidate, streamRounds } of all) {
      if (!candidate.streams) continue;
      const figures = await streamOnce(candidate.streams);
      if (round > 0) streamRounds.push(figures);
    }
  }
  return all;
}

function report(all: Measured[], missing: string[], added: string): string {
  const { model = 'unknown CPU' } = os.cpus()[0] ?? {};
  const machine = `${os.cpus().length} x ${model}, ${os.platform()}, Node ${process.version}, load ${os.loadavg()[0]?.toFixed(1)} at the end`;
  return [
    `Machine: ${machine}. All processes, who asks and who answers among them, share it.`,
    `Answers in one piece, about 1 KB there and back, ${CONNECTIONS} connections; medians of ${ROUNDS} rounds of ${ROUND_SECONDS} s, each behind ${whole(WARM_REQUESTS)} requests (or ${WARM_SECONDS_MAX} s) in a row:`,
    answersTable(all),
    behindSentence(all),
    boundSentence(all),
    added,
    `${STREAMS} streams of ${CHUNKS} chunks at the same time, one chunk per stream every 40 ms; medians of ${STREAM_ROUNDS} rounds:`,
    streamsTable(all),
    ...(find(all, PORTKEY) ? [PORTKEY_STREAMS] : []),
    ...missing,
  ].join('\n\n');
}

function write(text: string, all: Measured[]): void {
  const folder = path.join(ROOT, 'docs/benchmarks');
  const bars = all.map((item) => ({ name: item.candidate.name, value: speedOf(item) }));
  writeFileSync(path.join(folder, 'gateway.svg'), drawBars('Requests per second', bars));
  const head = '# The proxy beside others\n\nMade by `npm run bench -- --write`, all in one run, taking turns.';
  const chart = '![Requests per second](gateway.svg)';
  const page = path.join(folder, 'gateway.md');
  writeFileSync(page, `${head}\n\n${chart}\n\n${text}\n`);
  spawnSync(path.join(ROOT, 'node_modules/.bin/biome'), ['format', '--write', page]);
}

const needed = [
  ['wrk', '-v'],
  ['nginx', '-v'],
  ['redis-server', '-v'],
].filter(([program = '', argument = '']) => !isThere(program, argument));
if (needed.length > 0) {
  say(
    `Install ${needed.map(([program]) => program).join(', ')} first (Debian: apt-get install wrk nginx-light redis-server).`,
  );
  process.exit(1);
}
const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-bench-'));
const { candidates, direct, missing, stop } = await startCandidates(folder);
try {
  const all = await measureAll(candidates, folder);
  const text = report(all, missing, await addedTimes(all, direct));
  process.stdout.write(`\n${text}\n`);
  if (process.argv.includes('--write')) write(text, all);
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
