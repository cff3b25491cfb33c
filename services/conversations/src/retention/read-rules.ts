import { commonError } from '@cloudfreedom/service-kit';
import type { Tenant } from '../tenant/billing-tenant.ts';

export type ReadRules = () => Promise<{ retentionDays: number }>;

/** @returns a function that throws ApiError `unavailable` while billing doesn't answer */
export function createReadRules(readTenant: () => Promise<Tenant>): ReadRules {
  return async () => {
    const { retentionDays } = await readTenant().catch((cause: unknown) => {
      throw commonError('unavailable', { cause });
    });
    return { retentionDays };
  };
}
