import type { KnownProxy } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { readTenant } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';
import { readProxyReports } from './proxy-reports.store.ts';

/** Those that are up; where none is, the one that was heard of last. @throws ApiError tenant_not_found */
export async function listProxies(pool: Pool, tenantId: string): Promise<KnownProxy[]> {
  if (!(await readTenant(pool, tenantId))) throw billingError('tenant_not_found');
  const known = await readProxyReports(pool, tenantId);
  const up = known.filter((proxy) => proxy.up);
  return up.length > 0 ? up : known.slice(0, 1);
}
