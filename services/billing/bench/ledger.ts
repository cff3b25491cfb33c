/**
 * `npm run bench:ledger`: reserve and settle through the ledger into a real Postgres that syncs to disk, in batches of
 * several sizes beside one by one in the same run, then what both add to a request at half of the load that saturates.
 * Rounds are interleaved, so that a noisy moment meets all of them; the medians of the rounds are printed. One batch is in
 * flight, as in service; reserve and settle are two transactions; everything is on one tenant's row.
 */
import type { Pool } from '@cloudfreedom/service-kit';
import { Registry } from 'prom-client';
import { writeDirectoryChanges } from '../src/directory/directory.store.ts';
import { createLedger, type Ledger } from '../src/ledger/ledger.ts';
import { createMetrics } from '../src/metrics.ts';
import { changesOf, model, product, tenant, user } from '../test/records.ts';
import { type BenchDatabase, describeMachine, startBenchDatabase } from './bench-database.ts';
import { median, spread, table, whole } from './figures.ts';
import { addLatency, type Company, type HalfLoad, nextReserve, nextSettle } from './half-load.ts';

const BATCH_SIZES = [1, 8, 32, 128];
const USERS = [10, 1_000, 100_000];
const ROUNDS = 5;
/** Of one cell in one round; all cells of all rounds take about a minute. */
const CELL_MS = 1_000;
const WARM_UP_MS = 400;
const WRITTEN_AT_ONCE = 10_000;

interface Cell {
  company: Company;
  batchSize: number;
  /** Reserve + settle per second, one figure per round. */
  perSecond: number[];
  /** Both transactions of one batch together, milliseconds. */
  bothMs: number[];
  /** CPU time for one reserve + settle, microseconds, one figure per round. */
  billingMicros: number[];
  postgresMicros: number[];
}

/** In the middle of a month: everybody has a balance. */
async function addCompany({ service, owner }: BenchDatabase, ledger: Ledger, users: number): Promise<Company> {
  const home = tenant({ monthlyBudgetEur: '1000000.00', markupPercent: '12.5' });
  const plan = product({ monthlyBudgetEur: '1000.00' });
  const people = Array.from({ length: users }, () => user({ tenantId: home.id, productId: plan.id }));
  await writeDirectoryChanges(service, changesOf({ tenants: [home], products: [plan] }));
  for (let from = 0; from < users; from += WRITTEN_AT_ONCE)
    await writeDirectoryChanges(service, changesOf({ users: people.slice(from, from + WRITTEN_AT_ONCE) }));
  const company = { tenantId: home.id, userIds: people.map(({ id }) => id), next: 0 };
  await runBatch(ledger, company, 1);
  // Their first request would open it.
  await owner.query(
    `INSERT INTO budget_balances (tenant_id, level, owner_id, period_start)
     SELECT tenant_id, 'user', id, (SELECT period_start FROM budget_periods WHERE tenant_id = $1)
     FROM directory_users WHERE tenant_id = $1 ON CONFLICT DO NOTHING`,
    [home.id],
  );
  return company;
}

async function runBatch(ledger: Ledger, company: Company, batchSize: number): Promise<void> {
  const reserves = Array.from({ length: batchSize }, () => nextReserve(company));
  const granted = await ledger.perform(company.tenantId, reserves);
  const settles = reserves.map(({ reservationId }) => nextSettle(reservationId));
  const settled = await ledger.perform(company.tenantId, settles);
  const wrong =
    granted.find(({ status }) => status !== 'granted') ?? settled.find(({ status }) => status !== 'settled');
  if (wrong) throw new Error(`the ledger answered ${JSON.stringify(wrong)}`);
}

async function measure(database: BenchDatabase, ledger: Ledger, cell: Cell, forMs: number): Promise<void> {
  const startedAt = performance.now();
  const cpuAt = process.cpuUsage();
  const postgresAt = database.cpuMicros();
  let batches = 0;
  while (performance.now() - startedAt < forMs) {
    const batchAt = performance.now();
    await runBatch(ledger, cell.company, cell.batchSize);
    cell.bothMs.push(performance.now() - batchAt);
    batches += 1;
  }
  const count = batches * cell.batchSize;
  const { user: userMicros, system } = process.cpuUsage(cpuAt);
  cell.perSecond.push((count * 1000) / (performance.now() - startedAt));
  cell.billingMicros.push((userMicros + system) / count);
  cell.postgresMicros.push((database.cpuMicros() - postgresAt) / count);
}

