/** How an attempt ends: settled, given back or left, with its report; what is told of it is the same everywhere. */
import type { ChargeNote, Locale, UsageTask } from '@cloudfreedom/contracts';
import type { Trace } from '@cloudfreedom/service-kit';
import type { CachePlace, CacheWish } from '../answer-cache/cache-wish.ts';
import type { ContentTake } from '../content-log/content-log.ts';
import type { Deployment } from '../models/deployment.ts';
import type { ClientRequest } from '../surfaces/surface.ts';
import type { AttemptFailure } from './attempt-plan.ts';
import type { Caller } from './authenticate.ts';
import type { Bounds } from './bound.ts';
import { estimateUsage, unseenOutputTokens } from './estimate.ts';
import type { Gate } from './limit.ts';
import type { Parts } from './parts.ts';
import type { Produced } from './produced.ts';
import { elapsed, noteFailed, type Progress, report, reportError } from './report.ts';
import type { Reservation } from './reserve.ts';
import { giveBack, settle } from './settle.ts';
import { noteRelay, type StepTime, timed } from './step-times.ts';

export interface Ask {
  requestId: string;
  trace: Trace | null;
  /** Whom `admit` let in. */
  caller: Caller;
  request: ClientRequest;
  /** As the client sent it, checked; for the tenant that keeps what is asked. */
  body: unknown;
  /** The route that was asked. */
  surface: string;
  /** Null: somebody's question. */
  task: UsageTask | null;
  /** The one deployment that an admin wants to see at work; null: whichever serves the model. */
  onlyDeployment: string | null;
  /** null: an earlier answer won't do, and this one isn't kept. */
  cache: CacheWish | null;
  /** Aborted when the client hangs up. */
  clientGone: AbortSignal;
  /** Of sentences for the person. */
  language: Locale;
  /** Called where it ends without a charge and without an error to throw. */
  uncharged: () => Promise<void>;
}

/** Nobody is there any more to read an answer. */
export interface ClientClosed {
  kind: 'client_closed';
}

export interface Attempt extends Progress {
  ask: Ask;
  deployment: Deployment;
  attempts: number;
  gate: Gate;
  steps: StepTime[];
  /** null: the answer is not kept. */
  place: CachePlace | null;
  /** null: the tenant keeps nothing of it. */
  content: ContentTake | null;
}

export interface Granted extends Attempt {
  /** When the money was there and the provider was called. */
  sentAtMs: number;
  bounds: Bounds;
  reservation: Reservation;
}

/** An attempt that came to nothing. */
export interface FailedCall {
  failed: AttemptFailure;
  upstreamRequestId: string | null;
}

/** Before anything was sent for this attempt. */
export async function clientLeft(parts: Parts, tried: Attempt): Promise<ClientClosed> {
  tried.gate.release();
  await tried.ask.uncharged();
  report(parts, { ...tried, outcome: 'client_closed' });
  return { kind: 'client_closed' };
}

/**
 * An attempt that came to nothing: its money goes back, and somebody else may be tried. Where nobody can say whether the
 * provider worked, an estimate is the tenant's loss.
 */
export async function fail(
  parts: Parts,
  granted: Granted,
  failure: AttemptFailure,
  upstreamRequestId: string | null,
): Promise<FailedCall> {
  const { deployment, attempts, ask } = granted;
  const lost = failure.outcomeUnknown ? unseenUsage(granted) : undefined;
  await giveBack(parts, granted.reservation, failure.reason, lost);
  parts.reports.noteFailedAttempt({
    requestId: ask.requestId,
    attempt: attempts,
    deployment: deployment.model.deployment,
    kind: failure.kind,
    upstreamRequestId,
    cause: failure.error.cause,
  });
  return { failed: failure, upstreamRequestId };
}

/** What the provider has probably produced since it was called, of which nothing was seen. */
function unseenUsage({ bounds, reservation, sentAtMs }: Granted) {
  const capTokens = reservation.ceilingOutputTokens * bounds.choices;
  const outputTokens = unseenOutputTokens(performance.now() - sentAtMs, capTokens);
  return estimateUsage(null, { inputTokens: bounds.inputTokensEstimate, outputTokens });
}

/** The client left before anything of the answer was seen: it pays an estimate of what was produced meanwhile. */
export async function settleUnseen(parts: Parts, granted: Granted): Promise<ClientClosed> {
  const produced: Produced = {
    outcome: 'client_closed',
    usage: unseenUsage(granted),
    visible: false,
    outcomeUnknown: false,
    errorKind: null,
    finishReason: null,
    firstByteMs: null,
    stopped: null,
  };
  await finish(parts, granted, produced, null);
  keepContent(granted, null);
  return { kind: 'client_closed' };
}

/** Where the tenant keeps what is asked. @param answer in one piece; null: it was told as a stream, or to nobody */
export function keepContent({ content, ask, deployment, reservation }: Granted, answer: string | null): void {
  const { requestId, surface, body } = ask;
  const { reservationId, subjectId } = reservation;
  content?.keep({ requestId, surface, body, reservationId, subjectId, model: deployment.model.name, answer });
}

/** The end of a granted request: its reservation, its place within the limits, its report. */
export async function finish(
  parts: Parts,
  granted: Granted,
  produced: Produced,
  upstreamRequestId: string | null,
): Promise<ChargeNote | null> {
  const { ask, deployment, reservation, gate } = granted;
  let note: ChargeNote | null = null;
  noteRelay(granted.steps);
  if (produced.outcome === 'upstream_error' && !produced.visible) {
    const lost = produced.outcomeUnknown ? produced.usage : undefined;
    await giveBack(parts, reservation, 'the upstream failed before any output', lost);
    await ask.uncharged();
    noteFailed(parts, granted, { code: 'upstream_error', errorKind: produced.errorKind });
  } else
    note = await timed(granted.steps, 'settle', () =>
      settle(parts, {
        reservation,
        produced,
        requestId: ask.requestId,
        simulated: deployment.simulated,
        totalMs: elapsed(granted),
        upstreamRequestId,
        waitedMs: Math.round(granted.sentAtMs - granted.startedAtMs),
        failedAttempts: granted.failedAttempts ?? [],
        answerWithheld: !ask.request.streamed && produced.outcome !== 'client_closed',
      }),
    );
  gate.release(
    note === null && produced.outcome === 'upstream_error' && !produced.visible ? undefined : produced.usage,
  );
  report(parts, { ...granted, subject: reservation, outcome: produced.outcome, produced, note, upstreamRequestId });
  return note;
}

/** A stream ends after `answerRequest` returned: a failure at its end is reported here. */
export async function finishStream(
  parts: Parts,
  granted: Granted,
  produced: Produced,
  upstreamRequestId: string | null,
): Promise<ChargeNote | null> {
  try {
    const note = await finish(parts, granted, produced, upstreamRequestId);
    if (produced.outcome === 'upstream_error' && !produced.visible) granted.content?.drop();
    else keepContent(granted, null);
    return note;
  } catch (error) {
    granted.content?.drop();
    granted.gate.release(produced.usage);
    reportError(parts, { ...granted, subject: granted.reservation }, error);
    throw error;
  }
}
