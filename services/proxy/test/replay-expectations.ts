/** Compares what a client of the proxy got over HTTP, and what billing got, with what a recorded case expects. */
import type { LedgerOperation, MeterCounts } from '@cloudfreedom/contracts';
import { expect } from 'vitest';
import type { FailureKind } from '../src/providers/provider.ts';
import { expectAnswer, expectedFailureKind, SECRETS, visibleBytes } from './providers/expectations.ts';
import { choicesOf, choicesOfChunks, type ObservedChoice } from './providers/observed-answer.ts';
import { failsAtOnce, type RecordedCase } from './providers/recorded-cases.ts';
import { events } from './proxy-under-test.ts';

// biome-ignore lint/suspicious/noExplicitAny: a client's view of JSON
type Json = any;

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  publicModel: string;
  /** What billing was told, in order. */
  operations: LedgerOperation[];
}

/** What a client is told for each kind of failure. */
const STATUS_AND_CODE: Record<FailureKind, [number, string]> = {
  invalid_request: [400, 'invalid_request'],
  context_too_long: [400, 'context_length_exceeded'],
  content_filtered: [400, 'content_filtered'],
  authentication: [502, 'upstream_error'],
  permission: [502, 'upstream_error'],
  model_not_found: [502, 'upstream_error'],
  quota: [502, 'upstream_error'],
  rate_limited: [429, 'upstream_rate_limited'],
  overloaded: [503, 'upstream_overloaded'],
  server_error: [502, 'upstream_error'],
  timeout: [504, 'upstream_timeout'],
  malformed_answer: [502, 'upstream_error'],
};

/** The one operation that ended the reservation. */
function endingOf(reply: Reply): Extract<LedgerOperation, { op: 'settle' | 'void' }> {
  const reserved = reply.operations.filter((operation) => operation.op === 'reserve');
  const endings = reply.operations.filter((operation) => operation.op === 'settle' || operation.op === 'void');
  expect(reserved).toHaveLength(1);
  expect(endings).toHaveLength(1);
  const [ending] = endings;
  if (ending?.op !== 'settle' && ending?.op !== 'void') throw new Error('no ending');
  expect(ending.reservationId).toBe(reserved[0]?.reservationId);
  return ending;
}

function expectNoSecret(reply: Reply): void {
  const { operations: _ours, text, headers } = reply;
  expect([...headers.values()].join('\n')).not.toMatch(/127\.0\.0\.1|sk-/);
  expect(text).not.toMatch(/127\.0\.0\.1|upstream-secret/);
}

function expectError(error: Json, recorded: RecordedCase): void {
  const [, code] = STATUS_AND_CODE[expectedFailureKind(recorded)];
  expect(error).toEqual({ message: expect.any(String), type: expect.any(String), code, param: error.param ?? null });
  expect(error.message.length).toBeGreaterThan(0);
  for (const secret of SECRETS) expect(JSON.stringify(error)).not.toMatch(secret);
}

function expectRefusal(reply: Reply, recorded: RecordedCase): void {
  const [status] = STATUS_AND_CODE[expectedFailureKind(recorded)];
  expect(reply.status).toBe(status);
  const { error, ...rest } = JSON.parse(reply.text);
  expect(rest).toEqual({});
  expectError(error, recorded);
  const asked = recorded.headers['retry-after'];
  if (status === 429) expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(Number(asked ?? 1));
  expect(endingOf(reply).op).toBe('void');
}

/** Usage as the client is told it: OpenAI's words for what was settled. */
function expectToldUsage(usage: Json, meters: MeterCounts, { expected }: RecordedCase): void {
  const { uncached_input = 0, cache_read = 0, cache_write = 0, cache_write_1h = 0, input_audio = 0 } = meters;
  const { output_text = 0, reasoning = 0, output_audio = 0, output_image = 0 } = meters;
  const prompt = uncached_input + cache_read + cache_write + cache_write_1h + input_audio;
  expect(usage.prompt_tokens).toBe(prompt);
  expect(usage.completion_tokens).toBe(output_text + reasoning + output_audio + output_image);
  expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
  expect(usage.cloudfreedom.charge_eur).toBe('0.004217');
  if (!expected.usage) return;
  expect(prompt).toBe(expected.usage.input_tokens + (expected.usage.tool_use_prompt_tokens ?? 0));
  expect(usage.completion_tokens).toBe(expected.usage.output_tokens);
  expect(usage.prompt_tokens_details?.cached_tokens ?? 0).toBe(expected.usage.cached_input_tokens ?? 0);
  expect(usage.completion_tokens_details?.reasoning_tokens ?? 0).toBe(expected.usage.reasoning_tokens ?? 0);
}

/**
 * A whole answer, settled: what the client has and what billing has.
 * @param usage undefined: the client did not ask for it
 */
