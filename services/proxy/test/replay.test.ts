/** Recorded answers of the three providers through the whole proxy: what the client reads, what billing is told. */
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { choicesOfChunks, cutBytes } from './providers/observed-answer.ts';
import { isChat, loadCases, OWN_CASES, type RecordedCase, SHARED_CASES, SKIPPED } from './providers/recorded-cases.ts';
import { events } from './proxy-under-test.ts';
import { expectReply } from './replay-expectations.ts';
import { publicModelOf, replayWorld } from './replay-world.ts';

const own = (loadCases(OWN_CASES) ?? []).filter(isChat);
const shared = loadCases(SHARED_CASES)?.filter(isChat) ?? null;

const replay = replayWorld(own, shared);

/** As an OpenAI client would ask for such an answer. */
function requestFor(recorded: RecordedCase, usageWanted: boolean): Record<string, unknown> {
  const { expected, streamed } = recorded;
  const calls = (expected.choices ?? [expected]).flatMap((choice) => choice.tool_calls ?? []);
  const names = [...new Set(calls.flatMap(({ name }) => (name ? [name] : [])))];
  const tools = names.map((name) => ({ type: 'function', function: { name, parameters: { type: 'object' } } }));
  const choices = expected.choices?.length ?? 1;
  return {
    model: publicModelOf(recorded),
    messages: [{ role: 'user', content: 'Go on.' }],
    ...(streamed ? { stream: true } : {}),
    ...(streamed && usageWanted ? { stream_options: { include_usage: true } } : {}),
    ...(tools.length > 0 ? { tools } : {}),
    ...(choices > 1 ? { n: choices } : {}),
  };
}

async function play(recorded: RecordedCase, cuts: readonly number[], usageWanted = true): Promise<string> {
  const { status, headers, body } = recorded;
  replay.upstream.replay = { status, headers, pieces: cutBytes(body, cuts) };
  replay.world.billing.batches = [];
  const asked = replay.upstream.asked;
  const response = await replay.world.chat(requestFor(recorded, usageWanted));
  const text = await response.text();
  expect(replay.upstream.asked, text).toBe(asked + 1);
  const reply = { status: response.status, headers: response.headers, text, publicModel: publicModelOf(recorded) };
  expectReply({ ...reply, operations: replay.world.billing.batches.flat() }, recorded, usageWanted);
  return text;
}

/** The same stream as OpenAI's own SDK adds it up. */
async function expectSameInSdk(recorded: RecordedCase, text: string): Promise<void> {
  const client = new OpenAI({ baseURL: `${replay.world.url}/v1`, apiKey: replay.world.billing.apiKey, maxRetries: 0 });
  const request = requestFor(recorded, true) as unknown as OpenAI.ChatCompletionCreateParamsStreaming;
  const reading = client.chat.completions.stream({ ...request, stream: true }).finalChatCompletion();
  const payloads = events(text);
  if (payloads.pop() !== '[DONE]') {
    await expect(reading).rejects.toThrow(OpenAI.APIError);
    return;
  }
  const { choices, usage } = await reading;
  const chunks = payloads.map((payload) => JSON.parse(payload));
  for (const [index, choice] of choicesOfChunks(chunks).entries()) {
    const { message, finish_reason } = choices[index] ?? {};
    expect(message?.content ?? '').toBe(choice.text);
    expect(message?.refusal ?? '').toBe(choice.refusal);
    expect(finish_reason).toBe(choice.finishReasons[0]);
    const calls = message?.tool_calls ?? [];
    // An id that we make is another one for each answer.
    expect(calls).toMatchObject(choice.toolCalls.map(({ function: called }) => ({ function: called })));
    for (const { id } of calls) expect(id).toMatch(/^[\w-]{1,40}$/);
    expect(calls).toHaveLength(choice.toolCalls.length);
  }
  const { cloudfreedom: _ofThatRequest, ...tokens } = chunks.at(-1).usage;
  expect(usage).toMatchObject(tokens);
}

function testAll(cases: RecordedCase[]): void {
  test.each(cases.map((recorded) => [recorded.id, recorded] as const))('%s', async (_id, recorded) => {
    const text = await play(recorded, recorded.splitPoints);
    if (!recorded.streamed) return;
    await expectSameInSdk(recorded, text);
    await play(recorded, []);
    await play(recorded, recorded.splitPoints, false);
  });
}

describe('our own cases', () => testAll(own));
describe.skipIf(!shared)(`recorded cases${shared ? '' : SKIPPED}`, () => {
  testAll(shared ?? []);
  test('are all there', () => {
    console.log(`${shared?.length} recorded cases went through the whole proxy`);
    expect(shared?.length).toBeGreaterThanOrEqual(166);
  });
});
