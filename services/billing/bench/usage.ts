/**
 * `npm run bench:usage [-- <rows>]`: ten million usage rows of one tenant in a year of monthly partitions, then what people
 * and admins ask of them, as billing answers it; and the change of the month for 100,000 people.
 */
import type { Pool } from '@cloudfreedom/service-kit';
import { Registry } from 'prom-client';
import { createLedger } from '../src/ledger/ledger.ts';
import { createMetrics } from '../src/metrics.ts';
import { exportUsage } from '../src/usage/export-usage.ts';
import { encodeCursor, listUsage, type UsageScope } from '../src/usage/list-usage.ts';
import { sumUsage } from '../src/usage/sum-usage.ts';
import { totalUsage } from '../src/usage/total-usage.ts';
import { describeMachine, startBenchDatabase } from './bench-database.ts';
import { quantile, spread, table, whole } from './figures.ts';
import { changeMonth } from './month-change.ts';
import { fillUsage } from './usage-rows.ts';
import { idOf, type UsageWorld } from './usage-world.ts';

const ROWS = 10_000_000;
const WORLD: UsageWorld = { tenantId: 'tenantofbench01', people: 2_000, costCentres: 50, products: 1, models: 40 };
const PEOPLE_AT_MONTHS_CHANGE = 100_000;
const REPEATS = 20;
const EXPORTED_ROWS = 100_000;
const DAY_MS = 86_400_000;

interface Case {
  name: string;
  run: () => Promise<unknown>;
}

const everybody: UsageScope = { tenantId: WORLD.tenantId, subjectId: null, apiKeyId: null };
const below = (count: number) => Math.floor(Math.random() * count);
const person = () => idOf('person', below(WORLD.people));
/** Moments of the year, ISO. */
const moment = (agoMs: number) => new Date(Date.now() - agoMs).toISOString();
const someDay = () => {
  const ago = (1 + below(300)) * DAY_MS;
  return { from: moment(ago), to: moment(ago - DAY_MS) };
};
const dayOf = (agoDays: number) => moment(agoDays * DAY_MS).slice(0, 10);

function listCases(pool: Pool): Case[] {
  const list = (name: string, query: () => object, scope: () => UsageScope = () => everybody): Case => ({
    name,
    run: () => listUsage(pool, scope(), { limit: 50, ...query() }),
  });
  const deep = () => ({
    cursor: encodeCursor({ at: moment(below(300) * DAY_MS), reservationId: 'ffffffff-ffff-4fff-bfff-ffffffffffff' }),
  });
  return [
    list(
      'page of 50: own',
      () => ({}),
      () => ({ ...everybody, subjectId: person() }),
    ),
    list('own, deep in', deep, () => ({ ...everybody, subjectId: person() })),
    list('everybody', () => ({})),
    list('everybody, deep in', deep),
    list('by person', () => ({ subjectId: person() })),
    list('by key', () => ({ apiKeyId: idOf('key', below(WORLD.people / 5) * 5) })),
    list('by model', () => ({ model: `model-${below(WORLD.models)}` })),
    list('by model that nobody used', () => ({ model: 'model-of-nobody' })),
    list('by cost centre', () => ({ costCentre: `cc-${below(WORLD.costCentres)}` })),
    list('by cost centre that nobody has', () => ({ costCentre: 'cc-of-nobody' })),
    list('by model and cost centre that never met', () => ({ model: 'model-0', costCentre: 'cc-25' })),
    list('by model and cost centre, deep in', () => ({ model: 'model-1', costCentre: 'cc-1', ...deep() })),
    list('by plan, provider and deployment', () => ({
      productId: 'product',
      provider: 'openai',
      deployment: 'deployment-3',
    })),
    list('by deployment that nobody used', () => ({ deployment: 'deployment-x' })),
    list('of one day', someDay),
    list('by kind of failure that never was', () => ({ errorKind: 'cut' })),
    list('estimated ones', () => ({ basis: 'estimated' })),
    list('failed ones', () => ({ outcome: 'upstream_error' })),
    list('failed ones of a model, deep in', () => ({ outcome: 'upstream_error', model: 'model-7', ...deep() })),
    list('one request', () => ({ requestId: `req-none-${below(1000)}` })),
  ];
}

