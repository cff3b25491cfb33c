/**
 * Step 7 for a stream: decode, meter, pass on. Nothing here waits per chunk; what arrives in one tick leaves in one
 * write; a client that reads slowly slows the upstream down.
 */
import { Readable } from 'node:stream';
import type { ChargeNote, Outcome, Usage } from '@cloudfreedom/contracts';
import { ApiError } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { AnswerContext, ProviderAdapter, StreamChunk, StreamReader } from '../providers/provider.ts';
import type { BodySink, Exchange } from '../upstream/exchange.ts';
import type { Bounds } from './bound.ts';
import { BYTES_PER_TOKEN_AHEAD, estimateUsage, unseenOutputTokens, visibleOutputTokens } from './estimate.ts';
import type { Hold } from './hold.ts';
import type { Produced } from './produced.ts';
import { lengthChunk, usageChunk } from './stream-chunks.ts';
import { connectionFailure, upstreamFailureError } from './upstream-failure.ts';

const BUFFER_BYTES = 64 * 1024;

export interface StreamOrder {
  exchange: Exchange;
  adapter: ProviderAdapter;
  context: AnswerContext;
  bounds: Bounds;
  hold: Hold;
  ceilingOutputTokens: number;
  /** Output that the stream doesn't show. */
  hiddenReasoning: boolean;
  startedAtMs: number;
  /** When the provider was called. */
  sentAtMs: number;
  clientGone: AbortSignal;
  /** Make the usage durable; called once, before the end is written. */
  settle: (produced: Produced) => Promise<ChargeNote | null>;
}

/** The body for the client: server-sent events in OpenAI's form. Destroying it stops the upstream and settles. */
export function relayStream(order: StreamOrder): Readable {
  return new StreamRelay(order);
}

class StreamRelay extends Readable implements BodySink {
  readonly #order: StreamOrder;
  readonly #reader: StreamReader;
  readonly #leave = () => this.destroy();
  #outputBytes = 0;
  #firstByteMs: number | null = null;
  #pending = '';
  #flushPlanned = false;
  #clientWantsMore = true;
  #holdWaits = false;
  #ending = false;
  /** Choices that have their finish reason; kept only where we may have to finish some of several ourselves. */
  readonly #finishedChoices = new Set<number>();

