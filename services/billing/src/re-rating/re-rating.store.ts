/** Re-rating in Postgres: one step is one transaction in the tenant's turn. */
import { METERS, type MeterCounts, type Reach, type ServiceTier } from '@cloudfreedom/contracts';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import { type Row, writeRows } from '../database/insert-rows.ts';
import { inTenantTransaction, inTenantTurn } from '../database/tenant-transaction.ts';
import { balanceKey, levelsOf } from '../ledger/reservation.ts';
import { shapes, usageColumns } from '../ledger/reservation-rows.ts';
import { PLAIN_REACH, type PriceList } from '../pricing/price.ts';
import { readPriceLists } from '../pricing/pricing.store.ts';
import { type ChangedRow, changedRows, count, noTotals, type RatedRow, type Totals } from './re-rating.ts';

export interface Range {
  from: Date;
  to: Date;
  /** Public name; null: all. */
  model: string | null;
}

export interface Job {
  id: string;
  inputHash: string;
  range: Range;
  reason: string;
  author: string;
  totals: Totals;
  /** The last row that was looked at; null: none yet. */
  cursor: { settledAt: Date; reservationId: string } | null;
  finished: boolean;
}

interface JobRow {
  id: string;
  input_hash: string;
  range_from: Date;
  range_to: Date;
  model: string | null;
  reason: string;
  author: string;
  totals: Totals;
  cursor_settled_at: Date | null;
  cursor_reservation_id: string | null;
  finished_at: Date | null;
}

type UsageRow = Record<(typeof METERS)[number], bigint | null> & {
  settled_at: Date;
  reservation_id: string;
  subject_id: string;
  api_key_id: string | null;
  period_start: Date;
  service_tier: ServiceTier | null;
  reach: Reach | null;
  eur_per_usd: string;
  markup_percent: string;
  price_version_id: bigint;
  charge_nano_eur: bigint;
  cost_nano_eur: bigint;
  wanted_version_id: bigint | null;
};

/** The version that was in effect for the same model when the request was reserved, as the versions stand now. */
const READ_RANGE = `
  SELECT u.settled_at, u.reservation_id, u.subject_id, u.api_key_id, u.period_start, u.service_tier, r.reach,
    u.eur_per_usd::text, u.markup_percent::text, u.price_version_id, u.charge_nano_eur, u.cost_nano_eur,
    ${METERS.map((meter) => `u.${meter}`).join(', ')}, wanted.id AS wanted_version_id
  FROM usage_records u
  JOIN reservations r ON r.tenant_id = u.tenant_id AND r.id = u.reservation_id
  JOIN price_versions used ON used.id = u.price_version_id
  LEFT JOIN LATERAL (
    SELECT v.id FROM price_versions v
    WHERE v.provider = used.provider AND v.model = used.model AND v.effective_from <= r.opened_at
    ORDER BY v.effective_from DESC LIMIT 1
  ) AS wanted ON true
  WHERE u.tenant_id = $1 AND u.settled_at >= $2 AND u.settled_at < $3 AND u.superseded_at IS NULL
    AND u.outcome <> 'lost'
    AND ($4::text IS NULL OR u.model = $4) AND u.re_rating_id IS DISTINCT FROM $5
    AND ($6::timestamptz IS NULL OR (u.settled_at, u.reservation_id) > ($6::timestamptz, $7::uuid))
  ORDER BY u.settled_at, u.reservation_id LIMIT $8`;

type Place = Pick<Job, 'id' | 'range' | 'cursor'>;

async function readRows(client: PoolClient, tenantId: string, place: Place, limit: number): Promise<RatedRow[]> {
  const { range, cursor, id } = place;
  const { rows } = await client.query<UsageRow>(READ_RANGE, [
    tenantId,
    range.from,
    range.to,
    range.model,
    id,
    cursor?.settledAt ?? null,
    cursor?.reservationId ?? null,
    limit,
  ]);
  const lists = await readPriceLists(client, [...new Set(rows.flatMap((row) => row.wanted_version_id ?? []))]);
  return rows.map((row) => toRatedRow(row, lists));
}

function toRatedRow(row: UsageRow, lists: Map<bigint, PriceList>): RatedRow {
  const meters: MeterCounts = {};
  for (const meter of METERS) if (row[meter] !== null) meters[meter] = Number(row[meter]);
  const id = row.wanted_version_id;
  const priceList = id === null ? undefined : lists.get(id);
  return {
    settledAt: row.settled_at,
    reservationId: row.reservation_id,
    subjectId: row.subject_id,
    apiKeyId: row.api_key_id,
    periodStart: row.period_start,
    meters,
    serviceTiers: row.service_tier ? [row.service_tier] : (row.reach ?? PLAIN_REACH).serviceTiers,
    eurPerUsd: row.eur_per_usd,
    markupPercent: row.markup_percent,
    priceVersionId: row.price_version_id,
    chargeNanoEur: row.charge_nano_eur,
    costNanoEur: row.cost_nano_eur,
    wanted: id !== null && priceList ? { priceVersionId: id, priceList } : null,
  };
}

