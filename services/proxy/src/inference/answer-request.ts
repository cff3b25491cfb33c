/**
 * One request, in eight steps: authenticate, limit, resolve, bound, reserve, call, relay, settle.
 * Each step is a file beside this one; it returns a value and knows no other step. Only this file wires them.
 */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ChargeNote } from '@cloudfreedom/contracts';
import { ApiError } from '@cloudfreedom/service-kit';
import type { Permit } from '../limits/request-limits.ts';
import type { Deployment } from '../models/deployment.ts';
import type { AnswerStamp, ClientRequest, Demand, Translation } from '../surfaces/surface.ts';
import { authenticate, type Caller } from './authenticate.ts';
import { type Bounds, bound } from './bound.ts';
import { type AnsweringUpstream, call } from './call.ts';
import { estimateUsage, unseenOutputTokens } from './estimate.ts';
import { Hold } from './hold.ts';
import { limit } from './limit.ts';
import type { Parts } from './parts.ts';
import { endingOf, type Produced } from './produced.ts';
import { relayAnswer } from './relay-answer.ts';
import { relayStream } from './relay-stream.ts';
import { type Reservation, reserve } from './reserve.ts';
import { resolve } from './resolve.ts';
import { giveBack, settle } from './settle.ts';
import { tighten } from './tighten.ts';

export interface Ask {
  requestId: string;
  /** Whom `admit` let in. */
  caller: Caller;
  request: ClientRequest;
  /** Aborted when the client hangs up. */
  clientGone: AbortSignal;
  /** Called where it ends without a charge and without an error to throw. */
  uncharged: () => Promise<void>;
}

export type Answered =
  | { kind: 'stream'; deployment: string; body: Readable }
  | { kind: 'json'; deployment: string; body: string; chargeEur: string | null }
  /** Nobody is there any more to read it. */
  | { kind: 'client_closed' };

/**
 * The first step by itself: it needs no body, and none is read for somebody unknown.
 * @throws ApiError see `authenticate`
 */
export async function admit(
  parts: Parts,
  ask: { requestId: string; authorization: string | undefined },
): Promise<Caller> {
  const startedAtMs = performance.now();
  try {
    return await authenticate(parts, ask.authorization);
  } catch (error) {
    report(parts, { ask, startedAtMs, outcome: outcomeOf(error) });
    throw error;
  }
}

/**
 * The other steps, for a caller who was admitted.
 * @throws ApiError whatever is in the way, before the first byte of an answer
 */
export async function answerRequest(parts: Parts, ask: Ask): Promise<Answered> {
  const startedAtMs = performance.now();
  let deployment: Deployment | undefined;
  let permit: Permit | undefined;
  const { caller, request } = ask;
  const { streamed } = request;
  try {
    permit = await limit(parts, caller);
    deployment = await resolve(parts, caller, request.model, request.kind);
    const demand = request.measure(deployment);
    const to = deployment;
    const boundOf = (wanted: Demand) =>
      bound(wanted, to, { streamed, principal: caller.principal, limits: parts.config.serverTools });
    const bounds = boundOf(demand);
    const closer = async () => {
      const tightened = await tighten(parts.tokenCounter, demand, to);
      return tightened && boundOf(tightened);
    };
    const { requestId, clientGone } = ask;
    const reservation = await reserve(parts, {
      requestId,
      streamed,
      caller,
      deployment,
      bounds,
      tighten: closer,
      clientGone,
    });
    if (reservation === null) {
      permit.release();
      await ask.uncharged();
      report(parts, { ask, startedAtMs, deployment, subject: caller.principal, outcome: 'client_closed' });
      return { kind: 'client_closed' };
    }
    const sentAtMs = performance.now();
    return await answer(parts, { ask, startedAtMs, sentAtMs, permit, deployment, bounds, reservation });
  } catch (error) {
    permit?.release();
    report(parts, { ask, startedAtMs, deployment, subject: caller.principal, outcome: outcomeOf(error) });
    throw error;
  }
}

interface Granted {
  ask: Ask;
  startedAtMs: number;
  /** When the money was there and the provider was called. */
  sentAtMs: number;
  permit: Permit;
  deployment: Deployment;
  bounds: Bounds;
  reservation: Reservation;
}

/** The steps after the money is promised: whatever happens, the reservation is settled or given back. */
async function answer(parts: Parts, granted: Granted): Promise<Answered> {
  const { ask, deployment, bounds, reservation } = granted;
  const adapter = parts.adapters[deployment.api];
  const hold = new Hold(parts, reservation, bounds, () => inputOnly(bounds));
  let handedOver = false;
  try {
    const { streamed } = ask.request;
    const translation = ask.request.translate({ deployment, adapter, stamp: answerStamp() });
    const outputTokensCap = reservation.ceilingOutputTokens;
    const serverToolCallsMax = bounds.reach?.serverToolCallsMax ?? 0;
    const caps = { outputTokensCap, serverToolCallsMax };
    const order = { translation, streamed, deployment, adapter, caps, clientGone: ask.clientGone };
    const upstream = await call(parts, order);
    if (upstream.status === 'failed') {
      await giveBack(parts, reservation, upstream.reason);
      throw upstream.error;
    }
    if (upstream.status === 'client_closed') return await settleUnseen(parts, granted);
    if (!streamed) return await answerWhole(parts, granted, { upstream, translation, firstByteMs: elapsed(granted) });
    handedOver = true;
    const body = relayStream({
      exchange: upstream.exchange,
      translation,
      bounds,
      hold,
      ceilingOutputTokens: reservation.ceilingOutputTokens,
      startedAtMs: granted.startedAtMs,
      sentAtMs: granted.sentAtMs,
      clientGone: ask.clientGone,
      settle: (produced) => finishStream(parts, granted, produced, upstream.upstreamRequestId),
    });
    return { kind: 'stream', deployment: deploymentLabel(deployment), body };
  } finally {
    // A stream outlives this function and closes the hold itself.
    if (!handedOver) hold.close();
  }
}

