/** What a request says about earlier answers: nothing, that one will do, or that it wants a new one. */
import type { IncomingHttpHeaders } from 'node:http';
import { commonError } from '@cloudfreedom/service-kit';

export interface CacheWish {
  /** The route. */
  surface: string;
  /** Of the client, checked. */
  body: unknown;
  /** false: a new answer, which takes the place of the one before. */
  earlierWillDo: boolean;
}

/** Where the answer to a request is kept. */
export interface CachePlace {
  /** See `answerName`. */
  name: string;
  earlierWillDo: boolean;
}

/**
 * `x-cloudfreedom-cache: on`; HTTP's own `cache-control` narrows it: `no-store` ends it, `no-cache` asks for a new answer.
 * @returns null: the request neither gets an earlier answer nor is its own kept
 * @throws ApiError `invalid_request` for another word
 */
export function readCacheWish(
  headers: IncomingHttpHeaders,
  asked: Pick<CacheWish, 'surface' | 'body'>,
): CacheWish | null {
  const word = headers['x-cloudfreedom-cache'];
  if (word === undefined || word === '' || word === 'off') return null;
  if (word !== 'on')
    throw commonError('invalid_request', {
      message: "X-CloudFreedom-Cache: expected 'on' or 'off'.",
      param: 'X-CloudFreedom-Cache',
    });
  const directives = (headers['cache-control'] ?? '').toLowerCase().split(/[\s,]+/);
  if (directives.includes('no-store')) return null;
  return { ...asked, earlierWillDo: !directives.includes('no-cache') && !directives.includes('max-age=0') };
}
