/** What is told of a request once it is over. */
import type { ChargeNote, FailedAttempt } from '@cloudfreedom/contracts';
import { ApiError, type Trace } from '@cloudfreedom/service-kit';
import type { Deployment } from '../models/deployment.ts';
import type { ClientRequest } from '../surfaces/surface.ts';
import type { Parts } from './parts.ts';
import type { Produced } from './produced.ts';
import { Block } from './refusal.ts';
import type { StepTime } from './step-times.ts';

/** How far a request has come. */
export interface Progress {
  ask: { requestId: string; request?: ClientRequest; trace: Trace | null };
  startedAtMs: number;
  subject?: { subjectId: string; apiKeyId: string | null };
  deployment?: Deployment;
  attempts?: number;
  /** What came to nothing before. */
  failedAttempts?: FailedAttempt[];
  steps?: StepTime[];
}

export function report(
  parts: Pick<Parts, 'reports'>,
  done: Progress & {
    outcome: string;
    produced?: Produced;
    note?: ChargeNote | null;
    upstreamRequestId?: string | null;
    block?: Block | null;
  },
): void {
  parts.reports.write({
    requestId: done.ask.requestId,
    trace: done.ask.trace,
    startedAtMs: done.startedAtMs,
    failedAttempts: done.failedAttempts ?? [],
    model: done.deployment?.model.name ?? null,
    provider: done.deployment?.model.provider ?? null,
    deployment: done.deployment?.model.deployment ?? null,
    attempts: done.attempts ?? 0,
    upstreamRequestId: done.upstreamRequestId ?? null,
    simulated: done.deployment?.simulated ?? false,
    streamed: done.ask.request?.streamed ?? false,
    outcome: done.outcome,
    subjectId: done.subject?.subjectId ?? null,
    apiKeyId: done.subject?.apiKeyId ?? null,
    usage: done.produced?.usage ?? null,
    chargeEur: done.note?.charge_eur ?? null,
    firstByteMs: done.produced?.firstByteMs ?? null,
    totalMs: elapsed(done),
    kind: done.ask.request?.kind ?? null,
    steps: done.steps ?? [],
    limit: limitOf(done.outcome, done.block ?? null),
  });
}

/** What stood in the way, in a word. */
function limitOf(outcome: string, block: Block | null): string | null {
  if (block?.limit) return block.limit.kind;
  return block?.budget ? `${outcome}_${block.budget.level}` : null;
}

/** A request that got an error: reported, and told to the admins where it is somebody's. */
export function reportError(parts: Pick<Parts, 'reports' | 'failures'>, done: Progress, error: unknown): void {
  const block = error instanceof ApiError && error.cause instanceof Block ? error.cause : null;
  report(parts, { ...done, outcome: outcomeOf(error), block });
  noteFailed(parts, done, { code: outcomeOf(error), errorKind: done.failedAttempts?.at(-1)?.kind ?? null, block });
}

/** For the admins; of nobody known nothing is kept. */
export function noteFailed(
  parts: Pick<Parts, 'failures'>,
  done: Progress,
  failed: { code: string; errorKind: string | null; block?: Block | null },
): void {
  const subject = done.subject ?? failed.block?.bearer;
  if (!subject) return;
  parts.failures.note({
    code: failed.code,
    errorKind: failed.errorKind,
    subjectId: subject.subjectId,
    apiKeyId: subject.apiKeyId,
    model: done.deployment?.model.name ?? null,
    provider: done.deployment?.model.provider ?? null,
    deployment: done.deployment?.model.deployment ?? null,
    requestId: done.ask.requestId,
    budget: failed.block?.budget ?? null,
    limit: failed.block?.limit ?? null,
    attempts: done.failedAttempts ?? [],
    totalMs: elapsed(done),
  });
}

function outcomeOf(error: unknown): string {
  return error instanceof ApiError ? error.code : 'internal';
}

/** Milliseconds since the request came in. */
export function elapsed({ startedAtMs }: { startedAtMs: number }): number {
  return Math.round(performance.now() - startedAtMs);
}
