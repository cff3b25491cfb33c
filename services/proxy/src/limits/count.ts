/** What a request counts as, at each of the four levels: a person's request is one of its tenant's too. */
import type { LimitKind, LimitLevel, Principal } from '@cloudfreedom/contracts';
import { LIMIT_LEVELS } from '@cloudfreedom/contracts';

export interface Count {
  kind: LimitKind;
  level: LimitLevel;
  /** Of whom; unique in the tenant. */
  name: string;
  limit: number;
  points: number;
}

/** What a limit's state was when the request was let in. */
export interface LimitState {
  kind: LimitKind;
  level: LimitLevel;
  limit: number;
  remaining: number;
  /** Milliseconds until all of it is free again, if nothing else comes. */
  resetMs: number;
}

export interface LimitRefusal {
  refused: Pick<Count, 'kind' | 'level' | 'limit'>;
  /** null: the request alone is more than the limit, so that waiting does not help. */
  retryAfterMs: number | null;
  /** Of the limits that are known; what stands in the way has nothing left. */
  states: LimitState[];
}

type LimitedCaller = Pick<Principal, 'apiKeyId' | 'subjectId' | 'productId' | 'limits'>;

/**
 * Limits of 0 are none, and levels without anybody don't count.
 * @param tokens 0: the request is none that uses any
 */
export function countsOf(caller: LimitedCaller, tokens: number): Count[] {
  const owners = { api_key: caller.apiKeyId, user: caller.subjectId, product: caller.productId, tenant: 'all' };
  return LIMIT_LEVELS.flatMap((level) => {
    const owner = owners[level];
    if (owner === null) return [];
    const { requestsPerMinute, tokensPerMinute, parallelRequests } = caller.limits[level];
    const of = (kind: LimitKind, limit: number, points: number) => ({
      kind,
      level,
      name: `${level}:${owner}`,
      limit,
      points,
    });
    return [
      of('requests_per_minute', requestsPerMinute, 1),
      of('tokens_per_minute', tokensPerMinute, tokens),
      of('parallel_requests', parallelRequests, 1),
    ].filter(({ limit, points }) => limit > 0 && points > 0);
  });
}
