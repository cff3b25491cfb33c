/** What each tenant has left, of all tenants at once, for the metrics. */
import type { Pool } from '@cloudfreedom/service-kit';

export interface TenantStanding {
  slug: string;
  /** Euro, for a chart: not for money's own arithmetic. */
  limitEur: number;
  remainingEur: number;
}

/** Those that have a budget. */
export async function readTenantStandings(pool: Pool): Promise<TenantStanding[]> {
  const { rows } = await pool.query<{ slug: string; limit_eur: string; remaining_eur: string }>(
    'SELECT slug, limit_eur, remaining_eur FROM tenant_standings()',
  );
  return rows.map((row) => ({
    slug: row.slug,
    limitEur: Number(row.limit_eur),
    remainingEur: Number(row.remaining_eur),
  }));
}
