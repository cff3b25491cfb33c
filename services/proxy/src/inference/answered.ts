/** What becomes of a request that was not refused. */
import type { Readable } from 'node:stream';
import type { CachePlace } from '../answer-cache/cache-wish.ts';
import type { LimitState } from '../limits/count.ts';
import { type Deployment, deploymentLabel } from '../models/deployment.ts';
import type { Ask, Attempt, ClientClosed } from './attempt-ending.ts';

/** hit: an earlier answer. miss: a new one, though an earlier one would have done. off: nothing is kept for this request. */
type CacheResult = 'hit' | 'miss' | 'off';

export interface Served {
  deployment: string;
  /** Calls of providers that it took. */
  attempts: number;
  /** Why the calls before this one came to nothing, in their order. */
  failedKinds: string[];
  /** As the provider named this answer; null: it did not. */
  upstreamRequestId: string | null;
  /** Of the caller's limits per minute, with this request counted. */
  limits: LimitState[];
  /** null: the request did not ask for it. */
  cache: CacheResult | null;
  /** How many days the tenant keeps request and answer; 0: not at all. */
  contentLogDays: number;
}

export type Answered =
  | ({ kind: 'stream'; body: Readable } & Served)
  | ({ kind: 'json'; body: string; chargeEur: string | null } & Served)
  | ClientClosed;

export function servedBy(
  { deployment, attempts, failedAttempts, gate, ask, place, content }: Attempt,
  upstreamRequestId: string | null,
): Served {
  const failedKinds = (failedAttempts ?? []).map(({ kind }) => kind);
  const cache = missOf(ask, place);
  return {
    deployment: deploymentLabel(deployment),
    attempts,
    failedKinds,
    upstreamRequestId,
    limits: gate.states,
    cache,
    contentLogDays: content?.days ?? 0,
  };
}

function missOf({ cache }: Ask, place: CachePlace | null): CacheResult | null {
  if (cache === null) return null;
  return place === null ? 'off' : 'miss';
}

/** @param states of the caller's limits */
export function servedAgain(deployment: Deployment, states: LimitState[], contentLogDays: number): Served {
  return {
    deployment: deploymentLabel(deployment),
    attempts: 0,
    failedKinds: [],
    upstreamRequestId: null,
    limits: states,
    cache: 'hit',
    contentLogDays,
  };
}
