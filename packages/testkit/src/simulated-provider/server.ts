/** The simulated provider as a server: three APIs on one address, told apart by their paths. */
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { composeAnswer } from './answer.ts';
import { anthropicFormat } from './anthropic/format.ts';
import { geminiEmbeddings } from './gemini/embeddings.ts';
import { geminiFormat } from './gemini/format.ts';
import { type Knobs, readKnobs, splitDirective } from './knobs.ts';
import { openaiEmbeddings } from './openai/embeddings.ts';
import { openaiFormat } from './openai/format.ts';
import { openaiResponses } from './openai/responses.ts';
import { breaks, type Playback, playAnswer, playStream } from './playback.ts';
import type { Prompt, RequestFault } from './prompt.ts';
import type { AnswerStamp, WireFormat } from './wire-format.ts';

export interface SimulatedProviderOptions {
  host?: string;
  port?: number;
  /** Knobs for requests that set none of their own; out of the box everything comes at once. */
  defaults?: Partial<Knobs>;
  /** When set, requests with another key are refused as the provider refuses them. */
  apiKey?: string;
  /** What `GET /v1/models` lists. Requests may name any model. */
  models?: string[];
  /** Keep requests for a test to look at (default). They hold bodies: not for a process that lives long. */
  record?: boolean;
}

export interface RecordedRequest {
  provider: WireFormat['provider'];
  receivedAt: Date;
  method: string;
  /** With the query. */
  path: string;
  /** Names in lower case, credentials included. */
  headers: Record<string, string>;
  /** Parsed JSON; the text itself where it was none. */
  body: unknown;
  /** null until an answer has begun. */
  status: number | null;
  /** Output tokens that were produced, all choices together. */
  tokensSent: number;
  /** When the client closed the connection before the answer was whole. */
  aborted: Date | null;
}

export interface SimulatedProvider {
  /** `http://127.0.0.1:<port>`; OpenAI's base URL is this with `/v1`. */
  url: string;
  /** In the order in which they came. */
  requests: RecordedRequest[];
  /** Breaks what is still running. */
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 64 * 1024 * 1024;
const RETRY_AFTER_S = 2;
const IMMEDIATELY: Knobs = { first_byte_ms: 0, tokens_per_second: 0 };
const MODELS = ['gpt-simulated', 'claude-simulated', 'gemini-simulated'];

function formatFor(method: string | undefined, path: string): WireFormat | undefined {
  if (method !== 'POST') return undefined;
  if (path === '/v1/chat/completions') return openaiFormat;
  if (path === '/v1/embeddings') return openaiEmbeddings;
  if (path === '/v1/responses') return openaiResponses;
  if (/^\/v1beta\/models\/[^/:]+:batchEmbedContents$/.test(path)) return geminiEmbeddings;
  if (path === '/v1/messages' || path === '/v1/messages/count_tokens') return anthropicFormat;
  const ofGemini = /^\/v1beta\/models\/[^/:]+:(generateContent|streamGenerateContent|countTokens)$/.test(path);
  return ofGemini ? geminiFormat : undefined;
}

/** Only the input is to be counted. */
const isCount = ({ pathname }: URL) => /[/:]count_?tokens$/i.test(pathname);

/** @returns undefined when the body is larger than the limit */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= BODY_LIMIT_BYTES) chunks.push(chunk as Buffer);
  }
  return size > BODY_LIMIT_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function listModels(models: string[]): unknown {
  return {
    object: 'list',
    data: models.map((id) => ({ id, object: 'model', created: 1_735_689_600, owned_by: 'simulated' })),
  };
}

/** One request on its way. */
interface Exchange {
  format: WireFormat;
  url: URL;
  response: ServerResponse;
  record: RecordedRequest;
  stamp: AnswerStamp;
  gone: AbortSignal;
  /** Destroys the connection; the client is not to blame then. */
  cut(): void;
}

function sendError(
  { format, response, record, stamp }: Exchange,
  status: number,
  options: { model?: string; retryAfterS?: number; fault?: RequestFault } = {},
): void {
  const { model = '', retryAfterS = RETRY_AFTER_S, fault } = options;
  const error = format.writeError(status, { model, retryAfterS, ...(fault && { fault }) });
  record.status = status;
  response
    .writeHead(status, { 'content-type': format.contentType.json, ...format.headers(stamp), ...error.headers })
    .end(error.body);
}

function sendCount({ format, response, record, stamp }: Exchange, body: string): void {
  record.status = 200;
  response.writeHead(200, { 'content-type': format.contentType.json, ...format.headers(stamp) }).end(body);
}

/** Notices when the client goes away, and tells that from a connection that we break ourselves. */
function followClient(
  response: ServerResponse,
  record: RecordedRequest,
  closing: AbortSignal,
): Pick<Exchange, 'gone' | 'cut'> {
  const gone = new AbortController();
  let cutHere = false;
  closing.addEventListener('abort', () => gone.abort(), { once: true, signal: gone.signal });
  response.once('close', () => {
    if (!response.writableFinished && !cutHere && !closing.aborted) record.aborted = new Date();
    gone.abort();
  });
  const cut = () => {
    cutHere = true;
    response.destroy();
  };
  return { gone: gone.signal, cut };
}

