/** Billing's negative decision, put into the words and the status that a client understands. */
import type { BudgetRefusal, LimitReached, OperationRefused, ShownBudgetRefusal } from '@cloudfreedom/contracts';
import type { ApiError } from '@cloudfreedom/service-kit';
import { modelNotFound, proxyError, retryAfterHeader } from '../errors.ts';

const WHOSE = { tenant: "your organisation's budget", user: 'your budget', api_key: "this API key's budget" } as const;

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

export function refusalError(
  refusal: OperationRefused & { bearer?: NonNullable<Block['bearer']> | undefined },
  request: { model: string },
): ApiError {
  const cause = new Block({ budget: refusal.budget, bearer: refusal.bearer ?? null });
  const details = refusal.budget ? { budget: shownOf(refusal.budget) } : {};
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
      return proxyError('insufficient_quota', { message: spentMessage(refusal.budget), details, cause });
    case 'budget_held':
      return proxyError('budget_held', {
        message: heldMessage(refusal.budget),
        headers: retryAfterHeader(refusal.retryAfterMs ?? 1_000),
        details,
        cause,
      });
  }
}

/** The tenant's figures are its admins' business: whoever asks learns which budget stands in the way, not how much it is. */
function shownOf(budget: BudgetRefusal): ShownBudgetRefusal {
  return budget.level === 'tenant' ? { ...budget, limit: null, spent: null, held: null, remaining: null } : budget;
}

function figures(budget: BudgetRefusal): string {
  if (budget.level === 'tenant') return `this request needs at least ${budget.needed} EUR, which it does not cover`;
  return `${budget.spent} of ${budget.limit ?? 'unlimited'} EUR spent, ${budget.held} EUR held for running requests, ${budget.remaining ?? 'unlimited'} EUR left; this request needs at least ${budget.needed} EUR`;
}

function spentMessage(budget: BudgetRefusal | null): string {
  if (!budget) return 'The budget is spent.';
  return `You exceeded ${WHOSE[budget.level]}: ${figures(budget)}. The next period begins ${budget.period.end}.`;
}

function heldMessage(budget: BudgetRefusal | null): string {
  if (!budget) return 'The rest of the budget is held for requests that are running.';
  const running = budget.openHolds.map(({ requestId }) => requestId).join(', ');
  return `The rest of ${WHOSE[budget.level]} is held for running requests${running ? ` (${running})` : ''}: ${figures(budget)}.`;
}
