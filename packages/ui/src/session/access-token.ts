/** Access tokens of identity: fetched for a session, kept in memory only, renewed before they run out. */
import { SESSION_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT, tokenExchangeResponse } from '@cloudfreedom/contracts';
import { ApiFailure, reach, SessionEndedFailure } from './failure.ts';

const RENEW_BEFORE_END_MS = 60_000;

export interface AccessTokens {
  /**
   * A token that is good for a minute at least (or as long as its life allows). Callers at the same time share one request.
   * @throws SessionEndedFailure, ApiFailure, UnreachableFailure
   */
  get(): Promise<string>;
  /** Another token than `refused`, which a service did not take. Throws as `get` does. */
  renew(refused: string): Promise<string>;
  /** Forget the token, and the answer to a request that is on its way. */
  forget(): void;
}

export interface AccessTokenOptions {
  identityUrl: string;
  /** The PocketBase session; empty when nobody is signed in. */
  sessionToken: () => string;
  audiences: () => string[];
  /** Milliseconds since any fixed moment; a clock that never goes back. */
  nowMs?: () => number;
}

interface HeldToken {
  token: string;
  renewAtMs: number;
}

export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const nowMs = options.nowMs ?? (() => performance.now());
  let held: HeldToken | undefined;
  let pending: Promise<HeldToken> | undefined;

  function fetchOnce(): Promise<HeldToken> {
    if (pending) return pending;
    const request = exchange(options, nowMs()).then(
      (fresh) => {
        if (pending === request) {
          held = fresh;
          pending = undefined;
        }
        return fresh;
      },
      (error) => {
        if (pending === request) pending = undefined;
        throw error;
      },
    );
    pending = request;
    return request;
  }

  return {
    async get() {
      if (held && nowMs() < held.renewAtMs) return held.token;
      return (await fetchOnce()).token;
    },
    async renew(refused) {
      if (held && held.token !== refused) return held.token;
      held = undefined;
      return (await fetchOnce()).token;
    },
    forget() {
      held = undefined;
      pending = undefined;
    },
  };
}

async function exchange(options: AccessTokenOptions, askedAtMs: number): Promise<HeldToken> {
  const session = options.sessionToken();
  if (session === '') throw new SessionEndedFailure();
  const form = new URLSearchParams({
    grant_type: TOKEN_EXCHANGE_GRANT,
    subject_token: session,
    subject_token_type: SESSION_TOKEN_TYPE,
  });
  for (const audience of options.audiences()) form.append('audience', audience);
  const response = await reach(`${options.identityUrl}/oauth/token`, { method: 'POST', body: form });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const failure = new ApiFailure(response.status, body);
    if (response.status === 401 || isInvalidGrant(body)) throw new SessionEndedFailure(failure.message);
    throw failure;
  }
  const granted = tokenExchangeResponse.parse(body);
  const lifeMs = granted.expires_in * 1000;
  const renewAtMs = askedAtMs + Math.max(lifeMs - RENEW_BEFORE_END_MS, lifeMs / 2);
  return { token: granted.access_token, renewAtMs };
}

/** RFC 6749 spells it `{"error": "invalid_grant"}`, our services `{"error": {"code": "invalid_grant"}}`. */
function isInvalidGrant(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  if (error === 'invalid_grant') return true;
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'invalid_grant';
}
