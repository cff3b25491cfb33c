/** Why an answer is missing or not whole, sorted by what a person can do about it. */
import { type BudgetRefusal, budgetRefusal } from '@cloudfreedom/contracts';
import { ApiFailure, failureKind, UnreachableFailure } from '@cloudfreedom/ui';
import { AnswerCut } from './stream-answer.ts';

export type Notice =
  | { kind: 'stopped' | 'length' | 'contentFilter' | 'cut' }
  | { kind: 'unreachable' | 'unavailable' | 'rateLimited' | 'sessionEnded' | 'modelGone' | 'suspended' | 'unexpected' }
  | { kind: 'refused'; message: string }
  | { kind: 'spent' | 'held'; budget: BudgetRefusal | null }
  | { kind: 'notStored'; error: unknown };

/** A finish reason that a person should know about; null: the answer is whole. */
export function noticeOfFinish(reason: string | null): Notice | null {
  if (reason === 'length') return { kind: 'length' };
  if (reason === 'content_filter') return { kind: 'contentFilter' };
  return null;
}

export function noticeOfError(error: unknown, anythingArrived: boolean): Notice {
  if (error instanceof DOMException && error.name === 'AbortError') return { kind: 'stopped' };
  if (error instanceof AnswerCut) return { kind: anythingArrived ? 'cut' : 'unreachable' };
  if (error instanceof UnreachableFailure) return { kind: 'unreachable' };
  if (error instanceof ApiFailure) return noticeOfRefusal(error);
  return { kind: failureKind(error) === 'sessionEnded' ? 'sessionEnded' : 'unexpected' };
}

function noticeOfRefusal(failure: ApiFailure): Notice {
  const budget = budgetRefusal.safeParse(failure.detail.budget).data ?? null;
  if (failure.code === 'insufficient_quota') return { kind: 'spent', budget };
  if (failure.code === 'budget_held') return { kind: 'held', budget };
  if (failure.code === 'model_not_found' || failure.code === 'model_not_allowed') return { kind: 'modelGone' };
  if (failure.status === 403) return { kind: 'suspended' };
  if (failure.status === 429) return { kind: 'rateLimited' };
  if (failure.status >= 500) return { kind: 'unavailable' };
  return { kind: 'refused', message: failure.message };
}
