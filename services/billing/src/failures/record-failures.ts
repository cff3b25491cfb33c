import type { FailureReport } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { addFailures } from './failures.store.ts';

/** What a tenant's proxy tells; of people whom the tenant doesn't have nothing is kept. @returns how many rows are new */
export function recordFailures(pool: Pool, tenantId: string, failures: FailureReport[]): Promise<number> {
  // The same id twice in one statement would be one row too many.
  const distinct = new Map(failures.map((failure) => [failure.id, failure]));
  return addFailures(pool, tenantId, [...distinct.values()]);
}
