/**
 * `npm run bench:ledger`: reserve and settle through the ledger into a real Postgres that syncs to disk, in batches of
 * several sizes beside one by one in the same run. Rounds are interleaved, so that a noisy moment meets all of them; the
 * medians of the rounds are printed. One batch is in flight, as in service; reserve and settle are two transactions.
 */
import os from 'node:os';
import { createLogger, createPool, type Pool } from '@cloudfreedom/service-kit';
import { startPostgres } from '@cloudfreedom/testkit';
import { Registry } from 'prom-client';
import { prepareDatabase } from '../src/database/prepare.ts';
import { writeDirectoryChanges } from '../src/directory/directory.store.ts';
import { createLedger, type Ledger } from '../src/ledger/ledger.ts';
import { createMetrics } from '../src/metrics.ts';
import { changesOf, model, product, reserveOf, settleOf, tenant, user } from '../test/records.ts';

const BATCH_SIZES = [1, 8, 32, 128];
const USERS = [10, 1_000];
const ROUNDS = 5;
/** Of one cell in one round; all cells of all rounds take about 50 s. */
const CELL_MS = 1_250;
const WARM_UP_MS = 400;

interface Company {
  tenantId: string;
  userIds: string[];
  next: number;
}

interface Cell {
  company: Company;
  batchSize: number;
  /** Reserve + settle per second, one figure per round. */
  perSecond: number[];
  /** Both transactions of one batch together, milliseconds. */
  bothMs: number[];
  /** CPU time of this process (not Postgres's) for one reserve + settle, microseconds, one figure per round. */
  cpuMicros: number[];
}

async function addCompany(pool: Pool, users: number): Promise<Company> {
  const home = tenant({ monthlyBudgetEur: '1000000.00', markupPercent: '12.5' });
  const plan = product({ monthlyBudgetEur: '1000.00' });
  const people = Array.from({ length: users }, () => user({ tenantId: home.id, productId: plan.id }));
  await writeDirectoryChanges(pool, changesOf({ tenants: [home], products: [plan], users: people }));
  return { tenantId: home.id, userIds: people.map(({ id }) => id), next: 0 };
}

/** Everybody in turn: neighbours in a batch are different people, and all share the tenant's row. */
function nextReserve(company: Company) {
  const subjectId = company.userIds[company.next++ % company.userIds.length] ?? '';
  return reserveOf(
    { type: 'subject', subjectId },
    { outputTokensMin: 16, outputTokensCap: 4_096, outputTokensSlice: 1_024 },
  );
}

async function runBatch(ledger: Ledger, company: Company, batchSize: number): Promise<void> {
  const reserves = Array.from({ length: batchSize }, () => nextReserve(company));
  const granted = await ledger.perform(company.tenantId, reserves);
  const settled = await ledger.perform(
    company.tenantId,
    reserves.map(({ reservationId }) => settleOf(reservationId, { uncached_input: 800, output_text: 300 })),
  );
  const wrong =
    granted.find(({ status }) => status !== 'granted') ?? settled.find(({ status }) => status !== 'settled');
  if (wrong) throw new Error(`the ledger answered ${JSON.stringify(wrong)}`);
}

async function measure(ledger: Ledger, cell: Cell, forMs: number): Promise<void> {
  const startedAt = performance.now();
  const cpuAt = process.cpuUsage();
  let batches = 0;
  while (performance.now() - startedAt < forMs) {
    const batchAt = performance.now();
    await runBatch(ledger, cell.company, cell.batchSize);
    cell.bothMs.push(performance.now() - batchAt);
    batches += 1;
  }
  const { user: userMicros, system } = process.cpuUsage(cpuAt);
  cell.cpuMicros.push((userMicros + system) / (batches * cell.batchSize));
  cell.perSecond.push((batches * cell.batchSize * 1000) / (performance.now() - startedAt));
}

function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function table(cells: Cell[]): string {
  const head = [
    '| users | batch | reserve + settle per second | lowest to highest round | times one by one | both transactions p50 / p99, ms | CPU of billing each, µs |',
    '| ----: | ----: | --------------------------: | ----------------------: | ---------------: | ------------------------------: | -----------------------: |',
  ];
  const round = (value: number) => Math.round(value).toLocaleString('en');
  const lines = cells.map(({ company, batchSize, perSecond, bothMs, cpuMicros }) => {
    const alone = cells.find((other) => other.company === company && other.batchSize === 1)?.perSecond ?? [];
    const ratio = (quantile(perSecond, 0.5) / quantile(alone, 0.5)).toFixed(1);
    const range = `${round(Math.min(...perSecond))} to ${round(Math.max(...perSecond))}`;
    const times = [0.5, 0.99].map((part) => quantile(bothMs, part).toFixed(1)).join(' / ');
    const users = company.userIds.length.toLocaleString('en');
    return `| ${users} | ${batchSize} | ${round(quantile(perSecond, 0.5))} | ${range} | ${ratio} | ${times} | ${round(quantile(cpuMicros, 0.5))} |`;
  });
  return [...head, ...lines].join('\n');
}

async function describeMachine(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ fsync: string; commit: string; version: string }>(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
       current_setting('server_version') AS version`,
  );
  const [cpu] = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${os.cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, ${os.platform()}; Node ${process.versions.node}; Postgres ${rows[0]?.version} with fsync ${rows[0]?.fsync}, synchronous_commit ${rows[0]?.commit}, on the same machine`;
}

async function run(pool: Pool): Promise<void> {
  await writeDirectoryChanges(pool, changesOf({ models: [model()] }));
  const ledger = createLedger(pool, createMetrics(new Registry()), () => {});
  const cells: Cell[] = [];
  for (const users of USERS) {
    const company = await addCompany(pool, users);
    for (const batchSize of BATCH_SIZES) cells.push({ company, batchSize, perSecond: [], bothMs: [], cpuMicros: [] });
  }
  for (const cell of cells) await measure(ledger, { ...cell, perSecond: [], bothMs: [], cpuMicros: [] }, WARM_UP_MS);
  for (let round = 1; round <= ROUNDS; round++) {
    process.stderr.write(`round ${round} of ${ROUNDS} …\n`);
    for (const cell of cells) await measure(ledger, cell, CELL_MS);
  }
  process.stdout.write(`${await describeMachine(pool)}\n\n${table(cells)}\n`);
}

async function main(): Promise<void> {
  const postgres = await startPostgres();
  const ownerUrl = await postgres.createDatabase('bench');
  const serviceUrl = new URL(ownerUrl);
  serviceUrl.username = 'billing_service';
  serviceUrl.password = 'bench';
  const logger = createLogger('bench', 'silent');
  await prepareDatabase({ ownerUrl, serviceUrl: serviceUrl.href, eurPerUsd: '0.86', logger });
  const pool = createPool(serviceUrl.href, { max: 4, applicationName: 'bench', pipeline: true });
  try {
    await run(pool);
  } finally {
    await pool.end();
    await postgres.stop();
  }
}

await main();