async function play(exchange: Exchange, prompt: Prompt, knobs: Knobs): Promise<void> {
  const { format, response, record, stamp, gone, cut } = exchange;
  const answer = composeAnswer(prompt, knobs);
  const playback: Playback = {
    response,
    knobs,
    gone,
    cut,
    onProgress: (tokens) => {
      record.tokensSent = tokens;
    },
  };
  record.status = 200;
  if (prompt.streamed) {
    const size = breaks(knobs) ? 1 : format.tokensPerFrame;
    const headers = { 'content-type': format.contentType.stream, ...format.headers(stamp) };
    const frames = format.writeStream(prompt, answer, stamp, size);
    await playStream(playback, { headers, frames, streamError: format.writeStreamError(stamp) });
    return;
  }
  const outputTokens = answer.choices.reduce((sum, choice) => sum + choice.outputTokens, 0);
  const headers = { 'content-type': format.contentType.json, ...format.headers(stamp) };
  await playAnswer(playback, { headers, body: format.writeAnswer(prompt, answer, stamp), outputTokens });
}

async function answerPrompt(
  exchange: Exchange,
  text: string | undefined,
  options: SimulatedProviderOptions,
): Promise<void> {
  const { format, url, record } = exchange;
  if (options.apiKey !== undefined && format.apiKeyOf(record.headers, url) !== options.apiKey) {
    const { status, fault } = format.keyRefusal;
    return sendError(exchange, status, fault && { fault });
  }
  if (text === undefined) return sendError(exchange, 413);
  record.body = text;
  try {
    record.body = JSON.parse(text);
  } catch {
    return sendError(exchange, 400, {
      fault: { param: '', message: 'We could not parse the JSON body of your request.' },
    });
  }
  const prompt = format.readPrompt(url, record.body);
  if ('fault' in prompt) return sendError(exchange, 400, { fault: prompt.fault });
  if (format.writeCount && isCount(url)) return sendCount(exchange, format.writeCount(prompt.inputTokens));
  const defaults = { ...IMMEDIATELY, ...options.defaults };
  const knobs = readKnobs(defaults, record.headers['x-simulate'] ?? '', splitDirective(prompt.text).directive);
  if ('fault' in knobs)
    return sendError(exchange, 400, { fault: { param: knobs.fault.knob, message: knobs.fault.message } });
  if (knobs.fails_model !== undefined && knobs.fails_model !== prompt.model) {
    const { first_byte_ms, tokens_per_second, length } = knobs;
    return play(exchange, prompt, { first_byte_ms, tokens_per_second, ...(length !== undefined && { length }) });
  }
  const failsBeforeAnswer = knobs.status ?? (knobs.error_after_tokens !== undefined && !prompt.streamed ? 500 : null);
  if (failsBeforeAnswer === null) return play(exchange, prompt, knobs);
  await sleep(knobs.first_byte_ms, undefined, { signal: exchange.gone }).catch(() => {});
  sendError(exchange, failsBeforeAnswer, { model: prompt.model, retryAfterS: knobs.retry_after_s ?? RETRY_AFTER_S });
}

/** What one server has seen. */
interface Seen {
  /** Prompts that reached it, recorded or not. */
  prompts: number;
  requests: RecordedRequest[];
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: SimulatedProviderOptions,
  seen: Seen,
  closing: AbortSignal,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulated');
  if (request.method === 'GET' && url.pathname === '/health')
    return sendJson(response, 200, { status: 'ok', prompts: seen.prompts });
  if (request.method === 'GET' && url.pathname === '/v1/models') {
    const key = openaiFormat.apiKeyOf(flatHeaders(request), url);
    if (options.apiKey === undefined || key === options.apiKey)
      return sendJson(response, 200, listModels(options.models ?? MODELS));
    const refusal = openaiFormat.writeError(401, { model: '', retryAfterS: RETRY_AFTER_S });
    return sendJson(response, 401, JSON.parse(refusal.body));
  }
  const format = formatFor(request.method, url.pathname);
  if (!format) {
    const message = `Unknown request URL: ${request.method} ${url.pathname}. The simulated provider has POST /v1/chat/completions, /v1/embeddings, /v1/responses, /v1/messages, /v1/messages/count_tokens, /v1beta/models/{model}:generateContent, :streamGenerateContent, :countTokens and :batchEmbedContents, GET /v1/models.`;
    return sendJson(response, 404, { error: { message, type: 'invalid_request_error', param: null, code: null } });
  }
  const record: RecordedRequest = {
    provider: format.provider,
    receivedAt: new Date(),
    method: request.method ?? '',
    path: request.url ?? '',
    headers: flatHeaders(request),
    body: undefined,
    status: null,
    tokensSent: 0,
    aborted: null,
  };
  seen.prompts += 1;
  if (options.record ?? true) seen.requests.push(record);
  const stamp = { id: randomBytes(12).toString('hex'), createdUnixS: Math.floor(Date.now() / 1000) };
  const exchange = { format, url, response, record, stamp, ...followClient(response, record, closing) };
  await answerPrompt(exchange, await readBody(request), options);
}

/** Starts it on 127.0.0.1 at a port of the system's choice, unless told otherwise. */
export async function startSimulatedProvider(options: SimulatedProviderOptions = {}): Promise<SimulatedProvider> {
  const { host = '127.0.0.1', port = 0 } = options;
  const seen: Seen = { prompts: 0, requests: [] };
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const server = createServer((request, response) => {
    handle(request, response, options, seen, closing.signal).catch((error: unknown) => {
      // A client that went away while it was still sending is no fault of ours.
      if (!request.destroyed || request.complete) process.stderr.write(`simulated provider: ${error}\n`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests: seen.requests,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
