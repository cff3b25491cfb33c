/**
 * The provider's own count of what is about to be sent, for a request that a budget refuses by its bytes. It never makes a
 * request fail, and says nothing about how well the provider does: no circuit opens and no key rests for it.
 */
import type { Deployment } from '../models/deployment.ts';
import { authorization } from '../models/server.ts';
import type { ProviderAdapter, UpstreamRequest } from '../providers/provider.ts';
import { Exchange } from '../upstream/exchange.ts';
import type { Parts } from './parts.ts';

/** Of the whole call; a person waits for it. */
const TIMEOUT_MS = 2_000;
const AT_ONCE_MAX = 8;
const ANSWER_LIMIT_BYTES = 64 * 1024;

type CountParts = Pick<Parts, 'upstreams' | 'providerKeys'>;

export interface CountOrder {
  /** As it would be sent to be answered. */
  request: UpstreamRequest;
  deployment: Deployment;
  adapter: ProviderAdapter;
  clientGone: AbortSignal;
}

let running = 0;

/** @returns tokens of the input; null: it doesn't count, not in time, or too many are being counted */
export async function countUpstream(parts: CountParts, order: CountOrder): Promise<number | null> {
  const { adapter, clientGone } = order;
  if (!adapter.counting || running >= AT_ONCE_MAX || clientGone.aborted) return null;
  running += 1;
  try {
    const exchange = open(parts, order, adapter.counting.countOf(order.request));
    return exchange && adapter.counting.readCount(await bodyOf(exchange, clientGone));
  } catch {
    return null;
  } finally {
    running -= 1;
  }
}

/** null: there is no key for it */
function open({ upstreams, providerKeys }: CountParts, order: CountOrder, request: UpstreamRequest): Exchange | null {
  const { model, server, simulated, keyName } = order.deployment;
  const key = keyName === null ? null : providerKeys.choose(keyName);
  if (keyName !== null && key === null) return null;
  const secret = simulated ? 'simulated' : (key?.secret ?? null);
  const { pool, pathPrefix } = upstreams.of(server);
  return new Exchange(pool, {
    method: 'POST',
    path: pathPrefix + request.path,
    headers: { ...request.headers, ...authorization(order.adapter, model, secret) },
    body: request.body,
    headersTimeoutMs: TIMEOUT_MS,
    bodyTimeoutMs: TIMEOUT_MS,
  });
}

/** @throws whatever is in the way, a status that is no success and the end of the time included */
async function bodyOf(exchange: Exchange, clientGone: AbortSignal): Promise<string> {
  const end = () => exchange.abort();
  const timer = setTimeout(end, TIMEOUT_MS);
  clientGone.addEventListener('abort', end, { once: true });
  try {
    await exchange.started;
    if (exchange.status !== 200) throw new Error(`the count was answered with ${exchange.status}`);
    return await exchange.collect(ANSWER_LIMIT_BYTES);
  } finally {
    clearTimeout(timer);
    clientGone.removeEventListener('abort', end);
    exchange.abort();
  }
}
