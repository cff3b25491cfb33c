/** Around the eight steps, for a request with an Idempotency-Key: at most one of the requests that carry it is charged. */
import { answerRequest } from './answer-request.ts';
import type { Answered } from './answered.ts';
import type { Ask } from './attempt-ending.ts';
import type { Parts } from './parts.ts';

/**
 * The key is free again where the request ended without a charge, so that a client may try again with it.
 * @throws ApiError of `answerRequest`, `idempotency_key_used`, `idempotency_unavailable`
 */
export async function answerOnce(parts: Parts, ask: Omit<Ask, 'uncharged'>, key: string | null): Promise<Answered> {
  if (key === null) return answerRequest(parts, { ...ask, uncharged: async () => {} });
  const { subjectId } = ask.caller.principal;
  const uncharged = await parts.idempotencyKeys.claim({ subjectId, key, requestId: ask.requestId });
  try {
    return await answerRequest(parts, { ...ask, uncharged });
  } catch (error) {
    await uncharged();
    throw error;
  }
}
