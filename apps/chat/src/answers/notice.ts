/** Why an answer is missing or not whole, sorted by what a person can do about it. */
import { parseEur, type ShownBudgetRefusal, shownBudgetRefusal } from '@cloudfreedom/contracts';
import { ApiFailure, failureKind, UnreachableFailure } from '@cloudfreedom/ui';
import { AnswerCut } from './stream-answer.ts';

/** A file that goes with a question could not be had, so nothing was asked. */
export class FileMissing extends Error {
  override name = 'FileMissing';
}

/** The proxy's error codes that a person is told in words of their own. */
const KIND_OF_CODE = {
  billing_unavailable: 'budgetUnchecked',
  settlement_unavailable: 'usageNotRecorded',
  upstream_unreachable: 'providerUnreachable',
  upstream_error: 'providerFault',
  upstream_timeout: 'providerTimeout',
  upstream_overloaded: 'providerOverloaded',
  upstream_rate_limited: 'providerBusy',
  rate_limit_exceeded: 'rateLimited',
  model_not_found: 'modelGone',
  model_not_allowed: 'modelGone',
  model_not_priced: 'modelGone',
  context_length_exceeded: 'tooLong',
  content_filtered: 'contentRefused',
} as const;

function kindOfCode(code: string | null) {
  return code !== null && Object.hasOwn(KIND_OF_CODE, code) ? KIND_OF_CODE[code as keyof typeof KIND_OF_CODE] : null;
}

export type Notice =
  | { kind: 'stopped' | 'length' | 'contentFilter' | 'cut' | 'empty' }
  | { kind: 'unreachable' | 'unavailable' | 'rateLimited' | 'sessionEnded' | 'modelGone' | 'suspended' | 'unexpected' }
  | { kind: (typeof KIND_OF_CODE)[keyof typeof KIND_OF_CODE] }
  | { kind: 'refused'; message: string }
  | { kind: 'spent' | 'held'; budget: ShownBudgetRefusal | null }
  | { kind: 'notStored' | 'fileMissing'; error: unknown };

/** A level without any budget: nothing was spent, and waiting for the next period changes nothing. */
export function isZeroBudget(budget: ShownBudgetRefusal): boolean {
  return budget.limit !== null && parseEur(budget.limit) === 0n;
}

export function noticeOfError(error: unknown, anythingArrived: boolean): Notice {
  if (error instanceof DOMException && error.name === 'AbortError') return { kind: 'stopped' };
  if (error instanceof AnswerCut) return { kind: anythingArrived ? 'cut' : 'unreachable' };
  if (error instanceof FileMissing) return { kind: 'fileMissing', error: error.cause };
  if (error instanceof UnreachableFailure) return { kind: 'unreachable' };
  if (error instanceof ApiFailure) return noticeOfRefusal(error);
  return { kind: failureKind(error) === 'sessionEnded' ? 'sessionEnded' : 'unexpected' };
}

function noticeOfRefusal(failure: ApiFailure): Notice {
  const budget = shownBudgetRefusal.safeParse(failure.detail.budget).data ?? null;
  if (failure.code === 'insufficient_quota') return { kind: 'spent', budget };
  if (failure.code === 'budget_held') return { kind: 'held', budget };
  const kind = kindOfCode(failure.code);
  if (kind) return { kind };
  if (failure.status === 403) return { kind: 'suspended' };
  if (failure.status === 429) return { kind: 'rateLimited' };
  if (failure.status >= 500) return { kind: 'unavailable' };
  return { kind: 'refused', message: failure.message };
}
