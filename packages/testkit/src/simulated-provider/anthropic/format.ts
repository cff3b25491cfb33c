/** Anthropic's messages, JSON and SSE, as recorded from api.anthropic.com. */
import type { Answer, Choice } from '../answer.ts';
import type { Prompt } from '../prompt.ts';
import { countTokens } from '../tokens.ts';
import { type AnswerStamp, type ErrorAnswer, type Frame, framePieces, type WireFormat } from '../wire-format.ts';
import { readPrompt } from './request.ts';

const STOP_REASON = {
  stop: 'end_turn',
  stop_sequence: 'stop_sequence',
  length: 'max_tokens',
  tool_calls: 'tool_use',
} as const;

function inputUsage({ usage }: Answer) {
  return {
    // The provider's own way: without what was read from or written to a cache.
    input_tokens: usage.input - usage.cacheRead - usage.cacheWrite,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
  };
}

function startUsage(answer: Answer, outputTokens: number) {
  return {
    ...inputUsage(answer),
    cache_creation: { ephemeral_5m_input_tokens: answer.usage.cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}

function thinkingDetails({ usage }: Answer) {
  return usage.reasoning > 0 ? { output_tokens_details: { thinking_tokens: usage.reasoning } } : {};
}

function firstChoice(answer: Answer): Choice {
  const [choice] = answer.choices;
  if (!choice) throw new Error('an answer has at least one choice');
  return choice;
}

/** Opaque to clients, who send it back with the thinking. */
const SIGNATURE = Buffer.from('simulated thinking').toString('base64');

function messageOf(prompt: Prompt, stamp: AnswerStamp) {
  return { model: prompt.model, id: `msg_${stamp.id}`, type: 'message', role: 'assistant' };
}

function writeAnswer(prompt: Prompt, answer: Answer, stamp: AnswerStamp): string {
  const choice = firstChoice(answer);
  const content: unknown[] = [];
  if (choice.reasoningPieces.length > 0 && prompt.reasoning === 'visible')
    content.push({ type: 'thinking', thinking: choice.reasoningPieces.join(''), signature: SIGNATURE });
  if (choice.textPieces.length > 0) content.push({ type: 'text', text: choice.textPieces.join('') });
  for (const [position, call] of choice.toolCalls.entries())
    if (call.complete)
      content.push({
        type: 'tool_use',
        id: `toolu_${stamp.id}${position}`,
        name: call.name,
        input: JSON.parse(call.argumentPieces.join('')),
      });
  return JSON.stringify({
    ...messageOf(prompt, stamp),
    content,
    stop_reason: STOP_REASON[choice.finish],
    stop_sequence: choice.stopSequence,
    usage: { ...startUsage(answer, answer.usage.output), ...thinkingDetails(answer) },
  });
}

/** Collects events; the padding before the last brace is what the real API sends. */
class EventList {
  readonly frames: Frame[] = [];
  private block = -1;

  add(data: { type: string } & Record<string, unknown>, tokens = 0): void {
    const json = JSON.stringify(data);
    const padding = ' '.repeat((this.frames.length * 5) % 13);
    this.frames.push({ text: `event: ${data.type}\ndata: ${json.slice(0, -1)}${padding}}\n\n`, tokens });
  }

  startBlock(content_block: Record<string, unknown>, tokens: number): void {
    this.block++;
    this.add({ type: 'content_block_start', index: this.block, content_block }, tokens);
    if (this.block === 0) this.frames.push({ text: 'event: ping\ndata: {"type": "ping"}\n\n', tokens: 0 });
  }

  delta(delta: Record<string, unknown>, tokens: number): void {
    this.add({ type: 'content_block_delta', index: this.block, delta }, tokens);
  }

  stopBlock(): void {
    this.add({ type: 'content_block_stop', index: this.block });
  }
}

function addReasoning(events: EventList, prompt: Prompt, choice: Choice, size: number): void {
  if (choice.reasoningPieces.length === 0 || prompt.reasoning === 'none') return;
  events.startBlock({ type: 'thinking', thinking: '', signature: '' }, 0);
  if (prompt.reasoning === 'visible')
    for (const frame of framePieces(choice.reasoningPieces, size))
      events.delta({ type: 'thinking_delta', thinking: frame.text }, frame.tokens);
  events.delta(
    { type: 'signature_delta', signature: SIGNATURE },
    prompt.reasoning === 'visible' ? 0 : choice.reasoningPieces.length,
  );
  events.stopBlock();
}

function writeStream(prompt: Prompt, answer: Answer, stamp: AnswerStamp, tokensPerFrame: number): Frame[] {
  const choice = firstChoice(answer);
  const events = new EventList();
  const message = { ...messageOf(prompt, stamp), content: [], stop_reason: null, stop_sequence: null };
  events.add(
    { type: 'message_start', message: { ...message, usage: startUsage(answer, 1) } },
    // Without a thinking block the time of thinking passes before the answer begins.
    prompt.reasoning === 'none' ? choice.reasoningPieces.length : 0,
  );
  addReasoning(events, prompt, choice, tokensPerFrame);
  if (choice.textPieces.length > 0) {
    events.startBlock({ type: 'text', text: '' }, 0);
    for (const frame of framePieces(choice.textPieces, tokensPerFrame))
      events.delta({ type: 'text_delta', text: frame.text }, frame.tokens);
    events.stopBlock();
  }
  for (const [position, call] of choice.toolCalls.entries()) {
    const opening = { type: 'tool_use', id: `toolu_${stamp.id}${position}`, name: call.name, input: {} };
    events.startBlock(opening, countTokens(call.name));
    events.delta({ type: 'input_json_delta', partial_json: '' }, 0);
    for (const frame of framePieces(call.argumentPieces, tokensPerFrame))
      events.delta({ type: 'input_json_delta', partial_json: frame.text }, frame.tokens);
    // A call that the cap cut has no end, as recorded.
    if (call.complete) events.stopBlock();
  }
  events.add({
    type: 'message_delta',
    delta: { stop_reason: STOP_REASON[choice.finish], stop_sequence: choice.stopSequence },
    usage: { ...inputUsage(answer), output_tokens: answer.usage.output, ...thinkingDetails(answer) },
  });
  events.add({ type: 'message_stop' });
  return events.frames;
}

const ERROR_TYPES: Record<number, [type: string, message: string]> = {
  401: ['authentication_error', 'invalid x-api-key'],
  402: ['billing_error', 'Your credit balance is too low to access the Anthropic API.'],
  403: ['permission_error', 'Your API key does not have permission to use the specified resource.'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: ['rate_limit_error', 'Number of request tokens has exceeded your per-minute rate limit'],
  504: ['timeout_error', 'Request timed out'],
  529: ['overloaded_error', 'Overloaded'],
};

function errorOf(status: number, model: string): { type: string; message: string } {
  if (status === 404) return { type: 'not_found_error', message: `model: ${model}` };
  const known = ERROR_TYPES[status];
  if (known) return { type: known[0], message: known[1] };
  if (status >= 500) return { type: 'api_error', message: 'Internal server error' };
  return { type: 'invalid_request_error', message: 'Simulated error: the request was refused.' };
}

export const anthropicFormat: WireFormat = {
  provider: 'anthropic',
  tokensPerFrame: 3,
  contentType: { json: 'application/json', stream: 'text/event-stream; charset=utf-8' },
  headers: (stamp) => ({ 'request-id': `req_${stamp.id}` }),
  apiKeyOf: (headers) => headers['x-api-key'] ?? /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1],
  keyRefusal: { status: 401 },
  readPrompt: (url, body) =>
    // Nothing is answered there, so there is no cap.
    readPrompt(url.pathname.endsWith('/count_tokens') ? { ...(body as object), max_tokens: 1 } : body),
  writeAnswer,
  writeCount: (inputTokens) => JSON.stringify({ input_tokens: inputTokens }),
  writeStream,
  writeStreamError: () =>
    `event: error\ndata: ${JSON.stringify({ type: 'error', error: { details: null, ...errorOf(529, '') } })}\n\n`,
  writeError(status, { model, retryAfterS, fault }): ErrorAnswer {
    const error = fault ? { type: 'invalid_request_error', message: fault.message } : errorOf(status, model);
    const headers: Record<string, string> = {};
    if (status === 429) headers['retry-after'] = String(retryAfterS);
    if (status === 401 || status === 404) headers['x-should-retry'] = 'false';
    if (status === 429 || status === 529) headers['x-should-retry'] = 'true';
    return { headers, body: JSON.stringify({ type: 'error', error, request_id: 'req_simulated' }) };
  },
};
