/** Recorded answers of the three providers through `/v1/messages`: Anthropic's own as they came, the others translated. */
import { INPUT_METERS, type Meter, OUTPUT_METERS } from '@cloudfreedom/contracts';
import { describe, expect, test } from 'vitest';
import { messageEvents, observeMessage, type SeenEvent, textOf, thinkingOf, toolUsesOf } from './observed-message.ts';
import { expectedFailureKind, SECRETS } from './providers/expectations.ts';
import { cutBytes } from './providers/observed-answer.ts';
import {
  failsAtOnce,
  isChat,
  loadCases,
  OWN_CASES,
  type RecordedCase,
  SHARED_CASES,
  SKIPPED,
} from './providers/recorded-cases.ts';
import { publicModelOf, replayWorld } from './replay-world.ts';

// biome-ignore lint/suspicious/noExplicitAny: a client's view of JSON
type Json = any;

/** Neither several choices nor OpenAI's custom tools can be asked for here. */
const canBeAsked = (recorded: RecordedCase) =>
  isChat(recorded) &&
  (recorded.expected.choices?.length ?? 1) === 1 &&
  !recorded.expected.tool_calls?.some(({ type }) => type === 'custom');
const own = (loadCases(OWN_CASES) ?? []).filter(canBeAsked);
const shared = loadCases(SHARED_CASES)?.filter(canBeAsked) ?? null;
const CHARGE = { cloudfreedom: { charge_eur: '0.004217' } };

const replay = replayWorld(own, shared);

interface Reply {
  status: number;
  headers: Headers;
  text: string;
}

