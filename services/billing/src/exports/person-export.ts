/** Billing's part of a person's export: what they were charged and what was decided about their budget. */
import { TOTALS_MAX, type UsageTotal } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import type { Caller } from '../access/caller.ts';
import { readUser } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';
import { eachFailureOf } from '../failures/failures.store.ts';
import { eachUsageRow } from '../usage/list-usage.ts';
import { totalUsage } from '../usage/total-usage.ts';
import {
  eachExportedEntry,
  readExportedAlerts,
  readExportedBudgets,
  readExportedRequests,
  type Whose,
} from './person-export.store.ts';

/**
 * The person themself, by a token and not by a key; their tenant's admin where they are a member; a platform admin.
 * @throws ApiError `forbidden`; `subject_not_found` to whoever may not know that there is somebody
 */
export async function findExported(pool: Pool, caller: Caller, subjectId: string): Promise<Whose> {
  if (caller.apiKeyId !== null) throw billingError('forbidden');
  if (caller.subjectId === subjectId) return { tenantId: caller.tenantId, subjectId };
  const person = await readUser(pool, subjectId);
  if (!person || person === 'deleted' || caller.role === 'member') throw billingError('subject_not_found');
  if (caller.role === 'tenant_admin') {
    if (caller.tenantId !== person.tenantId) throw billingError('subject_not_found');
    if (person.role !== 'member') throw billingError('forbidden');
  }
  return { tenantId: person.tenantId, subjectId };
}

/** Its fields, as the contract names them; what can be long is read while it is written. */
export async function exportPerson(pool: Pool, whose: Whose): Promise<Record<string, unknown>> {
  const scope = { ...whose, apiKeyId: null };
  return {
    ...whose,
    at: new Date().toISOString(),
    budgets: await readExportedBudgets(pool, whose),
    budgetRequests: await readExportedRequests(pool, whose),
    alerts: await readExportedAlerts(pool, whose),
    entries: eachExportedEntry(pool, whose),
    usageTotals: eachDailyTotal(pool, scope),
    failures: eachFailureOf(pool, whose),
    usage: eachUsageRow(pool, scope, {}),
  };
}

/** In the order of days: where one question would be cut off, the next one begins with the day that was cut. */
async function* eachDailyTotal(pool: Pool, scope: Whose & { apiKeyId: null }): AsyncGenerator<UsageTotal> {
  for (let from: string | undefined; ; ) {
    const totals = await totalUsage(pool, scope, {
      by: ['day', 'apiKey', 'product', 'model', 'provider', 'costCentre'],
      from,
    });
    const cutDay = totals.length < TOTALS_MAX ? undefined : totals.at(-1)?.day;
    yield* cutDay === undefined ? totals : totals.filter(({ day }) => day !== cutDay);
    if (cutDay === undefined) return;
    if (cutDay === from) throw new Error('one day has more totals than can be read');
    from = cutDay;
  }
}
