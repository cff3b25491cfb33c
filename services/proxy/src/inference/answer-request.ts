/**
 * One request, in eight steps: authenticate, limit, resolve, bound, reserve, call, relay, settle.
 * Each step is a file beside this one; it returns a value and knows no other step. Only this file wires them.
 */
import { setTimeout } from 'node:timers/promises';
import type { BudgetRefusal, FailedAttempt } from '@cloudfreedom/contracts';
import type { Trace } from '@cloudfreedom/service-kit';
import type { UpstreamRequest } from '../providers/provider.ts';
import type { ClientRequest, Demand, Translation, TranslationOrder } from '../surfaces/surface.ts';
import { requireAbilities } from './abilities.ts';
import { answerStamp } from './answer-stamp.ts';
import { type Answered, servedBy } from './answered.ts';
import {
  type Ask,
  type Attempt,
  clientLeft,
  type FailedCall,
  fail,
  finish,
  finishStream,
  type Granted,
  keepContent,
  settleUnseen,
} from './attempt-ending.ts';
import { AttemptPlan, refusedHere } from './attempt-plan.ts';
import { authenticate, type Caller, type Presented } from './authenticate.ts';
import { type Bounds, bound } from './bound.ts';
import { type AnsweringUpstream, type CallResult, call } from './call.ts';
import { AnswerCopy, answerAgain, keepAnswer, placeInCache } from './earlier-answer.ts';
import { Hold } from './hold.ts';
import { expectedTokens, Gate } from './limit.ts';
import type { Parts } from './parts.ts';
import { endingOf } from './produced.ts';
import { relayAnswer } from './relay-answer.ts';
import { relayStream } from './relay-stream.ts';
import { elapsed, type Progress, reportError } from './report.ts';
import { type Reservation, type ReserveOrder, reserve } from './reserve.ts';
import { resolve } from './resolve.ts';
import { giveBack } from './settle.ts';
import { type StepTime, timed } from './step-times.ts';
import { tighten } from './tighten.ts';

/**
 * The first step by itself: it needs no body, and none is read for somebody unknown.
 * @throws ApiError see `authenticate`
 */
export async function admit(
  parts: Parts,
  ask: { requestId: string; trace: Trace | null; presented: Presented },
): Promise<Caller> {
  const startedAtMs = performance.now();
  const steps: StepTime[] = [];
  try {
    const caller = await timed(steps, 'authenticate', () =>
      authenticate(parts, { ...ask.presented, trace: ask.trace }),
    );
    return { ...caller, admission: steps };
  } catch (error) {
    reportError(parts, { ask, startedAtMs, steps }, error);
    throw error;
  }
}

/**
 * The other steps, for a caller who was admitted.
 * @throws ApiError whatever is in the way, before the first byte of an answer
 */
export async function answerRequest(parts: Parts, ask: Ask): Promise<Answered> {
  const startedAtMs = performance.now();
  const { caller, request } = ask;
  const failedAttempts: FailedAttempt[] = [];
  const steps = [...(caller.admission ?? [])];
  const progress: Progress = { ask, startedAtMs, subject: caller.principal, failedAttempts, steps };
  const gate = new Gate(parts, caller, ask.language);
  try {
    const deployments = await timed(steps, 'resolve', () => resolve(parts, caller, request, ask.onlyDeployment));
    const place = await placeInCache(parts, ask);
    const again = place && (await answerAgain(parts, place, { progress, ask, deployments, gate }));
    if (again) return again;
    const plan = new AttemptPlan(deployments, {
      attemptsMax: parts.config.attemptsMax,
      closedInMs: ({ model }) => parts.circuitBreakers.closedInMs(model.deployment),
      isRested: ({ keyName }) => keyName === null || parts.providerKeys.isAwake(keyName),
    });
    const content = parts.contentLog.begin();
    for (;;) {
      const { deployment, pauseMs } = plan.next();
      progress.deployment = deployment;
      progress.attempts = plan.attempts;
      await pause(pauseMs, ask.clientGone);
      const startedMs = elapsed(progress);
      const tried: Attempt = { ...progress, ask, deployment, attempts: plan.attempts, gate, steps, place, content };
      const outcome = await attempt(parts, tried);
      if (!('failed' in outcome)) return outcome;
      const { failed, upstreamRequestId } = outcome;
      const name = deployment.model.deployment;
      failedAttempts.push({
        deployment: name,
        kind: failed.kind,
        startedMs,
        endedMs: elapsed(progress),
        upstreamRequestId,
      });
      plan.note(deployment, failed);
    }
  } catch (error) {
    gate.release();
    reportError(parts, progress, error);
    throw error;
  }
}