async function answerWhole(
  parts: Parts,
  granted: Granted,
  order: { upstream: AnsweringUpstream; translation: Translation; firstByteMs: number },
): Promise<Answered> {
  const { ask, deployment, bounds, reservation } = granted;
  const result = await relayAnswer({
    exchange: order.upstream.exchange,
    translation: order.translation,
    bounds,
    cutByBudget: reservation.ceilingOutputTokens < bounds.outputTokensCap,
    firstByteMs: order.firstByteMs,
    clientGone: ask.clientGone,
  });
  if (result.status === 'client_closed') return settleUnseen(parts, granted);
  if (result.status === 'failed') {
    await giveBack(parts, reservation, result.reason);
    throw result.error;
  }
  const { produced } = result;
  const note = await finish(parts, granted, produced, order.upstream.upstreamRequestId);
  return {
    kind: 'json',
    deployment: deploymentLabel(deployment),
    body: await result.answer.write(endingOf(produced, note)),
    chargeEur: note?.charge_eur ?? null,
  };
}

/** The client left before anything of the answer was seen: it pays an estimate of what was produced meanwhile. */
async function settleUnseen(parts: Parts, granted: Granted): Promise<Answered> {
  const { bounds, reservation } = granted;
  const workedMs = performance.now() - granted.sentAtMs;
  const outputTokens = unseenOutputTokens(workedMs, reservation.ceilingOutputTokens * bounds.choices);
  const produced: Produced = {
    outcome: 'client_closed',
    usage: estimateUsage(null, { inputTokens: bounds.inputTokensEstimate, outputTokens }),
    visible: false,
    finishReason: null,
    firstByteMs: null,
    stopped: null,
  };
  await finish(parts, granted, produced, null);
  return { kind: 'client_closed' };
}

/** The end of a granted request: its reservation, its permit, its report. */
async function finish(
  parts: Parts,
  granted: Granted,
  produced: Produced,
  upstreamRequestId: string | null,
): Promise<ChargeNote | null> {
  const { ask, deployment, reservation, permit, startedAtMs } = granted;
  let note: ChargeNote | null = null;
  if (produced.outcome === 'upstream_error' && !produced.visible) {
    await giveBack(parts, reservation, 'the upstream failed before any output');
    await ask.uncharged();
  } else
    note = await settle(parts, {
      reservation,
      produced,
      requestId: ask.requestId,
      simulated: deployment.simulated,
      totalMs: elapsed(granted),
      upstreamRequestId,
      answerWithheld: !ask.request.streamed && produced.outcome !== 'client_closed',
    });
  permit.release();
  report(parts, { ask, startedAtMs, deployment, subject: reservation, outcome: produced.outcome, produced, note });
  return note;
}

/** A stream ends after `answerRequest` returned: a failure at its end is reported here. */
async function finishStream(
  parts: Parts,
  granted: Granted,
  produced: Produced,
  upstreamRequestId: string | null,
): Promise<ChargeNote | null> {
  try {
    return await finish(parts, granted, produced, upstreamRequestId);
  } catch (error) {
    granted.permit.release();
    report(parts, { ...granted, subject: granted.reservation, outcome: outcomeOf(error) });
    throw error;
  }
}

function outcomeOf(error: unknown): string {
  return error instanceof ApiError ? error.code : 'internal';
}

function report(
  parts: Pick<Parts, 'reports'>,
  done: {
    ask: { requestId: string; request?: ClientRequest };
    startedAtMs: number;
    deployment?: Deployment | undefined;
    subject?: { subjectId: string; apiKeyId: string | null };
    outcome: string;
    produced?: Produced;
    note?: ChargeNote | null;
  },
): void {
  parts.reports.write({
    requestId: done.ask.requestId,
    model: done.deployment?.model.name ?? null,
    provider: done.deployment?.model.provider ?? null,
    simulated: done.deployment?.simulated ?? false,
    streamed: done.ask.request?.streamed ?? false,
    outcome: done.outcome,
    subjectId: done.subject?.subjectId ?? null,
    apiKeyId: done.subject?.apiKeyId ?? null,
    usage: done.produced?.usage ?? null,
    chargeEur: done.note?.charge_eur ?? null,
    firstByteMs: done.produced?.firstByteMs ?? null,
    totalMs: elapsed(done),
  });
}

function elapsed({ startedAtMs }: { startedAtMs: number }): number {
  return Math.round(performance.now() - startedAtMs);
}

/** Progress of an answer that nobody has seen yet: its output is unknown, which is not 0. */
function inputOnly(bounds: Bounds) {
  return { basis: 'estimated' as const, meters: { uncached_input: bounds.inputTokensEstimate } };
}

function answerStamp(): AnswerStamp {
  return { id: randomUUID().replaceAll('-', ''), created: Math.floor(Date.now() / 1000) };
}

function deploymentLabel({ model, simulated }: Deployment): string {
  return `${model.provider}/${model.upstreamModel}${simulated ? '; simulated' : ''}`;
}