async function play(recorded: RecordedCase, cuts: readonly number[]): Promise<Reply> {
  const { status, headers, body, streamed } = recorded;
  replay.upstream.replay = { status, headers, pieces: cutBytes(body, cuts) };
  replay.world.billing.batches = [];
  const response = await fetch(`${replay.world.url}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': replay.world.billing.apiKey,
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify({
      model: publicModelOf(recorded),
      max_tokens: 4_096,
      messages: [{ role: 'user', content: 'Go on.' }],
      ...(streamed ? { stream: true } : {}),
    }),
  });
  const reply = { status: response.status, headers: response.headers, text: await response.text() };
  expect(reply.headers.get('request-id')).toMatch(/^[\w.-]{1,100}$/);
  expect(reply.text).not.toMatch(/127\.0\.0\.1|upstream-secret/);
  return reply;
}

/** The one operation that ended the one reservation. */
function ending(): Json {
  const operations = replay.world.billing.batches.flat();
  const reserved = operations.filter(({ op }) => op === 'reserve');
  const endings = operations.filter(({ op }) => op === 'settle' || op === 'void');
  expect([reserved.length, endings.length]).toEqual([1, 1]);
  expect(endings[0]?.reservationId).toBe(reserved[0]?.reservationId);
  return endings[0];
}

function expectError({ type, message, details }: Json, recorded: RecordedCase): void {
  expect(type).toMatch(/_error$|^request_too_large$/);
  expect(message.length).toBeGreaterThan(0);
  expect(details.error_code).toMatch(/^[a-z_]+$/);
  for (const secret of SECRETS) expect(message).not.toMatch(secret);
  if (expectedFailureKind(recorded) === 'overloaded') expect(type).toBe('overloaded_error');
  if (expectedFailureKind(recorded) === 'rate_limited') expect(type).toBe('rate_limit_error');
  if (expectedFailureKind(recorded) === 'invalid_request') expect(type).toBe('invalid_request_error');
}

function expectSettled(usage: Json, { expected }: RecordedCase): void {
  const { op, outcome, usage: settled } = ending();
  expect([op, outcome]).toEqual(['settle', 'completed']);
  expect(settled.basis).toBe(expected.usage ? 'exact' : 'estimated');
  if (!expected.usage) return;
  const sumOf = (names: readonly Meter[]) => names.reduce((sum, name) => sum + (settled.meters[name] ?? 0), 0);
  const { cache_read = 0, cache_write = 0, cache_write_1h = 0 } = settled.meters;
  expect(usage.input_tokens).toBe(sumOf(INPUT_METERS) - cache_read - cache_write - cache_write_1h);
  expect(usage.cache_read_input_tokens ?? 0).toBe(cache_read);
  expect(usage.cache_creation_input_tokens ?? 0).toBe(cache_write + cache_write_1h);
  expect(usage.output_tokens).toBe(sumOf(OUTPUT_METERS));
  const { input_tokens, tool_use_prompt_tokens = 0, output_tokens } = expected.usage;
  expect(sumOf(INPUT_METERS)).toBe(input_tokens + tool_use_prompt_tokens);
  expect(usage.output_tokens).toBe(output_tokens);
}

/** Nothing of what the provider sent is lost, but for its own name of the model; our charge is added. */
function expectNative(reply: Reply, recorded: RecordedCase): void {
  if (!recorded.streamed) {
    const sent = JSON.parse(recorded.body.toString());
    const usage = { ...sent.usage, cloudfreedom: expect.objectContaining(CHARGE.cloudfreedom) };
    expect(JSON.parse(reply.text)).toEqual({ ...sent, model: publicModelOf(recorded), usage });
    return;
  }
  const lines = recorded.body.toString().replaceAll('\r\n', '\n').trimEnd();
  // Of an event that was cut nothing is passed on.
  const sent = messageEvents(`${lines.slice(0, lines.endsWith('}') ? undefined : lines.lastIndexOf('\n\n'))}\n\n`);
  const got = messageEvents(reply.text);
  const rename = ({ name, data }: SeenEvent): SeenEvent =>
    data.type === 'message_start'
      ? { name, data: { ...data, message: { ...data.message, model: publicModelOf(recorded) } } }
      : { name, data };
  const whole = sent.some(({ data }) => data.delta?.stop_reason) && !sent.some(({ name }) => name === 'error');
  const wanted = sent.filter(({ name }) => name !== 'error').map(rename);
  const last = got.findIndex(({ data }) => data.delta?.stop_reason);
  if (whole) {
    expect(got[last]?.data.usage).toMatchObject(CHARGE);
    delete got[last]?.data.usage.cloudfreedom;
    if (wanted.at(-1)?.name !== 'message_stop') wanted.push({ name: 'message_stop', data: { type: 'message_stop' } });
  }
  expect(whole ? got : got.slice(0, -1)).toEqual(wanted);
}

function expectMessage(message: Json, recorded: RecordedCase): void {
  const { expected } = recorded;
  const wanted = expected.choices?.[0] ?? expected;
  expect(message).toMatchObject({ type: 'message', role: 'assistant', model: publicModelOf(recorded) });
  expect(message.id).toMatch(/^msg_\w+$/);
  const pictures = textOf(message).replace(/!\[image\]\([^)]*\)/g, '');
  if (wanted.text !== undefined) expect(pictures).toBe(wanted.text + (expected.refusal ?? ''));
  if (recorded.provider !== 'anthropic' && expected.reasoning_text !== undefined)
    expect(thinkingOf(message).trim()).toBe(expected.reasoning_text.trim());
  const calls = wanted.tool_calls ?? [];
  const uses = toolUsesOf(message);
  expect(uses.map(({ name }) => name)).toEqual(calls.map(({ name }) => name));
  for (const [index, call] of calls.entries())
    if (call.arguments_incomplete) expect(uses[index]?.json).toBe(call.arguments_raw);
    else expect(JSON.parse(uses[index]?.json ?? '')).toEqual(call.arguments);
  for (const { id } of uses) expect(id).toMatch(/^[\w-]{1,64}$/);
  expectStopReason(message.stop_reason, recorded, wanted.finish_reason_openai);
}

const STOP_REASON: Record<string, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
};

function expectStopReason(stopReason: string, { provider, expected }: RecordedCase, reason?: string | null): void {
  if (provider === 'anthropic' || !reason) return;
  expect(stopReason).toBe(expected.refusal === undefined ? STOP_REASON[reason] : 'refusal');
}

function expectReply(reply: Reply, recorded: RecordedCase): void {
  if (failsAtOnce(recorded)) {
    expect(reply.status).toBeGreaterThanOrEqual(400);
    const { type, error, request_id } = JSON.parse(reply.text);
    expect([type, request_id]).toEqual(['error', reply.headers.get('request-id')]);
    expectError(error, recorded);
    expect(ending().op).toBe('void');
    return;
  }
  expect(reply.status).toBe(200);
  if (recorded.provider === 'anthropic') expectNative(reply, recorded);
  if (!recorded.streamed) {
    const message = JSON.parse(reply.text);
    expectMessage(message, recorded);
    expectSettled(message.usage, recorded);
    return;
  }
  const events = messageEvents(reply.text);
  const { message, error, stopped } = observeMessage(events);
  const { expected } = recorded;
  const wanted = expected.choices?.[0] ?? expected;
  const clean = Boolean(wanted.finish_reason_openai) && expected.error === undefined && !expected.incomplete;
  expect([stopped, error === null]).toEqual([clean, clean]);
  if (!clean) {
    if (expected.error) expectError(error, recorded);
    expect(ending()).toMatchObject(
      message && toolUsesOf(message).length + textOf(message).length + thinkingOf(message).length > 0
        ? { op: 'settle', outcome: 'upstream_error' }
        : { op: 'void' },
    );
    return;
  }
  expectMessage(message, recorded);
  expectSettled(message.usage, recorded);
}

function testAll(cases: RecordedCase[]): void {
  test.each(cases.map((recorded) => [recorded.id, recorded] as const))('%s', async (_id, recorded) => {
    const atWorst = await play(recorded, recorded.splitPoints);
    expectReply(atWorst, recorded);
    if (!recorded.streamed) return;
    expectReply(await play(recorded, []), recorded);
    const cut = () => Math.floor(Math.random() * recorded.body.length);
    expectReply(
      await play(
        recorded,
        Array.from({ length: 12 }, cut).toSorted((a, b) => a - b),
      ),
      recorded,
    );
  });
}

describe('our own cases', () => testAll(own));
describe.skipIf(!shared)(`recorded cases${shared ? '' : SKIPPED}`, () => {
  testAll(shared ?? []);
  test('are all there', () => {
    const native = shared?.filter(({ provider }) => provider === 'anthropic').length;
    console.log(`${shared?.length} recorded cases came out of /v1/messages, ${native} of them as they were`);
    expect(native).toBeGreaterThanOrEqual(52);
  });
});
