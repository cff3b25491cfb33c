/**
 * Step 2. How much may be asked within a minute and at the same time, by key, person, product and tenant. A request asks
 * when its tokens are known, together with its reservation: neither answer waits for the other.
 */
import type { Locale, Meter, Usage } from '@cloudfreedom/contracts';
import { INPUT_METERS, OUTPUT_METERS } from '@cloudfreedom/contracts';
import type { ApiError } from '@cloudfreedom/service-kit';
import { proxyError, retryAfterHeader } from '../errors.ts';
import type { LimitRefusal, LimitState } from '../limits/count.ts';
import { limitHeaders } from '../limits/limit-headers.ts';
import type { Permit } from '../limits/request-limits.ts';
import type { Caller } from './authenticate.ts';
import type { Bounds } from './bound.ts';
import type { Parts } from './parts.ts';
import { Block } from './refusal.ts';
import { sayLimit } from './say-limit.ts';

/** Output that counts at first, for each choice; what it was in the end replaces it. */
const OUTPUT_TOKENS_EXPECTED = 1_024;
const METERS: readonly Meter[] = [...INPUT_METERS, ...OUTPUT_METERS];

/** The tokens that a request probably uses. */
export function expectedTokens({ inputTokensEstimate, outputTokensCap, choices }: Bounds): number {
  return inputTokensEstimate + Math.min(outputTokensCap, OUTPUT_TOKENS_EXPECTED) * choices;
}

/** One request's way through its limits: it passes them once, whatever is tried for it. */
export class Gate {
  readonly #limits: Parts['limits'];
  readonly #caller: Caller;
  readonly #language: Locale;
  #passing: Promise<void> | null = null;
  #permit: Permit | null = null;
  #released = false;

  constructor({ limits }: Pick<Parts, 'limits'>, caller: Caller, language: Locale) {
    this.#limits = limits;
    this.#caller = caller;
    this.#language = language;
  }

  /** Nobody else has to be asked: it is not worth doing something else meanwhile. */
  get answersAtOnce(): boolean {
    return this.#permit !== null || !this.#limits.isShared;
  }

  /** With this request counted; none before it has passed. */
  get states(): LimitState[] {
    return this.#permit?.states ?? [];
  }

  /** @throws ApiError `rate_limit_exceeded` */
  pass(tokens: number): Promise<void> {
    this.#passing ??= this.#enter(tokens);
    return this.#passing;
  }

  /** The request is over. @param usage what it used; undefined: nothing */
  release(usage?: Usage): void {
    this.#released = true;
    this.#permit?.release(usage ? METERS.reduce((sum, meter) => sum + (usage.meters[meter] ?? 0), 0) : 0);
  }

  async #enter(tokens: number): Promise<void> {
    const answer = await this.#limits.enter(this.#caller.principal, tokens);
    if ('refused' in answer) throw refusalOf(answer, tokens, this.#language);
    this.#permit = answer;
    if (this.#released) answer.release(0);
  }
}

function refusalOf(refusal: LimitRefusal, tokens: number, language: Locale): ApiError {
  const { refused, retryAfterMs, states } = refusal;
  const { kind, level, limit } = refused;
  return proxyError('rate_limit_exceeded', {
    message: sayLimit(refusal, tokens, language),
    headers: {
      ...limitHeaders(states),
      ...retryAfterHeader(retryAfterMs),
      ...(retryAfterMs === null && { 'x-should-retry': 'false' }),
    },
    details: { rate_limit: { kind, level, limit } },
    cause: new Block({ limit: { kind, level, limit } }),
  });
}