  constructor(order: StreamOrder) {
    super({ highWaterMark: BUFFER_BYTES });
    this.#order = order;
    this.#reader = order.adapter.createStreamReader(order.context);
    order.hold.watch({ progress: () => this.#usageSoFar(), changed: () => this.#meter() });
    order.clientGone.addEventListener('abort', this.#leave, { once: true });
    order.exchange.attach(this);
    if (order.clientGone.aborted) this.destroy();
  }

  data(bytes: Buffer): void {
    if (this.#ending) return;
    // An adapter's fault must end as a settled error, not as a broken connection.
    try {
      this.#take(this.#reader.push(bytes));
    } catch (error) {
      return void this.#end('upstream_error', proxyError('upstream_error', { cause: error }));
    }
    if (this.#reader.state.failure) this.#endWithUpstream();
    else this.#meter();
  }

  end(): void {
    if (this.#ending) return;
    try {
      this.#take(this.#reader.end());
    } catch (error) {
      return void this.#end('upstream_error', proxyError('upstream_error', { cause: error }));
    }
    this.#endWithUpstream();
  }

  error(error: Error): void {
    if (this.#ending) return;
    void this.#end('upstream_error', connectionFailure(error, true));
  }

  override _read(): void {
    this.#clientWantsMore = true;
    this.#flow();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    void this.#end('client_closed', null);
    done(error);
  }

  #take(chunks: StreamChunk[]): void {
    if (chunks.length === 0) return;
    this.#firstByteMs ??= Math.round(performance.now() - this.#order.startedAtMs);
    for (const chunk of chunks) {
      this.#pending += `data: ${chunk.json}\n\n`;
      this.#outputBytes += chunk.outputBytes;
      if (this.#order.bounds.choices > 1) this.#noteFinished(chunk.json);
    }
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
    const verdict = this.#order.hold.advance(Math.ceil(this.#outputBytes / BYTES_PER_TOKEN_AHEAD));
    if (verdict === 'stop') return void this.#end('budget_stopped', null);
    this.#holdWaits = verdict === 'wait';
    this.#flow();
  }

  #flow(): void {
    if (this.#ending) return;
    if (this.#clientWantsMore && !this.#holdWaits) this.#order.exchange.resume();
    else this.#order.exchange.pause();
  }

  #endWithUpstream(): void {
    const { failure, complete } = this.#reader.state;
    if (failure) void this.#end('upstream_error', upstreamFailureError(failure));
    else if (complete) void this.#end('completed', null);
    else
      void this.#end(
        'upstream_error',
        proxyError('upstream_error', { message: 'The provider ended the answer in the middle.' }),
      );
  }

  async #end(outcome: Outcome, failure: ApiError | null): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    const { exchange, hold, clientGone, bounds } = this.#order;
    if (outcome !== 'completed') exchange.abort();
    hold.close();
    clientGone.removeEventListener('abort', this.#leave);
    const produced = this.#produced(outcome);
    if (outcome === 'budget_stopped' && produced.stopped) {
      const open = Array.from({ length: bounds.choices }, (_, index) => index);
      const unfinished = open.filter((index) => !this.#finishedChoices.has(index));
      this.#pending += `data: ${lengthChunk(this.#ownContext(), unfinished, produced.stopped)}\n\n`;
    }
    let tail: string;
    try {
      const note = await this.#order.settle(produced);
      tail = failure ? errorEvent(failure) : this.#cleanTail(produced, note);
    } catch (error) {
      tail = errorEvent(error instanceof ApiError ? error : proxyError('upstream_error', { cause: error }));
    }
    if (this.destroyed) return;
    this.push(this.#pending + tail);
    this.#pending = '';
    this.push(null);
  }

  #cleanTail(produced: Produced, note: ChargeNote | null): string {
    const context = this.#ownContext();
    const wanted = context.request.stream_options?.include_usage === true;
    const usage = wanted ? `data: ${usageChunk(context, produced, note)}\n\n` : '';
    return `${usage}data: [DONE]\n\n`;
  }

  /** For chunks that we write ourselves: they carry the id of the others. */
  #ownContext(): AnswerContext {
    const { stamp } = this.#reader.state;
    const { context } = this.#order;
    return stamp ? { ...context, completionId: stamp.id, created: stamp.created } : context;
  }

  #produced(outcome: Outcome): Produced {
    const { state } = this.#reader;
    const { hold, ceilingOutputTokens, bounds } = this.#order;
    const exact = state.complete && state.meters !== null && outcome === 'completed';
    const cutAtCeiling = state.finishReason === 'length' && ceilingOutputTokens < bounds.outputTokensCap;
    return {
      outcome,
      usage: exact && state.meters ? { basis: 'exact', meters: state.meters } : this.#usageSoFar(),
      visible: this.#outputBytes > 0,
      finishReason: outcome === 'budget_stopped' ? 'length' : state.finishReason,
      firstByteMs: this.#firstByteMs,
      stopped: outcome === 'budget_stopped' ? hold.stopReason : cutAtCeiling ? 'budget' : null,
    };
  }

  #usageSoFar(): Usage {
    const { bounds, ceilingOutputTokens, hiddenReasoning, sentAtMs } = this.#order;
    const seen = visibleOutputTokens(this.#outputBytes);
    const unseen = hiddenReasoning
      ? unseenOutputTokens(performance.now() - sentAtMs, ceilingOutputTokens * bounds.choices)
      : 0;
    return estimateUsage(this.#reader.state.meters, {
      inputTokens: bounds.inputTokensEstimate,
      outputTokens: Math.max(seen, unseen),
    });
  }

  #noteFinished(json: string): void {
    if (!json.includes('"finish_reason":"')) return;
    const { choices } = JSON.parse(json) as { choices?: { index?: number; finish_reason?: string | null }[] };
    for (const choice of choices ?? [])
      if (choice.finish_reason) this.#finishedChoices.add(typeof choice.index === 'number' ? choice.index : 0);
  }
}

function errorEvent(error: ApiError): string {
  return `data: ${JSON.stringify(error.body())}\n\n`;
}