/** Ends early when the client leaves. */
async function pause(forMs: number, clientGone: AbortSignal): Promise<void> {
  if (forMs > 0) await setTimeout(forMs, undefined, { signal: clientGone }).catch(() => undefined);
}

type AttemptOutcome = Answered | FailedCall;

/** Steps 4 and 5 for one deployment: each attempt has its own bound and its own reservation. */
async function attempt(parts: Parts, tried: Attempt): Promise<AttemptOutcome> {
  const { ask, deployment, steps } = tried;
  const { caller, request, requestId, trace, task, clientGone, language } = ask;
  const { streamed } = request;
  const limits = parts.config.serverTools;
  const boundOf = (demand: Demand) => bound(demand, deployment, { streamed, principal: caller.principal, limits });
  const demand = request.measure(deployment);
  let bounds: Bounds;
  const startedAtMs = performance.now();
  try {
    requireAbilities(demand, deployment.model);
    bounds = boundOf(demand);
  } catch (error) {
    const refused = refusedHere(error);
    if (refused) return { failed: refused, upstreamRequestId: null };
    throw error;
  }
  steps.push({ step: 'bound', startedAtMs, endedAtMs: performance.now() });
  const closer = async (refused: BudgetRefusal) => {
    const adapter = parts.adapters[deployment.api];
    const toSend = () => requestToCount(request, { deployment, adapter, stamp: answerStamp() }, bounds);
    const tightened = await tighten(parts, { demand, deployment, adapter, refused, request: toSend, clientGone });
    return tightened && boundOf(tightened);
  };
  const about = { requestId, trace, attempt: tried.attempts, streamed, task, caller, deployment, bounds };
  const reservation = clientGone.aborted
    ? null
    : await reserveWithinLimits(parts, tried, { ...about, tighten: closer, clientGone, language });
  if (reservation === null) return clientLeft(parts, tried);
  return answer(parts, { ...tried, sentAtMs: performance.now(), bounds, reservation });
}

/**
 * Steps 2 and 5 at once: Redis and billing are asked together. Whoever runs into a limit leaves no hold behind.
 * @returns null when the client left
 */
async function reserveWithinLimits(
  parts: Parts,
  { gate, steps }: Pick<Attempt, 'gate' | 'steps'>,
  order: ReserveOrder,
): Promise<Reservation | null> {
  const passing = timed(steps, 'limit', () => gate.pass(expectedTokens(order.bounds)));
  const reserving = (wanted: ReserveOrder) => timed(steps, 'reserve', () => reserve(parts, wanted));
  if (gate.answersAtOnce) {
    await passing;
    return reserving(order);
  }
  const stop = new AbortController();
  const leave = () => stop.abort();
  order.clientGone.addEventListener('abort', leave, { once: true });
  passing.catch(leave);
  const [passed, money] = await Promise.allSettled([passing, reserving({ ...order, clientGone: stop.signal })]);
  order.clientGone.removeEventListener('abort', leave);
  if (passed.status === 'rejected') {
    if (money.status === 'fulfilled' && money.value) await giveBack(parts, money.value, 'a rate limit was in the way');
    throw passed.reason;
  }
  if (money.status === 'rejected') throw money.reason;
  return money.value;
}

/** As it would go out; null: this deployment can't be asked for it, which is told when it is. */
function requestToCount(request: ClientRequest, order: TranslationOrder, bounds: Bounds): UpstreamRequest | null {
  const built = request.translate(order).buildRequest(bounds.outputTokensCap, bounds.reach?.serverToolCallsMax ?? 0);
  return 'unsupported' in built ? null : built;
}

