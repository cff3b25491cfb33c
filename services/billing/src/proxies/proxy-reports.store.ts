import type { KnownProxy, ProxyReport } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { inTenantTransaction } from '../database/tenant-transaction.ts';

/** Processes that end say nothing: their last word is kept this long, for who asks why there is none. */
const KEPT = '1 day';
/** Three reports late. */
const UP_WITHIN = '30 seconds';
const PROXIES_SHOWN = 50;

/** @returns when it was noted */
export function writeProxyReport(pool: Pool, tenantId: string, report: ProxyReport): Promise<Date> {
  return inTenantTransaction(pool, tenantId, async (client, now) => {
    await client.query(
      `INSERT INTO proxy_reports (tenant_id, instance, reported_at, report) VALUES ($1, $2, now(), $3)
       ON CONFLICT (tenant_id, instance) DO UPDATE SET reported_at = now(), report = EXCLUDED.report`,
      [tenantId, report.instance, JSON.stringify(report)],
    );
    // Not the newest of all: a proxy that is down for long still says since when.
    await client.query(
      `DELETE FROM proxy_reports WHERE tenant_id = $1 AND instance <> $2 AND reported_at < now() - interval '${KEPT}'`,
      [tenantId, report.instance],
    );
    return now;
  });
}

/** The one heard of last comes first. */
export function readProxyReports(pool: Pool, tenantId: string): Promise<KnownProxy[]> {
  return inTenantTransaction(pool, tenantId, async (client) => {
    const { rows } = await client.query<{ report: ProxyReport; reported_at: Date; up: boolean }>(
      `SELECT report, reported_at, reported_at > now() - interval '${UP_WITHIN}' AS up FROM proxy_reports
       WHERE tenant_id = $1 ORDER BY reported_at DESC, instance LIMIT ${PROXIES_SHOWN}`,
      [tenantId],
    );
    return rows.map(({ report, reported_at: at, up }) => ({ ...report, reportedAt: at.toISOString(), up }));
  });
}
