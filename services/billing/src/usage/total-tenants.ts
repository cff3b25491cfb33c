import type { TenantTotal } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { type Caller, requirePlatformAdmin } from '../access/caller.ts';
import { readTenantTotals } from './usage-totals.store.ts';

/** @throws ApiError forbidden for everybody but platform admins */
export async function totalTenants(
  pool: Pool,
  caller: Caller,
  days: { from?: string | undefined; to?: string | undefined },
): Promise<TenantTotal[]> {
  requirePlatformAdmin(caller);
  return readTenantTotals(pool, days);
}