/** The steps after the money is promised: whatever happens, the reservation is settled or given back. */
async function answer(parts: Parts, granted: Granted): Promise<AttemptOutcome> {
  const { ask, bounds, reservation } = granted;
  const hold = new Hold(parts, reservation, bounds, () => inputOnly(bounds));
  let handedOver = false;
  try {
    const { streamed } = ask.request;
    const { translation, upstream } = await timed(granted.steps, 'call', () => callUpstream(parts, granted));
    if (upstream.status === 'failed') return await fail(parts, granted, upstream.failure, upstream.upstreamRequestId);
    if (upstream.status === 'client_closed' && upstream.sent) return await settleUnseen(parts, granted);
    if (upstream.status === 'client_closed') {
      await giveBack(parts, reservation, 'the client left');
      return clientLeft(parts, granted);
    }
    if (!streamed) return await answerWhole(parts, granted, { upstream, translation, firstByteMs: elapsed(granted) });
    handedOver = true;
    const copy = granted.place && new AnswerCopy();
    const relayed = await relayStream({
      exchange: upstream.exchange,
      translation,
      bounds,
      hold,
      ceilingOutputTokens: reservation.ceilingOutputTokens,
      startedAtMs: granted.startedAtMs,
      sentAtMs: granted.sentAtMs,
      clientGone: ask.clientGone,
      copy,
      told: granted.content && ((events) => granted.content?.told(events)),
      settle: async (produced) => {
        const note = await finishStream(parts, granted, produced, upstream.upstreamRequestId);
        if (copy) keepAnswer(parts, granted, produced, copy.text);
        return note;
      },
    });
    if (relayed.status === 'failed') return await fail(parts, granted, relayed.failure, upstream.upstreamRequestId);
    return { kind: 'stream', ...servedBy(granted, upstream.upstreamRequestId), body: relayed.body };
  } finally {
    // A stream outlives this function and closes the hold itself.
    if (!handedOver) hold.close();
  }
}

/** Step 6. A fault of ours must not leave the money held until it expires, which would charge it. */
async function callUpstream(
  parts: Parts,
  granted: Granted,
): Promise<{ translation: Translation; upstream: CallResult }> {
  const { ask, deployment, bounds, reservation } = granted;
  const { streamed } = ask.request;
  const adapter = parts.adapters[deployment.api];
  const serverToolCallsMax = bounds.reach?.serverToolCallsMax ?? 0;
  const caps = { outputTokensCap: reservation.ceilingOutputTokens, serverToolCallsMax };
  try {
    const translation = ask.request.translate({ deployment, adapter, stamp: answerStamp() });
    const { clientGone, trace } = ask;
    const order = { translation, streamed, deployment, adapter, caps, trace, clientGone };
    return { translation, upstream: await call(parts, order) };
  } catch (error) {
    await giveBack(parts, reservation, 'it could not be sent upstream');
    throw error;
  }
}

async function answerWhole(
  parts: Parts,
  granted: Granted,
  order: { upstream: AnsweringUpstream; translation: Translation; firstByteMs: number },
): Promise<AttemptOutcome> {
  const { ask, bounds, reservation } = granted;
  const { upstreamRequestId } = order.upstream;
  const result = await relayAnswer({
    exchange: order.upstream.exchange,
    translation: order.translation,
    bounds,
    cutByBudget: reservation.ceilingOutputTokens < bounds.outputTokensCap,
    firstByteMs: order.firstByteMs,
    clientGone: ask.clientGone,
  });
  if (result.status === 'client_closed') return settleUnseen(parts, granted);
  if (result.status === 'failed') return fail(parts, granted, result.failure, upstreamRequestId);
  const { produced } = result;
  const note = await finish(parts, granted, produced, upstreamRequestId);
  keepAnswer(parts, granted, produced, result.body);
  const body = await result.answer.write(endingOf(produced, note));
  keepContent(granted, body);
  return {
    kind: 'json',
    ...servedBy(granted, upstreamRequestId),
    body,
    chargeEur: note?.charge_eur ?? null,
  };
}

/** Progress of an answer that nobody has seen yet: its output is unknown, which is not 0. */
function inputOnly(bounds: Bounds) {
  return { basis: 'estimated' as const, meters: { uncached_input: bounds.inputTokensEstimate } };
}
