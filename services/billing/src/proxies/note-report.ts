import type { ProxyReport } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { writeProxyReport } from './proxy-reports.store.ts';

/** A proxy says how it is. @returns when it was noted */
export async function noteReport(pool: Pool, tenantId: string, report: ProxyReport): Promise<{ at: string }> {
  return { at: (await writeProxyReport(pool, tenantId, report)).toISOString() };
}