function sumCases(pool: Pool): Case[] {
  const sum = (name: string, query: () => object): Case => ({ name, run: () => sumUsage(pool, everybody, query()) });
  const total = (
    name: string,
    query: () => { by: ('day' | 'subject' | 'apiKey' | 'model' | 'costCentre')[] },
  ): Case => ({
    name,
    run: () => totalUsage(pool, everybody, query()),
  });
  const month = () => ({ from: dayOf(30), to: dayOf(-1) });
  return [
    sum('sum of rows: everything', () => ({})),
    sum('sum of rows: a month', () => ({ from: moment(30 * DAY_MS) })),
    sum('sum of rows: a month from noon', () => ({
      from: `${dayOf(30)}T12:00:00.000Z`,
      to: `${dayOf(2)}T12:00:00.000Z`,
    })),
    sum('sum of rows: a day', someDay),
    sum('sum of rows: a person', () => ({ subjectId: person() })),
    sum('sum of rows: a model', () => ({ model: `model-${below(WORLD.models)}` })),
    sum('sum of rows: a cost centre in a month', () => ({ costCentre: `cc-${below(50)}`, from: moment(30 * DAY_MS) })),
    sum('sum of rows: failed ones', () => ({ outcome: 'upstream_error' })),
    sum('sum of rows: failed ones of a month', () => ({ outcome: 'upstream_error', from: moment(30 * DAY_MS) })),
    total('totals: by day, a month', () => ({ by: ['day'], ...month() })),
    total('totals: by day, a year', () => ({ by: ['day'] })),
    total('totals: by model, a month', () => ({ by: ['model'], ...month() })),
    total('totals: by model, a year', () => ({ by: ['model'] })),
    total('totals: by day and model, a month', () => ({ by: ['day', 'model'], ...month() })),
    total('totals: by cost centre, a month', () => ({ by: ['costCentre'], ...month() })),
    total('totals: by person, a month', () => ({ by: ['subject'], ...month() })),
    total('totals: by key, a month', () => ({ by: ['apiKey'], ...month() })),
    total('totals: a person by day, a year', () => ({ by: ['day'], subjectId: person() })),
  ];
}

async function measureCases(cases: Case[]): Promise<string[][]> {
  const lines: string[][] = [];
  for (const { name, run } of cases) {
    const times: number[] = [];
    const until = performance.now() + 4_000;
    for (let repeat = 0; repeat < REPEATS && (repeat < 3 || performance.now() < until); repeat++) {
      const startedAt = performance.now();
      await run().catch((error: Error) => {
        throw new Error(`${name}: ${error.message}`, { cause: error });
      });
      times.push(performance.now() - startedAt);
    }
    const line = [name, quantile(times, 0).toFixed(1), ...spread(times, [0.5, 0.95]).split(' / '), whole(times.length)];
    process.stderr.write(`${line.join(' | ')}\n`);
    lines.push(line);
  }
  return lines;
}

/** @returns one sentence */
async function measureExport(pool: Pool): Promise<string> {
  const startedAt = performance.now();
  let firstLineMs = 0;
  let lines = -1;
  for await (const _line of exportUsage(pool, everybody, { decimal: 'comma' })) {
    if (++lines === 1) firstLineMs = performance.now() - startedAt;
    if (lines === EXPORTED_ROWS) break;
  }
  const perSecond = (lines * 1000) / (performance.now() - startedAt);
  return `CSV of everything: the first row after ${firstLineMs.toFixed(0)} ms, then ${whole(perSecond)} rows per second (the first ${whole(lines)} of them).`;
}

async function main(): Promise<void> {
  const rows = Number(process.argv[2] ?? ROWS);
  const database = await startBenchDatabase();
  const { service, owner } = database;
  try {
    const { tookS, wrong } = await fillUsage(owner, WORLD, rows);
    const made = `${whole(rows)} rows of ${whole(WORLD.people)} people, ${WORLD.models} models and ${WORLD.costCentres} cost centres in 12 partitions, made in ${whole(tookS)} s; on ${wrong} days the totals differ from the rows.`;
    process.stderr.write(`${made}\n`);
    const lines = await measureCases([...listCases(service), ...sumCases(service)]);
    const exported = await measureExport(service);
    const ledger = createLedger(service, createMetrics(new Registry()), () => {});
    const change = await changeMonth(database, ledger, PEOPLE_AT_MONTHS_CHANGE);
    const head = ['<question', 'least ms', 'p50 ms', 'p95 ms', 'asked'];
    const parts = [await describeMachine(owner), made, table(head, lines), exported, change];
    process.stdout.write(`${parts.join('\n\n')}\n`);
  } finally {
    await database.stop();
  }
}

await main();
