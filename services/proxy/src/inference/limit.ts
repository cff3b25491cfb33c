/** Step 2. Requests per minute and parallel requests of the person, whichever key is used. */
import { proxyError, retryAfterHeader } from '../errors.ts';
import type { Permit } from '../limits/request-limits.ts';
import type { Caller } from './authenticate.ts';
import type { Parts } from './parts.ts';
import { Block } from './refusal.ts';

const REASON = { requests_per_minute: 'requests per minute', parallel_requests: 'requests at the same time' } as const;

/** @returns a permit to be released when the request is over @throws ApiError `rate_limit_exceeded` */
export async function limit(parts: Pick<Parts, 'limits'>, { principal }: Caller): Promise<Permit> {
  const answer = await parts.limits.enter(principal.subjectId, principal);
  if (!('refused' in answer)) return answer;
  const headers = retryAfterHeader(answer.retryAfterMs);
  throw proxyError('rate_limit_exceeded', {
    message: `Rate limit reached: ${answer.limit} ${REASON[answer.refused]}. Please try again in ${headers['retry-after']} s.`,
    headers,
    cause: new Block({ limit: { kind: answer.refused, limit: answer.limit } }),
  });
}
