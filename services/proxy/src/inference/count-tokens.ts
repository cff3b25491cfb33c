/**
 * Counting the input of a request. It costs nothing, so no money is asked for; who asks, how often and which model is
 * checked as for any request.
 */
import type { Locale } from '@cloudfreedom/contracts';
import { proxyError } from '../errors.ts';
import type { Deployment } from '../models/deployment.ts';
import type { CountRequest } from '../surfaces/surface.ts';
import type { Caller } from './authenticate.ts';
import { call } from './call.ts';
import { estimateInput } from './estimate.ts';
import { Gate } from './limit.ts';
import type { Parts } from './parts.ts';
import { resolve } from './resolve.ts';

const COUNT_LIMIT_BYTES = 64 * 1024;
const NOTHING = { outputTokensCap: 0, serverToolCallsMax: 0 };

interface Ask {
  requestId: string;
  /** Whom `admit` let in. */
  caller: Caller;
  request: CountRequest;
  /** Of sentences for the person. */
  language: Locale;
  /** Aborted when the client hangs up. */
  clientGone: AbortSignal;
}

/** @throws ApiError whatever is in the way */
export async function countTokens(parts: Parts, ask: Ask): Promise<{ inputTokens: number; exact: boolean }> {
  const gate = new Gate(parts, ask.caller, ask.language);
  try {
    await gate.pass(0);
    const [deployment] = await resolve(parts, ask.caller, { model: ask.request.model, kind: 'chat' }, null);
    const inputTokens = deployment ? await countUpstream(parts, ask, deployment) : null;
    if (inputTokens !== null) return { inputTokens, exact: true };
    return { inputTokens: Math.max(1, estimateInput(ask.request.measure())), exact: false };
  } finally {
    gate.release();
  }
}

/** null: this provider doesn't count. */
async function countUpstream(
  parts: Parts,
  { request, clientGone }: Ask,
  deployment: Deployment,
): Promise<number | null> {
  const adapter = parts.adapters[deployment.api];
  const counting = request.translate(deployment, adapter);
  if (!counting) return null;
  const { buildRequest, readCount } = counting;
  const order = { translation: { buildRequest }, streamed: false, caps: NOTHING, deployment, adapter, clientGone };
  const result = await call(parts, order);
  if (result.status === 'failed') throw result.failure.error;
  if (result.status === 'client_closed') throw proxyError('upstream_error');
  const count = readCount(await readBody(result.exchange));
  if (count === null) throw proxyError('upstream_error', { message: 'The provider sent a count that is none.' });
  return count;
}

async function readBody(exchange: { collect(limitBytes: number): Promise<string> }): Promise<string> {
  try {
    return await exchange.collect(COUNT_LIMIT_BYTES);
  } catch (cause) {
    throw proxyError('upstream_error', { cause });
  }
}
