/**
 * An answer that the same request got before, where the tenant allows it and the request asks for it: instead of the steps
 * from `bound` on. Who may ask is decided as always, by billing in the transaction of a reservation of nothing.
 */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ChargeNote } from '@cloudfreedom/contracts';
import { ANSWER_BYTES_MAX, type KeptAnswer } from '../answer-cache/answer-cache.ts';
import { answerName, sentDigest } from '../answer-cache/answer-name.ts';
import type { CachePlace } from '../answer-cache/cache-wish.ts';
import { proxyError } from '../errors.ts';
import type { Deployment } from '../models/deployment.ts';
import type { Ending, Translation } from '../surfaces/surface.ts';
import { requireAbilities } from './abilities.ts';
import { answerStamp } from './answer-stamp.ts';
import { type Answered, servedAgain } from './answered.ts';
import type { Ask, Granted } from './attempt-ending.ts';
import { type Bounds, bound } from './bound.ts';
import type { Gate } from './limit.ts';
import type { Parts } from './parts.ts';
import type { Produced } from './produced.ts';
import { refusalError } from './refusal.ts';
import { elapsed, type Progress, report } from './report.ts';
import { reserveOperation } from './reserve.ts';
import { timed } from './step-times.ts';

/** Ends of an answer that is whole. */
const WHOLE = new Set(['stop', 'tool_calls', 'function_call']);
/** What a request holds and uses that no provider is asked for. */
const NOTHING = { inputTokensMax: 0, outputTokensCap: 0, outputTokensMin: 0, outputTokensSlice: 0, choices: 1 };

/** @returns null: no answer is looked up or kept for this request */
export async function placeInCache(parts: Pick<Parts, 'catalogue'>, ask: Ask): Promise<CachePlace | null> {
  const { cache, request, caller, onlyDeployment } = ask;
  // What is kept of an answer for later requests belongs to the one request that it was made for.
  if (cache === null || onlyDeployment !== null || request.keepsAnswer === true) return null;
  const { tenant } = await parts.catalogue.current();
  const rule = tenant.answerCache ?? 'off';
  if (rule === 'off') return null;
  const { surface, body, earlierWillDo } = cache;
  const { subjectId } = caller.principal;
  return { name: answerName({ tenantId: tenant.id, rule, subjectId, surface, body }), earlierWillDo };
}

/**
 * @returns null: there is none, or none that this request would get today
 * @throws ApiError of a limit or of billing's refusal
 */
export async function answerAgain(
  parts: Parts,
  { name, earlierWillDo }: CachePlace,
  order: { progress: Progress; ask: Ask; deployments: Deployment[]; gate: Gate },
): Promise<Answered | null> {
  const { ask, progress, deployments, gate } = order;
  const kept = earlierWillDo ? await parts.answers.find(name) : null;
  const deployment = kept && deployments.find(({ model }) => model.id === kept.deploymentId);
  const told = kept && deployment && retell(parts, kept, ask, deployment);
  parts.answers.count(told ? 'hit' : 'miss');
  if (!told) return null;
  progress.deployment = deployment;
  const steps = progress.steps ?? [];
  // It uses no tokens: it counts as a request.
  await timed(steps, 'limit', () => gate.pass(0));
  const reservationId = randomUUID();
  const booking = { reservationId, deployment, told, progress };
  const note = await timed(steps, 'reserve', () => bookNothing(parts, ask, booking));
  gate.release();
  await ask.uncharged();
  const body = await told.write({ ...told.ending, note });
  report(parts, { ...progress, outcome: 'cached', note });
  const contentLogDays = keepRetold(parts, ask, { reservationId, deployment, body });
  const served = servedAgain(deployment, gate.states, contentLogDays);
  return ask.request.streamed
    ? { kind: 'stream', ...served, body: Readable.from([Buffer.from(body)]) }
    : { kind: 'json', ...served, body, chargeEur: note?.charge_eur ?? null };
}

/** Where the tenant keeps what is asked, this too. @returns for how many days; 0: not at all */
function keepRetold(
  { contentLog }: Pick<Parts, 'contentLog'>,
  { requestId, surface, body: asked, caller, request }: Ask,
  { reservationId, deployment, body }: { reservationId: string; deployment: Deployment; body: string },
): number {
  const content = contentLog.begin();
  if (!content) return 0;
  if (request.streamed) content.told(body);
  const { subjectId } = caller.principal;
  const answer = request.streamed ? null : body;
  content.keep({ requestId, surface, body: asked, reservationId, subjectId, model: deployment.model.name, answer });
  return content.days;
}

interface Retold {
  bounds: Bounds;
  finishReason: string | null;
  ending: Omit<Ending, 'note'>;
  /** The body for the client. */
  write(ending: Ending): Promise<string>;
}