function capacityTable(cells: Cell[]): string {
  return table(
    [
      'users',
      'batch',
      'reserve + settle per second',
      'lowest to highest round',
      'times one by one',
      'both transactions p50 / p99, ms',
      'CPU of billing each, µs',
      'CPU of Postgres each, µs',
    ],
    cells.map(({ company, batchSize, perSecond, bothMs, billingMicros, postgresMicros }) => {
      const alone = cells.find((other) => other.company === company && other.batchSize === 1)?.perSecond ?? [];
      return [
        whole(company.userIds.length),
        whole(batchSize),
        whole(median(perSecond)),
        `${whole(Math.min(...perSecond))} to ${whole(Math.max(...perSecond))}`,
        (median(perSecond) / median(alone)).toFixed(1),
        spread(bothMs),
        whole(median(billingMicros)),
        whole(median(postgresMicros)),
      ];
    }),
  );
}

function halfLoadTable(measured: HalfLoad[]): string {
  return table(
    ['users', '<how', 'saturated at, per second', 'load, per second', 'reserve p50 / p99, ms', 'both p50 / p99, ms'],
    measured.map(({ users, how, saturatedPerSecond, loadPerSecond, reserveMs, bothMs }) => [
      whole(users),
      how,
      whole(saturatedPerSecond),
      whole(loadPerSecond),
      spread(reserveMs),
      spread(bothMs),
    ]),
  );
}

async function readCounts(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ rows: bigint; wrong: bigint }>(
    `SELECT (SELECT count(*) FROM usage_records) AS rows, (
       SELECT count(*) FROM budget_balances b WHERE b.posted_nano_eur <> coalesce((
         SELECT sum(amount_nano_eur) FROM entries e WHERE (e.tenant_id, e.level, e.owner_id, e.period_start)
           = (b.tenant_id, b.level, b.owner_id, b.period_start)), 0)
         OR b.pending_nano_eur <> 0) AS wrong`,
  );
  return `${whole(Number(rows[0]?.rows))} requests were charged; ${rows[0]?.wrong} balances differ from their entries.`;
}

/** What a request leaves on the disk, indexes and first versions of rows with it. */
async function readSizes(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ name: string; bytes: bigint }>(
    `SELECT coalesce(whole.relname, part.relname) AS name,
       sum(pg_total_relation_size(part.oid))::bigint / (SELECT count(*) FROM usage_records) AS bytes
     FROM pg_class part LEFT JOIN pg_inherits ON inhrelid = part.oid LEFT JOIN pg_class whole ON whole.oid = inhparent
     WHERE part.relkind = 'r'
       AND coalesce(whole.relname, part.relname) IN ('reservations', 'usage_records', 'entries', 'usage_outbox')
     GROUP BY 1 ORDER BY 2 DESC`,
  );
  return `Bytes on disk each: ${rows.map(({ name, bytes }) => `${name} ${whole(Number(bytes))}`).join(', ')}.`;
}

async function run(database: BenchDatabase): Promise<void> {
  await writeDirectoryChanges(database.service, changesOf({ models: [model()] }));
  const ledger = createLedger(database.service, createMetrics(new Registry()), () => {});
  const companies: Company[] = [];
  for (const users of USERS) companies.push(await addCompany(database, ledger, users));
  // What has just been filled; the tables that grow are as young as in a new installation.
  await database.owner.query('ANALYZE directory_users, budget_balances');
  const none = () => ({ perSecond: [], bothMs: [], billingMicros: [], postgresMicros: [] });
  const cells: Cell[] = companies.flatMap((company) =>
    BATCH_SIZES.map((batchSize) => ({ company, batchSize, ...none() })),
  );
  for (const cell of cells) await measure(database, ledger, { ...cell, ...none() }, WARM_UP_MS);
  for (let round = 1; round <= ROUNDS; round++) {
    process.stderr.write(`round ${round} of ${ROUNDS} …\n`);
    for (const cell of cells) await measure(database, ledger, cell, CELL_MS);
  }
  process.stderr.write('half load …\n');
  const halves: HalfLoad[] = [];
  for (const company of companies)
    for (const how of ['in batches', 'one by one'] as const) halves.push(await addLatency(ledger, company, how));
  const { owner } = database;
  const parts = [await describeMachine(owner), capacityTable(cells), halfLoadTable(halves)];
  process.stdout.write(`${[...parts, await readCounts(owner), await readSizes(owner)].join('\n\n')}\n`);
}

async function main(): Promise<void> {
  const database = await startBenchDatabase();
  try {
    await run(database);
  } finally {
    await database.stop();
  }
}

await main();
