/** Step 6. The upstream request, capped at the granted ceiling. Ends when the provider's status is known. */
import type { Trace } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { Deployment } from '../models/deployment.ts';
import { authorization } from '../models/server.ts';
import { toCompatibleServer } from '../providers/openai/compatible-server.ts';
import type { ProviderAdapter, UpstreamFailure, UpstreamRequest } from '../providers/provider.ts';
import type { Translation } from '../surfaces/surface.ts';
import { Exchange } from '../upstream/exchange.ts';
import { type AttemptFailure, isFault } from './attempt-plan.ts';
import type { Parts } from './parts.ts';
import { connectionFailure, failureOfAttempt } from './upstream-failure.ts';

const ERROR_BODY_LIMIT_BYTES = 256 * 1024;
const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'apim-request-id'] as const;
/** A key that the provider doesn't take won't be taken a moment later; an admin exchanges it. */
const REFUSED_KEY_RESTS_MS = 60_000;
const LIMITED_KEY_RESTS_MS = 5_000;
const LONGEST_REST_MS = 60_000;

export interface AnsweringUpstream {
  exchange: Exchange;
  upstreamRequestId: string | null;
}

export type CallResult =
  | ({ status: 'answering' } & AnsweringUpstream)
  /** Nothing was produced. */
  | { status: 'failed'; failure: AttemptFailure; upstreamRequestId: string | null }
  /** `sent`: the provider may have begun to work. */
  | { status: 'client_closed'; sent: boolean };

export interface CallOrder {
  translation: Pick<Translation, 'buildRequest'>;
  streamed: boolean;
  deployment: Deployment;
  adapter: ProviderAdapter;
  /** Absent: none. */
  trace?: Trace | null;
  caps: { outputTokensCap: number; serverToolCallsMax: number };
  clientGone: AbortSignal;
}

type CallParts = Pick<Parts, 'upstreams' | 'config' | 'providerKeys' | 'circuitBreakers'>;

/** Calls the deployment unless its circuit is open. */
export async function call(parts: CallParts, order: CallOrder): Promise<CallResult> {
  const { model } = order.deployment;
  const work = () => callOnce(parts, order);
  const result = await parts.circuitBreakers.run(
    model.deployment,
    work,
    (given) => given.status === 'failed' && isFault(given.failure.kind),
  );
  return result ?? failed('open', 'its circuit is open');
}

async function callOnce(parts: CallParts, order: CallOrder): Promise<CallResult> {
  const { deployment, adapter, clientGone } = order;
  if (clientGone.aborted) return { status: 'client_closed', sent: false };
  const built = order.translation.buildRequest(order.caps.outputTokensCap, order.caps.serverToolCallsMax);
  if ('unsupported' in built) {
    const error = proxyError('unsupported_parameter', built.unsupported);
    return failed('unsupported', 'unsupported parameter', { error });
  }
  const key = deployment.keyName === null ? null : parts.providerKeys.choose(deployment.keyName);
  if (deployment.keyName !== null && key === null) return failed('authentication', 'its key was removed');
  const secret = deployment.simulated ? 'simulated' : (key?.secret ?? null);
  let exchange: Exchange;
  try {
    exchange = open(parts, order, built, authorization(adapter, deployment.model, secret));
  } catch (cause) {
    return failed('unreachable', 'its address is not allowed', {
      error: proxyError('upstream_unreachable', { cause }),
    });
  }
  const leave = () => exchange.abort();
  clientGone.addEventListener('abort', leave, { once: true });
  try {
    await exchange.started;
    const upstreamRequestId = requestIdOf(exchange);
    if (exchange.status < 300) return { status: 'answering', exchange, upstreamRequestId };
    const headers = flatHeaders(exchange);
    const failure = adapter.readError(exchange.status, headers, await exchange.collect(ERROR_BODY_LIMIT_BYTES));
    const keyRests = key !== null && letKeyRest(parts, key.id, failure);
    return { status: 'failed', failure: { ...failureOfAttempt(failure), keyRests }, upstreamRequestId };
  } catch (error) {
    if (clientGone.aborted) return { status: 'client_closed', sent: exchange.sent };
    return { status: 'failed', failure: connectionFailure(error as Error, exchange.sent), upstreamRequestId: null };
  } finally {
    clientGone.removeEventListener('abort', leave);
  }
}

function open(
  parts: CallParts,
  order: CallOrder,
  built: UpstreamRequest,
  keyHeaders: Record<string, string>,
): Exchange {
  const { model, server, simulated } = order.deployment;
  const request = model.provider === 'custom' && !simulated ? toCompatibleServer(built, model) : built;
  const { pool, pathPrefix, isOwn } = parts.upstreams.of(server);
  const { streamStartMs, answerStartMs, betweenChunksMs } = parts.config.timeouts;
  return new Exchange(pool, {
    method: 'POST',
    path: pathPrefix + request.path,
    headers: { ...request.headers, ...keyHeaders, ...(isOwn && order.trace?.headers()) },
    body: request.body,
    headersTimeoutMs: model.firstByteTimeoutMs || (order.streamed ? streamStartMs : answerStartMs),
    bodyTimeoutMs: model.chunkTimeoutMs || betweenChunksMs,
  });
}

function failed(
  kind: AttemptFailure['kind'],
  reason: string,
  { error = proxyError('upstream_overloaded') } = {},
): CallResult {
  const failure = { kind, error, reason, retryAfterMs: null, outcomeUnknown: false, keyRests: false };
  return { status: 'failed', failure, upstreamRequestId: null };
}

/** @returns whether this failure is one of the key */
function letKeyRest(parts: CallParts, keyId: string, failure: UpstreamFailure): boolean {
  const { kind, retryAfterMs } = failure;
  if (kind === 'rate_limited')
    parts.providerKeys.rest(keyId, Math.min(retryAfterMs ?? LIMITED_KEY_RESTS_MS, LONGEST_REST_MS));
  else if (kind === 'authentication' || kind === 'permission' || kind === 'quota')
    parts.providerKeys.rest(keyId, REFUSED_KEY_RESTS_MS);
  else return false;
  return true;
}

function requestIdOf(exchange: Exchange): string | null {
  for (const name of REQUEST_ID_HEADERS) {
    const value = exchange.headers[name];
    if (typeof value === 'string') return value.slice(0, 200);
  }
  return null;
}

function flatHeaders(exchange: Exchange): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(exchange.headers))
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}
