/** What all routes have alike: who asks, which conversation, and how they refuse. */
import { conversationId, errorBody } from '@cloudfreedom/contracts';
import { type AccessTokenCheck, bearerToken, commonError } from '@cloudfreedom/service-kit';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

export type SubjectOf = (request: Pick<FastifyRequest, 'headers'>) => Promise<string>;

export const pathParams = z.object({ id: conversationId });
export const refusals = { 400: errorBody, 401: errorBody, 404: errorBody };

/**
 * Who asks: the subject of a valid access token, unless they were erased since. The function it gives back throws
 * ApiError `unauthenticated`.
 */
export function createSubjectOf(check: AccessTokenCheck, isErased: (subjectId: string) => boolean): SubjectOf {
  return async (request) => {
    const token = bearerToken(request.headers.authorization);
    if (token === undefined) throw commonError('unauthenticated', { message: 'Send authorization: Bearer <token>.' });
    const { sub } = await check(token);
    if (isErased(sub)) throw commonError('unauthenticated', { message: 'This person was erased.' });
    return sub;
  };
}
