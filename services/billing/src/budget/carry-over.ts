import { type ProductRecord, parseEur, type UserRecord } from '@cloudfreedom/contracts';
import { limitOf } from './limits.ts';

/** What stands at a person's level at the end of a month. */
export interface Leftover {
  subjectId: string;
  postedNanoEur: bigint;
  allowanceNanoEur: bigint;
}

export interface CarriedOver {
  subjectId: string;
  amountNanoEur: bigint;
}

/** limit + allowance - spent, at most the product's cap and never below 0; nothing without a cap or without the person. */
export function carriedOver(
  people: { users: UserRecord[]; products: ProductRecord[] },
  leftovers: Leftover[],
): CarriedOver[] {
  const products = new Map(people.products.map((product) => [product.id, product]));
  const users = new Map(people.users.map((user) => [user.id, user]));
  return leftovers.flatMap(({ subjectId, postedNanoEur, allowanceNanoEur }) => {
    const user = users.get(subjectId);
    const product = products.get(user?.productId ?? '');
    if (!user || !product || product.carryOverCapEur === '') return [];
    const facts = { tenant: null, users: [user], products: [product], apiKeys: [] };
    const left = (limitOf(facts, 'user', subjectId) ?? 0n) + allowanceNanoEur - postedNanoEur;
    const cap = parseEur(product.carryOverCapEur);
    const amountNanoEur = left < cap ? left : cap;
    return amountNanoEur > 0n ? { subjectId, amountNanoEur } : [];
  });
}
