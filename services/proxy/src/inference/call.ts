/** Step 6. The upstream request, capped at the granted ceiling. Ends when the provider's status is known. */
import type { ApiError } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { Deployment } from '../models/deployment.ts';
import type { ProviderAdapter } from '../providers/provider.ts';
import type { Translation } from '../surfaces/surface.ts';
import { Exchange } from '../upstream/exchange.ts';
import type { Parts } from './parts.ts';
import { connectionFailure, upstreamFailureError } from './upstream-failure.ts';

const ERROR_BODY_LIMIT_BYTES = 256 * 1024;
const REQUEST_ID_HEADERS = ['x-request-id', 'request-id'] as const;

export interface AnsweringUpstream {
  exchange: Exchange;
  upstreamRequestId: string | null;
}

export type CallResult =
  | ({ status: 'answering' } & AnsweringUpstream)
  /** Nothing was produced; `reason` is for the ledger. */
  | { status: 'failed'; error: ApiError; reason: string }
  | { status: 'client_closed' };

export async function call(
  parts: Pick<Parts, 'upstreams' | 'config'>,
  order: {
    translation: Pick<Translation, 'buildRequest'>;
    streamed: boolean;
    deployment: Deployment;
    adapter: ProviderAdapter;
    caps: { outputTokensCap: number; serverToolCallsMax: number };
    clientGone: AbortSignal;
  },
): Promise<CallResult> {
  const { translation, deployment, adapter, clientGone } = order;
  if (clientGone.aborted) return { status: 'failed', error: proxyError('upstream_error'), reason: 'the client left' };
  const built = translation.buildRequest(order.caps.outputTokensCap, order.caps.serverToolCallsMax);
  if ('unsupported' in built)
    return {
      status: 'failed',
      error: proxyError('unsupported_parameter', built.unsupported),
      reason: 'unsupported parameter',
    };
  const { pool, pathPrefix } = parts.upstreams.of(deployment.baseUrl);
  const { streamStartMs, answerStartMs, betweenChunksMs } = parts.config.timeouts;
  const exchange = new Exchange(pool, {
    method: 'POST',
    path: pathPrefix + built.path,
    headers: { ...built.headers, ...adapter.authenticate(deployment.apiKey) },
    body: built.body,
    headersTimeoutMs: order.streamed ? streamStartMs : answerStartMs,
    bodyTimeoutMs: betweenChunksMs,
  });
  const leave = () => exchange.abort();
  clientGone.addEventListener('abort', leave, { once: true });
  try {
    await exchange.started;
    if (exchange.status < 300) return { status: 'answering', exchange, upstreamRequestId: requestIdOf(exchange) };
    const failure = adapter.readError(
      exchange.status,
      flatHeaders(exchange),
      await exchange.collect(ERROR_BODY_LIMIT_BYTES),
    );
    return { status: 'failed', error: upstreamFailureError(failure), reason: `upstream ${failure.kind}` };
  } catch (error) {
    if (clientGone.aborted && exchange.sent) return { status: 'client_closed' };
    // Cut after the request was sent: the provider may charge for it. That is not the person's debt, so nothing is
    // settled here; such attempts belong on a loss account of the tenant.
    return {
      status: 'failed',
      error: connectionFailure(error as Error, exchange.sent),
      reason: exchange.sent ? 'outcome unknown: cut before a status' : 'nothing was sent upstream',
    };
  } finally {
    clientGone.removeEventListener('abort', leave);
  }
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
