import { type LedgerResult, parseEur } from '@cloudfreedom/contracts';
import type { Answer } from './ledger-model.ts';

/** What of the real answer the model speaks of. */
export function essence(result: LedgerResult | null | undefined): Answer | undefined {
  switch (result?.status) {
    case 'granted': {
      const { outputTokens, amount } = result.hold;
      return { status: 'granted', ceiling: result.ceilingOutputTokens, held: outputTokens, hold: parseEur(amount) };
    }
    case 'held':
      return { status: 'held', held: result.hold.outputTokens, hold: parseEur(result.hold.amount) };
    case 'settled': {
      const remaining = result.remaining === null ? null : parseEur(result.remaining);
      return { status: 'settled', charge: parseEur(result.charge), cost: parseEur(result.cost), remaining };
    }
    case 'refused':
      return { status: 'refused', code: result.code, level: result.budget?.level ?? 'user' };
    case 'rejected':
      return { status: 'rejected', code: result.code };
    default:
      return result ?? undefined;
  }
}
