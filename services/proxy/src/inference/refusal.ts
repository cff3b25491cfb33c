/** Billing's negative decision, put into the words and the status that a client understands. */
import type {
  BudgetRefusal,
  LimitReached,
  Locale,
  OperationRefused,
  ShownBudgetRefusal,
} from '@cloudfreedom/contracts';
import type { ApiError } from '@cloudfreedom/service-kit';
import { modelNotFound, proxyError, retryAfterHeader } from '../errors.ts';
import { sayRefusal } from './say-refusal.ts';

/** What stood in the way, for the record of failed requests: it stays here, the client gets the error that it caused. */
export class Block extends Error {
  override name = 'Block';
  readonly budget: BudgetRefusal | null;
  readonly limit: LimitReached | null;
  /** Whose credential was refused; null: nobody's, or it was not the credential. */
  readonly bearer: { subjectId: string; apiKeyId: string | null } | null;

  constructor(block: Partial<Pick<Block, 'budget' | 'limit' | 'bearer'>>) {
    super('refused');
    this.budget = block.budget ?? null;
    this.limit = block.limit ?? null;
    this.bearer = block.bearer ?? null;
  }
}

/** @param request `language`: of the sentence that tells of a budget */
export function refusalError(
  refusal: OperationRefused & { bearer?: NonNullable<Block['bearer']> | undefined },
  request: { model: string; language: Locale },
): ApiError {
  const cause = new Block({ budget: refusal.budget, bearer: refusal.bearer ?? null });
  const budget = refusal.budget && shownOf(refusal.budget);
  const details = budget ? { budget } : {};
  const { retryAfterMs } = refusal;
  switch (refusal.code) {
    case 'invalid_api_key':
      return proxyError('invalid_api_key', { cause });
    case 'subject_unknown':
      return proxyError('invalid_api_key', { message: 'There is no account here for these credentials.', cause });
    case 'subject_suspended':
    case 'tenant_suspended':
    case 'tenant_expired':
      return proxyError(refusal.code, { cause });
    case 'model_not_allowed':
    case 'model_not_found':
      return modelNotFound(request.model);
    case 'model_not_priced':
      return proxyError('model_not_priced', { param: 'model' });
    case 'insufficient_quota':
      return proxyError('insufficient_quota', {
        message: sayRefusal({ code: 'insufficient_quota', retryAfterMs: 0 }, budget, request.language),
        details,
        cause,
      });
    case 'budget_held':
      return proxyError('budget_held', {
        message: sayRefusal({ code: 'budget_held', retryAfterMs: retryAfterMs ?? 1_000 }, budget, request.language),
        headers: retryAfterHeader(retryAfterMs ?? 1_000),
        details,
        cause,
      });
  }
}

/** The tenant's figures are its admins' business: whoever asks learns which budget stands in the way, not how much it is. */
function shownOf(budget: BudgetRefusal): ShownBudgetRefusal {
  return budget.level === 'tenant' ? { ...budget, limit: null, spent: null, held: null, remaining: null } : budget;
}
