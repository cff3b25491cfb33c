/** The change of the month: the partition of the next one, closing the last one with what is carried over, the first requests. */
import { closePeriods } from '../src/budget/carry-over.store.ts';
import { writeDirectoryChanges } from '../src/directory/directory.store.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { ensureUsagePartitions } from '../src/usage/usage-outbox.store.ts';
import { changesOf, model, product, reserveOf, tenant, user } from '../test/records.ts';
import type { BenchDatabase } from './bench-database.ts';
import { spread, table, whole } from './figures.ts';

const WRITTEN_AT_ONCE = 10_000;
const BATCH = 32;
const BATCHES = 100;

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { ms: performance.now() - startedAt, result };
}

/** A tenant whose last month has just ended, with a balance for everybody and something left to carry. */
async function endMonthOf(
  { service, owner }: BenchDatabase,
  people: number,
): Promise<{ tenantId: string; userIds: string[] }> {
  const home = tenant({ monthlyBudgetEur: '1000000.00', timeZone: 'UTC' });
  const plan = product({ monthlyBudgetEur: '10.00', carryOverCapEur: '5.00' });
  const users = Array.from({ length: people }, () => user({ tenantId: home.id, productId: plan.id }));
  await writeDirectoryChanges(service, changesOf({ tenants: [home], products: [plan], models: [model()] }));
  for (let from = 0; from < people; from += WRITTEN_AT_ONCE)
    await writeDirectoryChanges(service, changesOf({ users: users.slice(from, from + WRITTEN_AT_ONCE) }));
  await owner.query(
    `INSERT INTO budget_periods SELECT $1, period_start, period_end, time_zone
     FROM calendar_month(date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '1 day', 'UTC')`,
    [home.id],
  );
  await owner.query(
    `INSERT INTO budget_balances (tenant_id, level, owner_id, period_start)
     SELECT tenant_id, 'user', u.id, period_start FROM directory_users u JOIN budget_periods USING (tenant_id)
     WHERE tenant_id = $1 ORDER BY u.id`,
    [home.id],
  );
  await owner.query('ANALYZE');
  return { tenantId: home.id, userIds: users.map(({ id }) => id) };
}

/** @returns a table */
export async function changeMonth(database: BenchDatabase, ledger: Ledger, people: number): Promise<string> {
  const { service, owner } = database;
  const { tenantId, userIds } = await endMonthOf(database, people);
  await owner.query(`DROP TABLE ${await nextPartition(database)}`);
  const partition = await timed(() => ensureUsagePartitions(service));
  let next = 0;
  const reserveSome = () =>
    ledger.perform(
      tenantId,
      Array.from({ length: BATCH }, () => reserveOf({ type: 'subject', subjectId: userIds[next++ % people] ?? '' })),
    );
  const first = await timed(reserveSome);
  // While the last month is closed its people go on working in the new one.
  const closing = timed(() => closePeriods(service));
  const meanwhile: number[] = [];
  let closed = false;
  void closing.finally(() => {
    closed = true;
  });
  while (!closed) meanwhile.push((await timed(reserveSome)).ms);
  const { ms: closingMs } = await closing;
  const opening: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) opening.push((await timed(reserveSome)).ms);
  next = 0;
  const again: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) again.push((await timed(reserveSome)).ms);
  return table(
    ['<at the change of the month', 'ms'],
    [
      ['the partition of the next month', partition.ms.toFixed(0)],
      [`first batch of ${BATCH} requests: opens the month and their balances`, first.ms.toFixed(1)],
      [`closing the last month: carried over for ${whole(people)} people`, whole(closingMs)],
      [`batches of ${BATCH} requests meanwhile, p50 / p99`, spread(meanwhile)],
      [`batches of ${BATCH} people’s first requests after it, p50 / p99`, spread(opening)],
      [`batches of ${BATCH} later requests, p50 / p99`, spread(again)],
    ],
  );
}

async function nextPartition({ owner }: BenchDatabase): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT 'usage_records_' || to_char(now() AT TIME ZONE 'UTC' + interval '1 month', 'YYYY_MM') AS name`,
  );
  return rows[0]?.name ?? '';
}
