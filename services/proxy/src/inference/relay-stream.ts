/**
 * Step 7 for a stream: decode, meter, pass on. Nothing here waits per chunk; what arrives in one tick leaves in one
 * write; a client that reads slowly slows the upstream down.
 */
import { Readable } from 'node:stream';
import type { ChargeNote, Outcome, Usage } from '@cloudfreedom/contracts';
import { ApiError } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { UpstreamFailure } from '../providers/provider.ts';
import type { ClientStream, Translation } from '../surfaces/surface.ts';
import type { BodySink, Exchange } from '../upstream/exchange.ts';
import type { AttemptFailure, AttemptFailureKind } from './attempt-plan.ts';
import type { Bounds } from './bound.ts';
import { BYTES_PER_TOKEN_AHEAD, estimateUsage, unseenOutputTokens, visibleOutputTokens } from './estimate.ts';
import type { Hold } from './hold.ts';
import { endingOf, type Produced, servedTier } from './produced.ts';
import { connectionFailure, failureOfAttempt, leavesOutcomeUnknown, upstreamFailureError } from './upstream-failure.ts';

const BUFFER_BYTES = 64 * 1024;

export interface StreamOrder {
  exchange: Exchange;
  translation: Translation;
  bounds: Bounds;
  hold: Hold;
  ceilingOutputTokens: number;
  startedAtMs: number;
  /** When the provider was called. */
  sentAtMs: number;
  clientGone: AbortSignal;
  /** Gets what the provider sends too; null: nothing of it is kept. */
  copy: { add(bytes: Buffer): void } | null;
  /** Hears what the client is told, event by event; null: nobody does. */
  told: ((events: string) => void) | null;
  /** Make the usage durable; called once, before the end is written. */
  settle: (produced: Produced) => Promise<ChargeNote | null>;
}

export type StreamResult =
  | { status: 'streaming'; body: Readable }
  /** The provider said so before there was a byte for the client: nothing was settled. */
  | { status: 'failed'; failure: AttemptFailure };

/**
 * The body for the client, once it begins: server-sent events in the form of its API. Destroying it stops the upstream and
 * settles.
 */
export async function relayStream(order: StreamOrder): Promise<StreamResult> {
  const relay = new StreamRelay(order);
  const failure = await relay.begun;
  return failure ? { status: 'failed', failure: failureOfAttempt(failure) } : { status: 'streaming', body: relay };
}

class StreamRelay extends Readable implements BodySink {
  readonly #order: StreamOrder;
  readonly #stream: ClientStream;
  readonly #leave = () => this.destroy();
  /** Fulfilled when there is something for the client, or with the failure that came first. */
  readonly begun: Promise<UpstreamFailure | null>;
  #begin!: (failure: UpstreamFailure | null) => void;
  #firstByteMs: number | null = null;
  #pending = '';
  #flushPlanned = false;
  #clientWantsMore = true;
  #holdWaits = false;
  #ending = false;