/** Unfinished ones that have not moved for a while, of any tenant. */
export async function readLeftBehind(pool: Pool, idleMs: number): Promise<{ tenantId: string; id: string }[]> {
  const { rows } = await pool.query<{ tenant_id: string; id: string }>(
    'SELECT * FROM re_ratings_left_behind(make_interval(secs => $1::float8 / 1000))',
    [idleMs],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, id: row.id }));
}

/** Rows of the range behind the cursor, in order. */
export function readRange(pool: Pool, tenantId: string, place: Place, limit: number): Promise<RatedRow[]> {
  return inTenantTransaction(pool, tenantId, (client) => readRows(client, tenantId, place, limit));
}

/**
 * @param also done in the transaction that opens it
 * @returns the job of this id: a new one, or the one that was opened before, whatever its content
 */
export function openJob(
  pool: Pool,
  tenantId: string,
  job: Pick<Job, 'id' | 'inputHash' | 'range' | 'reason' | 'author'>,
  also: (client: PoolClient) => Promise<void>,
): Promise<Job> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { id, inputHash, range, reason, author } = job;
    const { rowCount } = await client.query(
      `INSERT INTO re_ratings (tenant_id, id, input_hash, range_from, range_to, model, reason, author, totals)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
      [tenantId, id, inputHash, range.from, range.to, range.model, reason, author, JSON.stringify(noTotals())],
    );
    if (rowCount === 1) await also(client);
    return readJob(client, tenantId, id);
  });
}

function toJob(row: JobRow): Job {
  const { cursor_settled_at: settledAt, cursor_reservation_id: reservationId } = row;
  return {
    id: row.id,
    inputHash: row.input_hash,
    range: { from: row.range_from, to: row.range_to, model: row.model },
    reason: row.reason,
    author: row.author,
    totals: row.totals,
    cursor: settledAt && reservationId ? { settledAt, reservationId } : null,
    finished: row.finished_at !== null,
  };
}

async function readJob(client: PoolClient, tenantId: string, id: string): Promise<Job> {
  const { rows } = await client.query<JobRow>('SELECT * FROM re_ratings WHERE tenant_id = $1 AND id = $2', [
    tenantId,
    id,
  ]);
  const [row] = rows;
  if (!row) throw new Error('the re-rating is gone');
  return toJob(row);
}

export function readJobs(pool: Pool, tenantId: string): Promise<Job[]> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<JobRow>(
      'SELECT * FROM re_ratings WHERE tenant_id = $1 ORDER BY created_at DESC, id LIMIT 100',
      [tenantId],
    );
    return rows.map(toJob);
  });
}

/**
 * Re-rate the next rows.
 * @param onFinished done in the transaction of the last step
 * @returns where the job stands now
 */
export function runStep(
  pool: Pool,
  tenantId: string,
  id: string,
  limit: number,
  onFinished: (client: PoolClient, job: Job) => Promise<void>,
): Promise<Job> {
  return inTenantTurn(pool, tenantId, async ({ client, begin }) => {
    await begin();
    const job = await readJob(client, tenantId, id);
    if (job.finished) return job;
    const rows = await readRows(client, tenantId, job, limit);
    const changed = changedRows(rows);
    await writeChanges(client, tenantId, job, changed);
    count(job.totals, rows, changed);
    const last = rows.at(-1);
    if (last) job.cursor = { settledAt: last.settledAt, reservationId: last.reservationId };
    job.finished = rows.length < limit;
    await client.query(
      `UPDATE re_ratings SET totals = $3, cursor_settled_at = $4, cursor_reservation_id = $5,
         stepped_at = clock_timestamp(), finished_at = CASE WHEN $6 THEN now() END WHERE tenant_id = $1 AND id = $2`,
      [
        tenantId,
        id,
        JSON.stringify(job.totals),
        job.cursor?.settledAt ?? null,
        job.cursor?.reservationId ?? null,
        job.finished,
      ],
    );
    if (job.finished) await onFinished(client, job);
    return job;
  });
}

async function writeChanges(client: PoolClient, tenantId: string, job: Job, changed: ChangedRow[]): Promise<void> {
  if (changed.length === 0) return;
  await replaceUsage(client, tenantId, job.id, changed);
  await changeReservations(client, tenantId, changed);
  await postDifferences(client, tenantId, job, changed);
}

const KEPT = usageColumns.filter(
  (name) =>
    ![
      'tenant_id',
      'settled_at',
      'price_version_id',
      'charge_nano_eur',
      'cost_nano_eur',
      'corrects_settled_at',
    ].includes(name),
);
/** A row replaced stands a millisecond before the one that counts: both stay in their day and month. */
const REPLACE_USAGE = `
  WITH given AS (
    SELECT * FROM unnest($2::timestamptz[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[])
      AS g (old_at, id, version_id, charge, cost)
  ), added AS (
    INSERT INTO usage_records (tenant_id, ${KEPT.join(', ')}, settled_at, price_version_id, charge_nano_eur, cost_nano_eur,
      corrects_settled_at, re_rating_id)
    SELECT u.tenant_id, ${KEPT.map((name) => `u.${name}`).join(', ')}, u.settled_at + interval '1 ms', given.version_id, given.charge,
      given.cost, u.settled_at, $7::uuid
    FROM usage_records u JOIN given ON u.settled_at = given.old_at AND u.reservation_id = given.id WHERE u.tenant_id = $1
    RETURNING settled_at, reservation_id
  ), queued AS (
    INSERT INTO usage_outbox (tenant_id, settled_at, reservation_id) SELECT $1, settled_at, reservation_id FROM added
  )
  UPDATE usage_records u SET superseded_at = clock_timestamp()
  FROM given WHERE u.tenant_id = $1 AND u.settled_at = given.old_at AND u.reservation_id = given.id`;

async function replaceUsage(client: PoolClient, tenantId: string, id: string, changed: ChangedRow[]): Promise<void> {
  await client.query(REPLACE_USAGE, [
    tenantId,
    changed.map(({ settledAt }) => settledAt),
    changed.map(({ reservationId }) => reservationId),
    changed.map(({ wanted }) => String(wanted.priceVersionId)),
    changed.map(({ newChargeNanoEur }) => String(newChargeNanoEur)),
    changed.map(({ newCostNanoEur }) => String(newCostNanoEur)),
    id,
  ]);
}

/** The price that counts now is theirs: whatever still ends or corrects them goes on from it. */
async function changeReservations(client: PoolClient, tenantId: string, changed: ChangedRow[]): Promise<void> {
  await client.query(
    `UPDATE reservations r SET charge_nano_eur = given.charge, price_version_id = given.version_id,
       price_list = NULL, usage_at = given.old_at + interval '1 ms'
     FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[])
       AS given (id, charge, version_id, old_at)
     WHERE r.tenant_id = $1 AND r.id = given.id`,
    [
      tenantId,
      changed.map(({ reservationId }) => reservationId),
      changed.map(({ newChargeNanoEur }) => String(newChargeNanoEur)),
      changed.map(({ wanted }) => String(wanted.priceVersionId)),
      changed.map(({ settledAt }) => settledAt),
    ],
  );
}

/** An entry on each level of each request, in the period that paid for it; balances move by the same sums. */
async function postDifferences(client: PoolClient, tenantId: string, job: Job, changed: ChangedRow[]): Promise<void> {
  const createdAt = new Date();
  const entries: Row[] = [];
  const balances = new Map<string, { level: string; ownerId: string; periodStart: Date; sum: bigint }>();
  for (const row of changed) {
    const difference = row.newChargeNanoEur - row.chargeNanoEur;
    for (const { level, ownerId } of levelsOf(row, tenantId)) {
      entries.push({
        tenant_id: tenantId,
        level,
        owner_id: ownerId,
        period_start: row.periodStart,
        kind: 'correction',
        amount_nano_eur: difference,
        reservation_id: row.reservationId,
        reason: `re-rated: ${job.reason}`,
        author: job.author,
        created_at: createdAt,
      });
      const key = balanceKey(level, ownerId, row.periodStart);
      const balance = balances.get(key) ?? { level, ownerId, periodStart: row.periodStart, sum: 0n };
      balance.sum += difference;
      balances.set(key, balance);
    }
  }
  await writeRows(client, 'add-entries', shapes.addEntries, entries);
  const moved = [...balances.values()];
  await client.query(
    `UPDATE budget_balances b SET posted_nano_eur = b.posted_nano_eur + given.sum
     FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::bigint[]) AS given (level, owner_id, period_start, sum)
     WHERE b.tenant_id = $1 AND b.level = given.level AND b.owner_id = given.owner_id
       AND b.period_start = given.period_start`,
    [
      tenantId,
      moved.map(({ level }) => level),
      moved.map(({ ownerId }) => ownerId),
      moved.map(({ periodStart }) => periodStart),
      moved.map(({ sum }) => String(sum)),
    ],
  );
}
