/**
 * Which deployment is tried next, and when: fallbacks first, by their order, then again where a repetition may help,
 * after a pause. Nothing is repeated once a byte of the answer has reached the client.
 */
import { ApiError } from '@cloudfreedom/service-kit';
import { ExponentialBackoff } from 'cockatiel';
import { proxyError, retryAfterHeader } from '../errors.ts';
import type { Deployment } from '../models/deployment.ts';
import type { FailureKind } from '../providers/provider.ts';

/** Beside what a provider says: `unsupported` by this deployment, `unreachable`, `cut` before its end, circuit `open`. */
export type AttemptFailureKind = FailureKind | 'unsupported' | 'unreachable' | 'cut' | 'open';

export interface AttemptFailure {
  kind: AttemptFailureKind;
  /** What the client gets if nobody else can answer. */
  error: ApiError;
  /** For the ledger. */
  reason: string;
  retryAfterMs: number | null;
  /** It was sent, and nobody can say whether the provider worked on it. */
  outcomeUnknown: boolean;
  /** Another key of the same deployment may do better. */
  keyRests: boolean;
}

/** The request's own fault: the same everywhere. */
const FINAL: readonly AttemptFailureKind[] = ['invalid_request', 'content_filtered'];
/** A repetition at the same deployment changes nothing. */
const NOT_AGAIN: readonly AttemptFailureKind[] = [
  'context_too_long',
  'authentication',
  'permission',
  'quota',
  'model_not_found',
  'unsupported',
];
/** What speaks against a deployment rather than against a request or a key. */
const FAULTS: readonly AttemptFailureKind[] = [
  'server_error',
  'overloaded',
  'timeout',
  'malformed_answer',
  'unreachable',
  'cut',
];
const FIRST_PAUSE_MS = 250;
/** A longer `retry-after` is left to the client. */
const LONGEST_PAUSE_MS = 5_000;
/** No attempt begins later. */
const LAST_BEGIN_MS = 90_000;

/** A request that this deployment can't take (too long for it, a field it can't do), where another one may. */
export function refusedHere(error: unknown): AttemptFailure | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const kind =
    error.code === 'context_length_exceeded'
      ? 'context_too_long'
      : error.code === 'unsupported_parameter'
        ? 'unsupported'
        : undefined;
  if (kind === undefined) return undefined;
  return { kind, error, reason: error.code, retryAfterMs: null, outcomeUnknown: false, keyRests: false };
}

export function isFault(kind: AttemptFailureKind): boolean {
  return FAULTS.includes(kind);
}

export class AttemptPlan {
  readonly #attemptsMax: number;
  readonly #closedInMs: (deployment: Deployment) => number;
  readonly #isRested: (deployment: Deployment) => boolean;
  readonly #startedAtMs = performance.now();
  #untried: Deployment[];
  #again: { deployment: Deployment; notBeforeMs: number }[] = [];
  #pause = new ExponentialBackoff({ initialDelay: FIRST_PAUSE_MS, maxDelay: LONGEST_PAUSE_MS }).next();
  #last: AttemptFailure | undefined;
  /** How many were begun. */
  attempts = 0;

  constructor(
    deployments: Deployment[],
    options: {
      attemptsMax: number;
      /** How long its circuit stays open; 0: it may be asked. */
      closedInMs: (deployment: Deployment) => number;
      /** Has it a key that was not refused a moment ago? Others go first. */
      isRested: (deployment: Deployment) => boolean;
    },
  ) {
    this.#untried = [...deployments];
    this.#attemptsMax = options.attemptsMax;
    this.#closedInMs = options.closedInMs;
    this.#isRested = options.isRested;
  }

  /** @throws ApiError of the last failure when there is nothing more to try */
  next(): { deployment: Deployment; pauseMs: number } {
    const since = performance.now() - this.#startedAtMs;
    if (this.attempts >= this.#attemptsMax || since > LAST_BEGIN_MS) throw this.#error();
    this.attempts++;
    const askable = this.#untried.filter((deployment) => this.#closedInMs(deployment) === 0);
    const fresh = askable.find((deployment) => this.#isRested(deployment)) ?? askable[0];
    if (fresh) {
      this.#untried = this.#untried.filter((deployment) => deployment !== fresh);
      return { deployment: fresh, pauseMs: 0 };
    }
    const now = performance.now();
    const [soonest] = this.#again
      .map(({ deployment, notBeforeMs }) => ({
        deployment,
        pauseMs: Math.max(0, notBeforeMs - now, this.#closedInMs(deployment)),
      }))
      .sort((a, b) => a.pauseMs - b.pauseMs);
    if (!soonest || soonest.pauseMs > LONGEST_PAUSE_MS) throw this.#error();
    this.#again = this.#again.filter(({ deployment }) => deployment !== soonest.deployment);
    return soonest;
  }

  /** @throws ApiError of a failure that is the request's own fault */
  note(deployment: Deployment, failure: AttemptFailure): void {
    this.#last = failure;
    if (FINAL.includes(failure.kind)) throw failure.error;
    if (failure.keyRests && this.#isRested(deployment)) this.#untried.unshift(deployment);
    else if (!NOT_AGAIN.includes(failure.kind)) {
      const pauseMs = Math.max(this.#pause.duration, failure.retryAfterMs ?? 0);
      this.#again.push({ deployment, notBeforeMs: performance.now() + pauseMs });
      this.#pause = this.#pause.next(undefined);
    }
  }

  #error(): ApiError {
    if (this.#last) return this.#last.error;
    const waits = this.#untried.map((deployment) => this.#closedInMs(deployment));
    return proxyError('upstream_overloaded', { headers: retryAfterHeader(Math.min(...waits)) });
  }
}