/** @returns null where the request would be another one to this deployment than it was then */
function retell(parts: Parts, kept: KeptAnswer, ask: Ask, deployment: Deployment): Retold | null {
  const prepared = prepare(parts, ask, deployment);
  if (prepared?.sent !== kept.sent) return null;
  const { translation, bounds } = prepared;
  const ending = { stopped: null, cut: false };
  if (!ask.request.streamed) {
    const answer = translation.readAnswer(kept.body);
    if ('failure' in answer || answer.meters === null) return null;
    const { meters, serviceTier, finishReason } = answer;
    const write = async (end: Ending) => answer.write(end);
    return { bounds, finishReason, ending: { ...ending, meters, serviceTier }, write };
  }
  const stream = translation.createStream();
  const begun = stream.push(Buffer.from(kept.body)) + stream.end();
  const { meters, serviceTier, finishReason, complete, failure } = stream.state;
  if (!complete || failure || meters === null) return null;
  const write = async (end: Ending) => begun + (await stream.close(end));
  return { bounds, finishReason, ending: { ...ending, meters, serviceTier }, write };
}

/** How the deployment would be asked with nothing in the way; null: it can't be. */
function prepare(
  parts: Pick<Parts, 'config' | 'adapters'>,
  { request, caller }: Ask,
  deployment: Deployment,
): { translation: Translation; bounds: Bounds; sent: string } | null {
  const demand = request.measure(deployment);
  let bounds: Bounds;
  try {
    requireAbilities(demand, deployment.model);
    const { streamed } = request;
    bounds = bound(demand, deployment, { streamed, principal: caller.principal, limits: parts.config.serverTools });
  } catch {
    // The attempt says it.
    return null;
  }
  const translation = request.translate({
    deployment,
    adapter: parts.adapters[deployment.api],
    stamp: answerStamp(),
  });
  const built = translation.buildRequest(bounds.outputTokensCap, bounds.reach?.serverToolCallsMax ?? 0);
  return 'unsupported' in built ? null : { translation, bounds, sent: sentDigest(deployment, built) };
}

interface Booking {
  reservationId: string;
  deployment: Deployment;
  told: Retold;
  progress: Progress;
}

/**
 * A reservation of nothing and its end, in one batch: billing decides whether the caller may ask, and the log gets its row.
 * @throws ApiError of the refusal, or `billing_unavailable`
 */
async function bookNothing(
  parts: Parts,
  ask: Ask,
  { reservationId, deployment, told, progress }: Booking,
): Promise<ChargeNote | null> {
  const { requestId, caller, task, request } = ask;
  const bounds = { ...told.bounds, ...NOTHING, reach: undefined };
  const asked = { requestId, attempt: 1, streamed: request.streamed, task, caller, deployment, bounds };
  const [reserved, settled] = await Promise.all([
    parts.ledger.ask(reserveOperation(reservationId, asked), ask.trace),
    parts.ledger.ask({
      op: 'settle',
      reservationId,
      usage: { basis: 'exact', meters: {} },
      outcome: 'cached',
      finishReason: told.finishReason,
      firstByteMs: null,
      totalMs: elapsed(progress),
      upstreamRequestId: null,
    }),
  ]).catch((cause: unknown) => {
    throw proxyError('billing_unavailable', { cause });
  });
  if (reserved.status === 'refused') {
    parts.principals.forget(caller.credential);
    throw refusalError(reserved, { model: deployment.model.name, language: ask.language });
  }
  if (settled.status !== 'settled')
    throw proxyError('billing_unavailable', {
      cause: new Error(`a kept answer: ${reserved.status}, ${settled.status}`),
    });
  const { charge: charge_eur, remaining: remaining_eur } = settled;
  return { charge_eur, remaining_eur, request_id: requestId, simulated: deployment.simulated, cached: true };
}

/** Collects what a provider sends, while it is passed on. */
export class AnswerCopy {
  #parts: Buffer[] = [];
  #bytes = 0;

  add(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes <= ANSWER_BYTES_MAX) this.#parts.push(bytes);
    else this.#parts = [];
  }

  /** null: too much to be kept */
  get text(): string | null {
    return this.#bytes > ANSWER_BYTES_MAX ? null : Buffer.concat(this.#parts, this.#bytes).toString('utf8');
  }
}

/** In the background, once it is paid: whole answers alone, made with nothing of the budget in their way. */
export function keepAnswer(
  parts: Pick<Parts, 'answers' | 'config' | 'adapters'>,
  { place, ask, bounds, reservation, deployment }: Granted,
  { outcome, usage, stopped, finishReason }: Produced,
  body: string | null,
): void {
  if (place === null || body === null || body.length > ANSWER_BYTES_MAX) return;
  const whole = ask.request.kind === 'embedding' || WHOLE.has(finishReason ?? '');
  if (outcome !== 'completed' || usage.basis !== 'exact' || stopped !== null || !whole) return;
  const uncut = reservation.ceilingOutputTokens >= bounds.outputTokensCap;
  // What a search finds is another thing tomorrow; of several choices only the first one's end is known.
  if (!uncut || bounds.choices > 1 || (bounds.reach?.serverToolCallsMax ?? 0) > 0) return;
  const sent = prepare(parts, ask, deployment)?.sent;
  if (sent !== undefined) void parts.answers.keep(place.name, { deploymentId: deployment.model.id, sent, body });
}
