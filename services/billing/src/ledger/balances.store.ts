/** A tenant's month and its balances, opened on first use and locked in one order. */
import type { NamedStatement, PoolClient, QueryResult } from '@cloudfreedom/service-kit';
import { type LimitFacts, limitOf, withAllowance } from '../budget/limits.ts';
import { toArrayText, writeRows } from '../database/insert-rows.ts';
import { type Balance, balanceKey, type Period } from './reservation.ts';
import { shapes } from './reservation-rows.ts';

export type BalanceName = Pick<Balance, 'level' | 'ownerId' | 'periodStart'>;

/** What a batch has to know before anything else. */
interface Opening {
  /** The moment of the batch, cut to milliseconds so that it survives JavaScript. */
  now: Date;
  period: Period;
  /** Decimal string; null: no rate is known. */
  eurPerUsd: string | null;
  /** The newest event of the directory's log, with the mark that tells it from others of its number. */
  directoryEvent: string;
}

const READ_OPENING = `
  SELECT clock.now, period.*,
    (SELECT eur_per_usd::text FROM exchange_rates WHERE effective_from <= now()
      ORDER BY effective_from DESC, id DESC LIMIT 1) AS eur_per_usd,
    (SELECT seq || ' ' || mark FROM directory_events ORDER BY seq DESC LIMIT 1) AS directory_event
  FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS now OFFSET 0) AS clock,
    budget_period_at($1, clock.now) AS period`;

interface OpeningRow {
  now: Date;
  period_start: Date;
  period_end: Date;
  time_zone: string;
  opened: boolean;
  eur_per_usd: string | null;
  directory_event: string;
}

export const readOpening = (tenantId: string): NamedStatement => ({
  name: 'read-opening',
  text: READ_OPENING,
  values: [tenantId],
});

/**
 * A period is opened on first use.
 * @param read the result of `readOpening`; absent: it is asked for
 */
export async function openPeriod(client: PoolClient, tenantId: string, read?: QueryResult): Promise<Opening> {
  const { rows } = read ?? (await client.query(readOpening(tenantId)));
  const row: OpeningRow | undefined = rows[0];
  if (!row) throw new Error('Postgres gave no budget period');
  if (!row.opened) {
    await client.query(
      'INSERT INTO budget_periods (tenant_id, period_start, period_end, time_zone) VALUES ($1, $2, $3, $4)',
      [tenantId, row.period_start, row.period_end, row.time_zone],
    );
  }
  return {
    now: row.now,
    period: { start: row.period_start, end: row.period_end, timeZone: row.time_zone },
    eurPerUsd: row.eur_per_usd,
    directoryEvent: row.directory_event,
  };
}

function distinct(values: string[]): string[] {
  return [...new Set(values)];
}

const LEVEL_ORDER = { tenant: 0, user: 1, api_key: 2, loss: 3 };

export function inLockOrder(a: BalanceName, b: BalanceName): number {
  return (
    a.periodStart.getTime() - b.periodStart.getTime() ||
    LEVEL_ORDER[a.level] - LEVEL_ORDER[b.level] ||
    (a.ownerId < b.ownerId ? -1 : 1)
  );
}

export interface BalanceRow {
  level: Balance['level'];
  owner_id: string;
  period_start: Date;
  posted_nano_eur: bigint;
  pending_nano_eur: bigint;
  allowance_nano_eur: bigint;
}

const LOCK_BALANCES = `
  SELECT level, owner_id, period_start, posted_nano_eur, pending_nano_eur, allowance_nano_eur FROM budget_balances
  WHERE tenant_id = $1 AND level = ANY ($2::text[])
    AND owner_id = ANY ($3::text[] || ARRAY(
      SELECT unnest(ARRAY[id, record ->> 'userId']) FROM directory_api_keys
      WHERE tenant_id = $1 AND sha256 = ANY ($4::text[])
    ) || ARRAY(SELECT unnest(ARRAY[subject_id, api_key_id]) FROM reservations WHERE tenant_id = $1 AND id = ANY ($5::uuid[])))
    AND period_start = ANY ($6::timestamptz[] || ARRAY(
      SELECT period_start FROM budget_periods WHERE tenant_id = $1 AND period_end > now()
    ) || ARRAY(SELECT period_start FROM reservations WHERE tenant_id = $1 AND id = ANY ($5::uuid[])))
  ORDER BY period_start, array_position(ARRAY['tenant', 'user', 'api_key', 'loss'], level), owner_id FOR UPDATE`;

/**
 * Lock what exists of these levels, owners and months and of the present one; owners may be named by the SHA-256 of their
 * API keys too, and owners and months by reservations. The rows are balances.
 */
export function lockBalanceRows(
  tenantId: string,
  named: {
    levels: Balance['level'][];
    ownerIds: string[];
    keyHashes?: string[];
    reservationIds?: string[];
    periodStarts?: Date[];
  },
): NamedStatement {
  const { levels, ownerIds, keyHashes = [], reservationIds = [], periodStarts = [] } = named;
  return {
    name: 'lock-balances',
    text: LOCK_BALANCES,
    values: [
      tenantId,
      ...[distinct(levels), distinct(ownerIds), distinct(keyHashes), reservationIds].map(toArrayText),
      toArrayText(distinct(periodStarts.map((at) => at.toISOString()))),
    ],
  };
}

/** @param locked what of them is locked already; the rest is opened */
export async function lockBalances(
  client: PoolClient,
  tenantId: string,
  facts: LimitFacts,
  wanted: BalanceName[],
  locked?: BalanceRow[],
): Promise<Balance[]> {
  const lock = async () => {
    const statement = lockBalanceRows(tenantId, {
      levels: wanted.map(({ level }) => level),
      ownerIds: wanted.map(({ ownerId }) => ownerId),
      periodStarts: wanted.map(({ periodStart }) => periodStart),
    });
    return (await client.query<BalanceRow>(statement)).rows;
  };
  let rows = locked ?? (await lock());
  const found = new Set(rows.map((row) => balanceKey(row.level, row.owner_id, row.period_start)));
  const absent = wanted.filter(
    ({ level, ownerId, periodStart }) => !found.has(balanceKey(level, ownerId, periodStart)),
  );
  if (absent.length > 0) {
    const missing = absent.map(({ level, ownerId, periodStart }) => ({
      tenant_id: tenantId,
      level,
      owner_id: ownerId,
      period_start: periodStart,
    }));
    await writeRows(client, 'open-balances', shapes.openBalances, missing);
    rows = await lock();
  }
  return rows.map((row) => ({
    level: row.level,
    ownerId: row.owner_id,
    periodStart: row.period_start,
    limitNanoEur:
      row.level === 'loss' ? null : withAllowance(limitOf(facts, row.level, row.owner_id), row.allowance_nano_eur),
    postedNanoEur: row.posted_nano_eur,
    pendingNanoEur: row.pending_nano_eur,
  }));
}
