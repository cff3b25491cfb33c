import type { Budget, BudgetLevelName, Role, TenantBudgets } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { billingError } from '../errors.ts';
import { levelsOf, type Period } from '../ledger/reservation.ts';
import { type BudgetView, readBudgetView, readTenantBudgetView } from './budget.store.ts';
import { figuresOf, type LimitFacts, limitOf, type Standing, withAllowance } from './limits.ts';
import { sayBudget } from './say-budget.ts';

function periodOf(period: Period): Budget['period'] {
  return { start: period.start.toISOString(), end: period.end.toISOString(), timeZone: period.timeZone };
}

function standingOf(
  facts: LimitFacts,
  balances: BudgetView['balances'],
  level: BudgetLevelName,
  ownerId: string,
): Standing {
  const balance = balances.find((one) => one.level === level && one.ownerId === ownerId);
  return {
    limitNanoEur: withAllowance(limitOf(facts, level, ownerId), balance?.allowanceNanoEur ?? 0n),
    postedNanoEur: balance?.postedNanoEur ?? 0n,
    pendingNanoEur: balance?.pendingNanoEur ?? 0n,
  };
}

/**
 * A person's budget, and the other levels that limit it, as they stand now: the key's, and for admins the tenant's. What
 * all others spend together is none of a member's business.
 */
export async function readBudget(
  pool: Pool,
  caller: { tenantId: string; subjectId: string; apiKeyId: string | null; role: Role },
): Promise<Budget> {
  const { period, directory, balances, openHolds } = await readBudgetView(pool, caller);
  const levels = levelsOf(caller, caller.tenantId)
    .map(({ level, ownerId }) => ({ level, standing: standingOf(directory, balances, level, ownerId) }))
    .filter(({ level, standing }) => standing.limitNanoEur !== null && (level !== 'tenant' || caller.role !== 'member'))
    .map(({ level, standing }) => ({ level, ...figuresOf(standing) }));
  const figures = figuresOf(standingOf(directory, balances, 'user', caller.subjectId));
  const language = directory.users[0]?.locale ?? 'en';
  return {
    subjectId: caller.subjectId,
    sentence: sayBudget(figures, { until: period.end, timeZone: period.timeZone }, language),
    currency: 'EUR',
    ...figures,
    period: periodOf(period),
    levels,
    openHolds,
  };
}

/** A tenant's own figures and everybody's. @throws ApiError tenant_not_found */
export async function readTenantBudgets(pool: Pool, tenantId: string): Promise<TenantBudgets> {
  const view = await readTenantBudgetView(pool, tenantId);
  if (!view.tenant) throw billingError('tenant_not_found');
  const facts: LimitFacts = { ...view, apiKeys: [] };
  const balanceOf = new Map(view.balances.map((balance) => [`${balance.level} ${balance.ownerId}`, balance]));
  return {
    tenantId,
    currency: 'EUR',
    period: periodOf(view.period),
    tenant: figuresOf(standingOf(facts, view.balances, 'tenant', tenantId)),
    people: view.users.map((user) => {
      const balance = balanceOf.get(`user ${user.id}`);
      return {
        subjectId: user.id,
        ...figuresOf(standingOf({ ...facts, users: [user] }, balance ? [balance] : [], 'user', user.id)),
      };
    }),
  };
}
