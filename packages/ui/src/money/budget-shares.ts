/** A budget as parts of a bar. */
import { type budgetFigures, formatEur, parseEur } from '@cloudfreedom/contracts';
import type { z } from 'zod';

export type BudgetFigures = z.infer<typeof budgetFigures>;
/** `unlimited`: the level has no limit; `low`: a fifth or less is free; `used_up`: nothing is. */
type BudgetState = 'fine' | 'low' | 'used_up' | 'unlimited';

export interface BudgetShares {
  /** Thousandths of the limit, 0 to 1000; the three sum up to 1000 where there is a limit. */
  spentPermille: number;
  heldPermille: number;
  freePermille: number;
  state: BudgetState;
}

const FULL = 1000n;
const LOW_FREE_PERMILLE = 200;

function smallest(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

/** Something that is there stays visible: a part above zero gets one thousandth at least. */
function permille(part: bigint, limit: bigint): bigint {
  if (part <= 0n) return 0n;
  const share = (part * FULL) / limit;
  return share === 0n ? 1n : share;
}

/** Shares of spent, held and free in the limit. Spent wins where more is spent and held than there is. */
export function budgetShares(figures: BudgetFigures): BudgetShares {
  if (figures.limit === null) return { spentPermille: 0, heldPermille: 0, freePermille: 0, state: 'unlimited' };
  const limit = parseEur(figures.limit);
  const spent = parseEur(figures.spent);
  const held = parseEur(figures.held);
  if (limit <= 0n) return { spentPermille: 1000, heldPermille: 0, freePermille: 0, state: 'used_up' };
  const spentShare = smallest(permille(spent, limit), FULL);
  const heldShare = smallest(permille(held, limit), FULL - spentShare);
  const freePermille = Number(FULL - spentShare - heldShare);
  const usedUp = limit - spent - held <= 0n;
  const state = usedUp ? 'used_up' : freePermille <= LOW_FREE_PERMILLE ? 'low' : 'fine';
  return { spentPermille: Number(spentShare), heldPermille: Number(heldShare), freePermille, state };
}

/** What may still be spent: never less than nothing. null: no limit. */
export function freeAmount(figures: BudgetFigures): string | null {
  if (figures.limit === null) return null;
  const rest = parseEur(figures.limit) - parseEur(figures.spent) - parseEur(figures.held);
  return formatEur(rest < 0n ? 0n : rest);
}
