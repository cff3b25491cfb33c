/** One row of the usage log with what its charge was reckoned from. */
import type { ChargeCalculation, LoggedUsage, Reach } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';
import type { Terms } from '../pricing/price.ts';
import { readPriceLists } from '../pricing/pricing.store.ts';
import { COLUMNS, type Row, toLoggedUsage } from './usage.store.ts';

interface TermsRow {
  attempt: number;
  reach: Reach | null;
  price_version_id: bigint;
  eur_per_usd: string;
  markup_percent: string;
  effective_from: Date | null;
  source: string;
  author: string | null;
}

export interface ReckonedUsage {
  row: LoggedUsage;
  attempt: number;
  /** null: plain. */
  reach: Reach | null;
  /** null: the price version is gone. */
  terms: Terms | null;
  priceVersion: ChargeCalculation['priceVersion'];
}

const READ = `
  SELECT ${COLUMNS.split(',')
    .map((name) => `u.${name.trim()}`)
    .join(', ')}, u.attempt, r.reach, u.price_version_id, u.eur_per_usd::text, u.markup_percent::text,
    v.effective_from, v.source, v.author
  FROM reservations r
  JOIN usage_records u ON u.tenant_id = r.tenant_id AND u.request_id = r.request_id AND u.reservation_id = r.id
  LEFT JOIN price_versions v ON v.id = u.price_version_id
  WHERE r.tenant_id = $1 AND r.id = $2 AND u.superseded_at IS NULL AND u.outcome <> 'lost'`;

/** The row of a reservation that counts; null: there is none. */
export function readReckonedUsage(pool: Pool, tenantId: string, reservationId: string): Promise<ReckonedUsage | null> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<Row & TermsRow>(READ, [tenantId, reservationId]);
    const [row] = rows;
    if (!row) return null;
    const priceList = (await readPriceLists(client, [row.price_version_id])).get(row.price_version_id);
    return {
      row: toLoggedUsage(row),
      attempt: row.attempt,
      reach: row.reach,
      terms: priceList ? { priceList, eurPerUsd: row.eur_per_usd, markupPercent: row.markup_percent } : null,
      priceVersion: {
        id: String(row.price_version_id),
        effectiveFrom: (row.effective_from ?? new Date(0)).toISOString(),
        source: row.source ?? '',
        author: row.author,
      },
    };
  });
}