function expectAnswered(choices: ObservedChoice[], usage: Json, reply: Reply, recorded: RecordedCase): void {
  const ending = endingOf(reply);
  if (ending.op !== 'settle') throw new Error('answered, yet given back');
  expect(ending.outcome).toBe('completed');
  expect(ending.usage.basis).toBe(recorded.expected.usage ? 'exact' : 'estimated');
  const meters = ending.usage.basis === 'exact' ? ending.usage.meters : null;
  const { finishReason } = ending;
  expectAnswer({ choices, meters, finishReason, outputBytes: visibleBytes({ choices }) }, recorded);
  for (const choice of choices) expect(choice.finishReasons).toHaveLength(1);
  if (usage !== undefined) expectToldUsage(usage, ending.usage.meters, recorded);
}

function expectWhole(reply: Reply, recorded: RecordedCase): void {
  const completion = JSON.parse(reply.text);
  expect(completion).toMatchObject({ id: expect.any(String), object: 'chat.completion', model: reply.publicModel });
  expect(completion.created).toBeGreaterThan(0);
  for (const { message } of completion.choices) {
    expect(message.role).toBe('assistant');
    expect(message).toHaveProperty('content');
  }
  expect(reply.headers.get('x-cloudfreedom-charge-eur')).toBe('0.004217');
  expectAnswered(choicesOf(completion), completion.usage, reply, recorded);
}

/** The laws of a stream's frame. @returns its chunks, and the error that it ended with */
function readStream(reply: Reply): { chunks: Json[]; error: Json; done: boolean } {
  expect(reply.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(reply.text.endsWith('\n\n')).toBe(true);
  const payloads = events(reply.text);
  const done = payloads.at(-1) === '[DONE]';
  const parsed: Json[] = (done ? payloads.slice(0, -1) : payloads).map((payload) => JSON.parse(payload));
  const error = parsed.at(-1)?.error;
  const chunks = error === undefined ? parsed : parsed.slice(0, -1);
  for (const chunk of chunks) {
    expect(chunk.model).toBe(reply.publicModel);
    // Azure's first chunk, which only describes the prompt, has neither.
    if (chunk.object !== '' || chunk.choices.length > 0) expect(chunk.object).toBe('chat.completion.chunk');
  }
  expect(new Set(chunks.map(({ id }) => id).filter(Boolean)).size).toBeLessThanOrEqual(1);
  const seen = new Set<number>();
  for (const { index, delta } of chunks.flatMap((chunk) => chunk.choices)) {
    if (!seen.has(index) && delta.role !== undefined) expect(delta.role).toBe('assistant');
    seen.add(index);
  }
  return { chunks, error, done };
}

function expectStream(reply: Reply, recorded: RecordedCase, usageWanted: boolean): void {
  const { expected } = recorded;
  const { chunks, error, done } = readStream(reply);
  const finished = (expected.choices ?? [expected]).every((choice) => Boolean(choice.finish_reason_openai));
  const clean = finished && expected.error === undefined && !expected.incomplete;
  expect(done).toBe(clean);
  const withUsage = chunks.filter((chunk) => chunk.usage);
  expect(withUsage).toHaveLength(clean && usageWanted ? 1 : 0);
  const choices = choicesOfChunks(chunks);
  if (!clean) {
    expectBrokenOff(choices, error, reply, recorded);
    return;
  }
  expect(error).toBeUndefined();
  if (usageWanted) expect(chunks.at(-1)).toMatchObject({ choices: [], usage: withUsage[0].usage });
  expectAnswered(choices, withUsage[0]?.usage, reply, recorded);
}

/** What was seen until then is there and paid for by an estimate; an error tells the rest. */
function expectBrokenOff(choices: ObservedChoice[], error: Json, reply: Reply, recorded: RecordedCase): void {
  const { expected } = recorded;
  if (expected.error) expectError(error, recorded);
  else expect(error).toMatchObject({ code: 'upstream_error', type: 'server_error' });
  expect(choices.map(({ text }) => text).join('')).toBe(expected.text ?? '');
  const settled = { op: 'settle', outcome: 'upstream_error', usage: { basis: 'estimated' } };
  expect(endingOf(reply)).toMatchObject(visibleBytes({ choices }) > 0 ? settled : { op: 'void' });
}

/** @param usageWanted the stream was asked for with `include_usage` */
export function expectReply(reply: Reply, recorded: RecordedCase, usageWanted: boolean): void {
  expectNoSecret(reply);
  expect(reply.status < 300).toBe(!failsAtOnce(recorded));
  if (failsAtOnce(recorded)) expectRefusal(reply, recorded);
  else if (recorded.streamed) expectStream(reply, recorded, usageWanted);
  else expectWhole(reply, recorded);
}