  constructor(order: StreamOrder) {
    super({ highWaterMark: BUFFER_BYTES });
    this.#order = order;
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
    this.#stream = order.translation.createStream();
    order.hold.watch({ progress: () => this.#usageSoFar(), changed: () => this.#meter() });
    order.clientGone.addEventListener('abort', this.#leave, { once: true });
    order.exchange.attach(this);
    if (order.clientGone.aborted) this.destroy();
  }

  data(bytes: Buffer): void {
    if (this.#ending) return;
    this.#order.copy?.add(bytes);
    // An adapter's fault must end as a settled error, not as a broken connection.
    try {
      this.#take(this.#stream.push(bytes));
    } catch (error) {
      return void this.#end('upstream_error', proxyError('upstream_error', { cause: error }), 'malformed_answer');
    }
    if (this.#stream.state.failure) this.#endWithUpstream();
    else this.#meter();
  }

  end(): void {
    if (this.#ending) return;
    try {
      this.#take(this.#stream.end());
    } catch (error) {
      return void this.#end('upstream_error', proxyError('upstream_error', { cause: error }), 'malformed_answer');
    }
    this.#endWithUpstream();
  }

  error(error: Error): void {
    if (this.#ending) return;
    const { error: told, kind } = connectionFailure(error, true);
    void this.#end('upstream_error', told, kind);
  }

  override _read(): void {
    this.#clientWantsMore = true;
    this.#flow();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    void this.#end('client_closed', null);
    done(error);
  }

  #take(text: string): void {
    if (text === '') return;
    this.#firstByteMs ??= Math.round(performance.now() - this.#order.startedAtMs);
    this.#pending += text;
    this.#order.told?.(text);
    this.#begin(null);
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    process.nextTick(() => this.#flush());
  }

  #flush(): void {
    this.#flushPlanned = false;
    const text = this.#pending;
    this.#pending = '';
    if (text === '' || this.destroyed || this.readableEnded) return;
    this.#clientWantsMore = this.push(text);
    this.#flow();
  }

  #meter(): void {
    if (this.#ending) return;
    // Whole already: what is still to come is its usage, and nothing is left to stop.
    const isWhole = this.#stream.state.complete;
    const verdict = isWhole ? 'go' : this.#order.hold.advance(this.#tokensAhead());
    if (verdict === 'stop') return void this.#end('budget_stopped', null);
    this.#holdWaits = verdict === 'wait';
    this.#flow();
  }

  #tokensAhead(): number {
    return Math.ceil(this.#stream.outputBytes / BYTES_PER_TOKEN_AHEAD);
  }

  #flow(): void {
    if (this.#ending) return;
    if (this.#clientWantsMore && !this.#holdWaits) this.#order.exchange.resume();
    else this.#order.exchange.pause();
  }

  #endWithUpstream(): void {
    const { failure, complete } = this.#stream.state;
    if (failure && this.#firstByteMs === null) this.#giveUp(failure);
    else if (failure) void this.#end('upstream_error', upstreamFailureError(failure), failure.kind);
    else if (complete) void this.#end('completed', null);
    else
      void this.#end(
        'upstream_error',
        proxyError('upstream_error', { message: 'The provider ended the answer in the middle.' }),
        'cut',
      );
  }

  /** Another attempt may do better: this one's reservation is not ended here. */
  #giveUp(failure: UpstreamFailure): void {
    this.#letGo(true);
    this.#begin(failure);
    this.destroy();
  }

  #letGo(early: boolean): void {
    this.#ending = true;
    const { exchange, hold, clientGone } = this.#order;
    if (early) exchange.abort();
    hold.close();
    clientGone.removeEventListener('abort', this.#leave);
  }

  async #end(outcome: Outcome, failure: ApiError | null, errorKind: AttemptFailureKind | null = null): Promise<void> {
    if (this.#ending) return;
    this.#letGo(outcome !== 'completed');
    this.#begin(null);
    const produced = this.#produced(outcome, errorKind);
    let tail: string;
    try {
      const note = await this.#order.settle(produced);
      tail = failure ? this.#stream.fail(failure) : await this.#stream.close(endingOf(produced, note));
    } catch (error) {
      tail = this.#stream.fail(error instanceof ApiError ? error : proxyError('upstream_error', { cause: error }));
    }
    if (this.destroyed) return;
    this.push(this.#pending + tail);
    this.#pending = '';
    this.push(null);
  }

  #produced(outcome: Outcome, errorKind: AttemptFailureKind | null): Produced {
    const { state } = this.#stream;
    const { hold, ceilingOutputTokens, bounds } = this.#order;
    const exact = state.complete && state.meters !== null && outcome === 'completed';
    const cutAtCeiling = state.finishReason === 'length' && ceilingOutputTokens < bounds.outputTokensCap;
    return {
      outcome,
      usage:
        exact && state.meters ? { basis: 'exact', meters: state.meters, ...servedTier(state) } : this.#usageSoFar(),
      visible: this.#stream.outputBytes > 0,
      outcomeUnknown: outcome === 'upstream_error' && (!state.failure || leavesOutcomeUnknown(state.failure)),
      errorKind,
      finishReason: outcome === 'budget_stopped' ? 'length' : state.finishReason,
      firstByteMs: this.#firstByteMs,
      stopped: outcome === 'budget_stopped' ? hold.stopReason : cutAtCeiling ? 'budget' : null,
    };
  }

  #usageSoFar(): Usage {
    const { bounds, ceilingOutputTokens, sentAtMs } = this.#order;
    const seen = visibleOutputTokens(this.#stream.outputBytes);
    const unseen = bounds.outputHidden
      ? unseenOutputTokens(performance.now() - sentAtMs, ceilingOutputTokens * bounds.choices)
      : 0;
    const { state } = this.#stream;
    const guess = { inputTokens: bounds.inputTokensEstimate, outputTokens: Math.max(seen, unseen) };
    return { ...estimateUsage(state.meters, guess), ...servedTier(state) };
  }
}
