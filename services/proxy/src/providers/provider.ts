/**
 * What a provider adapter is: pure translation between OpenAI's chat API (the form that all others are put into) and a
 * provider's wire format. No I/O, no clock, no logger, no environment.
 */
import type { MeterCounts, ProviderName, ServiceTier } from '@cloudfreedom/contracts';
import type { ChatRequest } from './chat-request.ts';
import type { Embedding, EmbeddingRequest } from './embedding.ts';
import type { JsonObject } from './json.ts';
import type { InputItem, ResponsesRequest } from './responses-request.ts';

export type { ChatRequest } from './chat-request.ts';

/** What an adapter needs to know to build an upstream request. */
export interface ChatCall {
  request: ChatRequest;
  /** The provider's own name of the model. */
  upstreamModel: string;
  /** The granted ceiling: the provider must not produce more output tokens (reasoning included) than this, per choice. */
  outputTokensCap: number;
  /** How often the provider may call tools of its own. Absent: never. */
  serverToolCallsMax?: number;
}

export interface UpstreamRequest {
  /** Below the provider's base URL, query string included, for example `/v1/messages`. */
  path: string;
  /** Without credentials. */
  headers: Record<string, string>;
  body: string;
}

/** The request asks for something that this provider or model can't do: 400 `unsupported_parameter`. */
export interface Unsupported {
  param: string;
  message: string;
}

/** What the answers need to know of the request. */
export interface AnswerContext {
  /** `chatcmpl-…`, the id that the client sees. */
  completionId: string;
  /** Unix seconds. */
  created: number;
  /** Public model name. */
  publicModel: string;
  upstreamModel: string;
  request: ChatRequest;
}

/** Closed set: what went wrong upstream, whoever said it. */
export type FailureKind =
  | 'invalid_request'
  | 'context_too_long'
  | 'content_filtered'
  | 'authentication'
  | 'permission'
  | 'model_not_found'
  | 'quota'
  | 'rate_limited'
  | 'overloaded'
  | 'server_error'
  | 'timeout'
  | 'malformed_answer';

export interface UpstreamFailure {
  kind: FailureKind;
  /** HTTP status of the provider; 0 where there was none (an error inside a 200 stream, a cut). */
  status: number;
  /** The provider's words, without secrets and addresses; goes to the client for faults of the request only. */
  message: string;
  param: string | null;
  retryAfterMs: number | null;
}

/** OpenAI's `chat.completion` object, without `usage`. */
export type ChatCompletion = Record<string, unknown> & { choices: unknown[] };

export interface Answer {
  completion: ChatCompletion;
  /** null: the provider named none. */
  meters: MeterCounts | null;
  /** That was served; null: the provider did not say. */
  serviceTier: ServiceTier | null;
  /** Of the first choice, OpenAI's word. */
  finishReason: string | null;
  /** UTF-8 bytes of output that could be seen (text, reasoning, tool arguments): the basis of an estimate. */
  outputBytes: number;
}

/** A `chat.completion.chunk` without `usage`. */
export interface StreamChunk {
  /** Its choices, for who doesn't pass the text on. */
  readonly choices: readonly JsonObject[];
  /** Serialised when it is read: one `data:` line of ours. */
  readonly json: string;
  /** UTF-8 bytes of visible output in it. */
  readonly outputBytes: number;
}

/** The state of a stream so far or at its end. */
export interface StreamState {
  /** The provider ended the answer in its own way: every choice has its finish reason. */
  complete: boolean;
  /** Cumulative; null until the provider names some. */
  meters: MeterCounts | null;
  /** That is being served; null: the provider did not say. */
  serviceTier: ServiceTier | null;
  finishReason: string | null;
  /** What the chunks carry instead of the context's id and time: all chunks of a stream carry the same. */
  stamp: { id: string; created: number } | null;
  /** An error sent inside the stream; nothing follows it. */
  failure: UpstreamFailure | null;
}

/** Decodes one upstream stream. Where the bytes are cut makes no difference. */
export interface StreamReader<Chunk = StreamChunk> {
  /** @returns the chunks that these bytes complete, in order */
  push(bytes: Uint8Array): Chunk[];
  /** The upstream closed: what was still waiting. Call once; `state` is final afterwards. */
  end(): Chunk[];
  readonly state: StreamState;
}

export interface EmbeddingAnswer {
  /** In the order of the inputs, in whichever form the provider chose. */
  embeddings: Embedding[];
  /** The provider's own name of the model; null: it named none. */
  model: string | null;
  /** null: the provider named none. */
  meters: MeterCounts | null;
}

export interface EmbeddingAdapter {
  buildRequest(call: {
    request: EmbeddingRequest;
    upstreamModel: string;
  }): UpstreamRequest | { unsupported: Unsupported };
  /** @param inputs how many embeddings were asked for */
  readAnswer(body: string, inputs: number): EmbeddingAnswer | { failure: UpstreamFailure };
}

export interface ResponsesCall {
  request: ResponsesRequest;
  /** The whole input: what `previous_response_id` and references stand for is in it. */
  input: InputItem[];
  upstreamModel: string;
  /** The model reasons: what it thought is sent along encrypted, to be sent back. */
  reasons: boolean;
  outputTokensCap: number;
  /** How often OpenAI may call tools of its own. */
  serverToolCallsMax: number;
}

export interface ResponsesAnswer extends Omit<Answer, 'completion'> {
  /** OpenAI's `response` object as it came. */
  response: JsonObject;
}

/** Of a provider that speaks OpenAI's Responses API itself. Nothing is kept there. */
export interface ResponsesAdapter {
  buildRequest(call: ResponsesCall): UpstreamRequest | { unsupported: Unsupported };
  readAnswer(body: string): ResponsesAnswer | { failure: UpstreamFailure };
  createStreamReader(): StreamReader<ResponsesEvent>;
}

export interface ResponsesEvent {
  /** As it came, parsed. */
  event: JsonObject;
  /** UTF-8 bytes of visible output in it. */
  outputBytes: number;
}

export interface ProviderAdapter {
  readonly name: ProviderName;
  buildRequest(call: ChatCall): UpstreamRequest | { unsupported: Unsupported };
  /** Headers that carry the provider's key. */
  authenticate(apiKey: string): Record<string, string>;
  /** A 2xx body of a request that was not streamed. */
  readAnswer(body: string, context: AnswerContext): Answer | { failure: UpstreamFailure };
  createStreamReader(context: AnswerContext): StreamReader;
  /** Where the provider counts an input without answering it. */
  counting?: {
    /** The request that counts the input of one that asks for an answer. */
    countOf(request: UpstreamRequest): UpstreamRequest;
    /** @returns null where the body can't be read */
    readCount(body: string): number | null;
  };
  /** null: the provider knows no Responses API. */
  readonly responses: ResponsesAdapter | null;
  /** null: the provider makes no embeddings. */
  readonly embeddings: EmbeddingAdapter | null;
  /** A body with a status of 400 or more. Header names in lower case. */
  readError(status: number, headers: Record<string, string>, body: string): UpstreamFailure;
}
