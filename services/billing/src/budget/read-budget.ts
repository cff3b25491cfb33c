import type { Budget, BudgetLevelName, Locale, TenantBudgets } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { type Caller, requireTenantAdmin } from '../access/caller.ts';
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

type Payer = { tenantId: string; subjectId: string; apiKeyId: string | null };

/** @param shown the levels beside the person's own that may be seen */
function showBudget(
  payer: Payer,
  { period, directory, balances, openHolds }: BudgetView,
  to: { language: Locale; isOwn: boolean; shown: BudgetLevelName[] },
): Budget {
  const levels = levelsOf(payer, payer.tenantId)
    .map(({ level, ownerId }) => ({ level, standing: standingOf(directory, balances, level, ownerId) }))
    .filter(({ level, standing }) => standing.limitNanoEur !== null && to.shown.includes(level))
    .map(({ level, standing }) => ({ level, ...figuresOf(standing) }));
  const figures = figuresOf(standingOf(directory, balances, 'user', payer.subjectId));
  return {
    subjectId: payer.subjectId,
    sentence: sayBudget(figures, { until: period.end, timeZone: period.timeZone }, to),
    currency: 'EUR',
    ...figures,
    period: periodOf(period),
    levels,
    openHolds,
  };
}

/**
 * A person's budget, and the other levels that limit it, as they stand now: the key's, and for admins the tenant's. What
 * all others spend together is none of a member's business.
 * @param language of the sentence; undefined: the person's own
 */
export async function readBudget(pool: Pool, caller: Caller, language: Locale | undefined): Promise<Budget> {
  const view = await readBudgetView(pool, caller);
  const shown: BudgetLevelName[] = caller.role === 'member' ? ['user', 'api_key'] : ['tenant', 'user', 'api_key'];
  return showBudget(caller, view, { language: language ?? caller.locale, isOwn: true, shown });
}

/**
 * The same of somebody else, for an admin, whose language the sentence is in where none is named.
 * @throws ApiError forbidden; subject_not_found for somebody who is not of this tenant
 */
export async function readPersonBudget(
  pool: Pool,
  caller: Caller,
  whose: { tenantId: string; subjectId: string },
  language: Locale | undefined,
): Promise<Budget> {
  requireTenantAdmin(caller, whose.tenantId);
  const payer = { ...whose, apiKeyId: null };
  const view = await readBudgetView(pool, payer);
  if (view.directory.users.length === 0) throw billingError('subject_not_found');
  const to = {
    language: language ?? caller.locale,
    isOwn: false,
    shown: ['tenant', 'user'] satisfies BudgetLevelName[],
  };
  return showBudget(payer, view, to);
}

/**
 * A tenant's own figures and its people's.
 * @param subjectIds null: everybody's
 * @throws ApiError tenant_not_found
 */
export async function readTenantBudgets(
  pool: Pool,
  tenantId: string,
  subjectIds: string[] | null,
): Promise<TenantBudgets> {
  const view = await readTenantBudgetView(pool, tenantId, subjectIds);
  if (!view.tenant) throw billingError('tenant_not_found');
  const facts: LimitFacts = { ...view, apiKeys: [] };
  const balanceOf = new Map(view.balances.map((balance) => [`${balance.level} ${balance.ownerId}`, balance]));
  return {
    tenantId,
    currency: 'EUR',
    period: periodOf(view.period),
    tenant: figuresOf(standingOf(facts, view.balances, 'tenant', tenantId)),
    holders: view.holders,
    people: view.users.map((user) => {
      const balance = balanceOf.get(`user ${user.id}`);
      return {
        subjectId: user.id,
        ...figuresOf(standingOf({ ...facts, users: [user] }, balance ? [balance] : [], 'user', user.id)),
      };
    }),
  };
}
