/** Euro per dollar in Postgres: the newest whose time has come is in effect. */
import type { ExchangeRate } from '@cloudfreedom/contracts';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';

const ROWS_SHOWN = 100;

export interface KnownRate {
  eurPerUsd: string;
  source: string;
  quotedAt: Date;
}

export async function readCurrentRate(pool: Pool | PoolClient): Promise<KnownRate | null> {
  const { rows } = await pool.query<{ eur_per_usd: string; source: string; quoted_at: Date }>(
    `SELECT eur_per_usd::text, source, quoted_at FROM exchange_rates WHERE effective_from <= now()
     ORDER BY effective_from DESC, id DESC LIMIT 1`,
  );
  const [row] = rows;
  return row ? { eurPerUsd: row.eur_per_usd, source: row.source, quotedAt: row.quoted_at } : null;
}

/** @param rate `effectiveFrom` null: now */
export async function addExchangeRate(
  pool: Pool | PoolClient,
  rate: { eurPerUsd: string; source: string; author: string | null; quotedAt: Date; effectiveFrom: Date | null },
): Promise<string> {
  const { rows } = await pool.query<{ id: bigint }>(
    `INSERT INTO exchange_rates (effective_from, eur_per_usd, source, author, quoted_at)
     VALUES (coalesce($1::timestamptz, now()), $2::numeric, $3, $4, $5) RETURNING id`,
    [rate.effectiveFrom, rate.eurPerUsd, rate.source, rate.author, rate.quotedAt],
  );
  return String(rows[0]?.id);
}

/** The environment's rate takes effect when it is new: neither again at each start, nor over one that came later. */
export async function addRateOfEnvironment(client: PoolClient, eurPerUsd: string): Promise<void> {
  await client.query(
    `INSERT INTO exchange_rates (effective_from, eur_per_usd, source)
     SELECT now(), $1::numeric, 'environment' WHERE $1::numeric IS DISTINCT FROM
       (SELECT eur_per_usd FROM exchange_rates WHERE source = 'environment' ORDER BY effective_from DESC, id DESC LIMIT 1)`,
    [eurPerUsd],
  );
}

/** Newest first, those of the future too. */
export async function readExchangeRates(pool: Pool): Promise<ExchangeRate[]> {
  const { rows } = await pool.query<{
    id: bigint;
    eur_per_usd: string;
    effective_from: Date;
    quoted_at: Date;
    current: boolean;
    source: string;
    author: string | null;
  }>(
    `SELECT id, eur_per_usd::text, effective_from, quoted_at, source, author, id = (
       SELECT id FROM exchange_rates WHERE effective_from <= now() ORDER BY effective_from DESC, id DESC LIMIT 1
     ) AS current
     FROM exchange_rates ORDER BY effective_from DESC, id DESC LIMIT ${ROWS_SHOWN}`,
  );
  return rows.map((row) => ({
    id: String(row.id),
    eurPerUsd: row.eur_per_usd,
    effectiveFrom: row.effective_from.toISOString(),
    quotedAt: row.quoted_at.toISOString(),
    current: row.current,
    source: row.source,
    author: row.author,
  }));
}
