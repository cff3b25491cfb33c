/** Who was active and how long the first token took, from what the database keeps beside the rows. */
import type { Pool } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';
import type { FirstTokenCount } from './first-token.ts';

export interface ActivityCounts {
  /** day null: over all days. */
  people: { day: string | null; people: number }[];
  firstTokens: ({ day: string } & FirstTokenCount)[];
}

export interface DaysOfTenant {
  tenantId: string;
  from: string | null;
  to: string | null;
}

const DAYS = 'tenant_id = $1 AND ($2::date IS NULL OR day >= $2) AND ($3::date IS NULL OR day < $3)';

export function readActivity(pool: Pool, { tenantId, from, to }: DaysOfTenant): Promise<ActivityCounts> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const people = await client.query<{ day: string | null; people: bigint }>(
      `SELECT to_char(day, 'YYYY-MM-DD') AS day, count(DISTINCT subject_id) AS people FROM usage_totals
       WHERE ${DAYS} AND requests > 0 GROUP BY GROUPING SETS ((usage_totals.day), ()) ORDER BY usage_totals.day`,
      [tenantId, from, to],
    );
    const buckets = await client.query<{ day: string; bucket: number; requests: bigint }>(
      `SELECT to_char(day, 'YYYY-MM-DD') AS day, bucket, requests FROM usage_first_tokens
       WHERE ${DAYS} AND requests > 0 ORDER BY usage_first_tokens.day, bucket`,
      [tenantId, from, to],
    );
    return {
      people: people.rows.map((row) => ({ day: row.day, people: Number(row.people) })),
      firstTokens: buckets.rows.map((row) => ({ ...row, requests: Number(row.requests) })),
    };
  });
}
