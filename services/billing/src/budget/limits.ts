/** Which limit binds a level, from the directory copy, and what stands at it. */
import type {
  ApiKeyRecord,
  Budget,
  BudgetLevelName,
  ProductRecord,
  TenantRecord,
  UserRecord,
} from '@cloudfreedom/contracts';
import { formatEur, parseEur } from '@cloudfreedom/contracts';

export interface LimitFacts {
  tenant: TenantRecord | null;
  users: UserRecord[];
  products: ProductRecord[];
  apiKeys: ApiKeyRecord[];
}

function limitOrNone(text: string | undefined): bigint | null {
  return text ? parseEur(text) : null;
}

/**
 * The monthly limit of a level, nano-euro; null: none. A person always has one: the override, else the product's, else
 * nothing at all. Somebody who is no longer in the directory has none left to spend either.
 */
export function limitOf(facts: LimitFacts, level: BudgetLevelName, ownerId: string): bigint | null {
  if (level === 'tenant') return limitOrNone(facts.tenant?.monthlyBudgetEur);
  if (level === 'api_key') return limitOrNone(facts.apiKeys.find(({ id }) => id === ownerId)?.monthlyBudgetEur);
  const user = facts.users.find(({ id }) => id === ownerId);
  const product = facts.products.find(({ id }) => id === user?.productId);
  return limitOrNone(user?.budgetOverrideEur) ?? limitOrNone(product?.monthlyBudgetEur) ?? 0n;
}

/** A limit with what was topped up or carried over for this month; no limit needs neither. */
export function withAllowance(limitNanoEur: bigint | null, allowanceNanoEur: bigint): bigint | null {
  return limitNanoEur === null ? null : limitNanoEur + allowanceNanoEur;
}

export interface Standing {
  limitNanoEur: bigint | null;
  postedNanoEur: bigint;
  pendingNanoEur: bigint;
}

/** limit - posted - pending; may be negative; null: no limit. */
export function remainingNanoEur(standing: Standing): bigint | null {
  return standing.limitNanoEur === null
    ? null
    : standing.limitNanoEur - standing.postedNanoEur - standing.pendingNanoEur;
}

/** The same as decimal euro, as it goes out. */
export function figuresOf(standing: Standing): Pick<Budget, 'limit' | 'spent' | 'held' | 'remaining'> {
  const remaining = remainingNanoEur(standing);
  return {
    limit: standing.limitNanoEur === null ? null : formatEur(standing.limitNanoEur),
    spent: formatEur(standing.postedNanoEur),
    held: formatEur(standing.pendingNanoEur),
    remaining: remaining === null ? null : formatEur(remaining),
  };
}
