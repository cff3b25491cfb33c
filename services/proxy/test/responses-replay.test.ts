/** The Responses API through the whole proxy: our own and the recorded cases of OpenAI, natively; chats of others. */
import type { LedgerOperation } from '@cloudfreedom/contracts';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { expectEventLaws, expectResponse, type Json, observeOutput, responseEvents } from './observed-response.ts';
import { expectedFailureKind, SECRETS } from './providers/expectations.ts';
import { cutBytes } from './providers/observed-answer.ts';
import {
  failsAtOnce,
  isChat,
  isResponses,
  loadCases,
  OWN_CASES,
  type RecordedCase,
  SHARED_CASES,
  SKIPPED,
} from './providers/recorded-cases.ts';
import { errorOf } from './proxy-under-test.ts';
import { publicModelOf, replayWorld } from './replay-world.ts';

/** Chats of other providers come out as responses; OpenAI's own would be asked for natively. */
const isTranslated = (recorded: RecordedCase) => isChat(recorded) && recorded.provider !== 'openai';
const isPlayed = (recorded: RecordedCase) => isResponses(recorded) || isTranslated(recorded);
const own = (loadCases(OWN_CASES) ?? []).filter(isPlayed);
const shared = loadCases(SHARED_CASES)?.filter(isPlayed) ?? null;

const replay = replayWorld(own, shared);

function requestFor(recorded: RecordedCase): Json {
  const names = new Set((recorded.expected.tool_calls ?? []).flatMap(({ name }) => (name ? [name] : [])));
  return {
    model: publicModelOf(recorded),
    input: 'Go on.',
    reasoning: { summary: 'auto' },
    tools: [...names].map((name) => ({ type: 'function', name, parameters: { type: 'object' }, strict: false })),
    ...(recorded.streamed ? { stream: true } : {}),
  };
}

const STATUS: Record<string, number> = {
  invalid_request: 400,
  context_too_long: 400,
  rate_limited: 429,
  overloaded: 503,
};

function endingOf(operations: LedgerOperation[]): Extract<LedgerOperation, { op: 'settle' | 'void' }> {
  const endings = operations.filter((operation) => operation.op === 'settle' || operation.op === 'void');
  expect(operations.filter(({ op }) => op === 'reserve')).toHaveLength(1);
  expect(endings).toHaveLength(1);
  return endings[0] as Extract<LedgerOperation, { op: 'settle' | 'void' }>;
}

/** What a provider that isn't OpenAI said, as a response. */
function expectTranslated(response: Json, recorded: RecordedCase): void {
  const expected = recorded.expected.choices?.[0] ?? recorded.expected;
  const { text, refusal, calls } = observeOutput(response.output);
  expect(text).toBe(expected.text ?? '');
  expect(refusal).toBe('');
  expect(calls).toHaveLength(expected.tool_calls?.length ?? 0);
  for (const [index, { id, name, arguments: wanted, ...rest }] of (expected.tool_calls ?? []).entries()) {
    const call = calls[index];
    expect(call?.name).toBe(name);
    if (id) expect(call?.id).toBe(id);
    if (rest.arguments_incomplete) expect(call?.arguments).toBe(rest.arguments_raw);
    else expect(JSON.parse(call?.arguments ?? '')).toEqual(wanted);
  }
  const { finish_reason_openai: finish } = expected;
  // The provider said nothing but that it would not answer.
  const blocked = finish === undefined;
  const cut =
    finish === 'length' ? 'max_output_tokens' : finish === 'content_filter' || blocked ? 'content_filter' : undefined;
  expect(response.status).toBe(cut ? 'incomplete' : 'completed');
  expect(response.incomplete_details?.reason).toBe(cut);
  const wanted = recorded.expected.usage;
  if (!wanted) return;
  expect(response.usage.input_tokens).toBe(wanted.input_tokens + (wanted.tool_use_prompt_tokens ?? 0));
  expect(response.usage.output_tokens).toBe(wanted.output_tokens);
}

function expectAnswered(response: Json, recorded: RecordedCase): void {
  expect(response).toMatchObject({ object: 'response', model: publicModelOf(recorded), store: false });
  expect(response.usage.cloudfreedom.charge_eur).toBe('0.004217');
  if (isResponses(recorded)) expectResponse(response, recorded);
  else expectTranslated(response, recorded);
}

async function play(recorded: RecordedCase, cuts: readonly number[]): Promise<void> {
  const { status, headers, body, expected } = recorded;
  replay.upstream.replay = { status, headers, pieces: cutBytes(body, cuts) };
  replay.world.billing.batches = [];
  const response = await fetch(`${replay.world.url}/v1/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${replay.world.billing.apiKey}` },
    body: JSON.stringify(requestFor(recorded)),
  });
  const operations = () => replay.world.billing.batches.flat();
  if (failsAtOnce(recorded)) {
    expect(response.status).toBe(STATUS[expectedFailureKind(recorded)] ?? 502);
    const error = JSON.stringify(await errorOf(response));
    for (const secret of SECRETS) expect(error).not.toMatch(secret);
    expect(endingOf(operations()).op).toBe('void');
    return;
  }
  const text = await response.text();
  expect(response.status, text).toBe(200);
  const finished = (expected.choices ?? [expected]).every((choice) => Boolean(choice.finish_reason_openai));
  if (recorded.streamed && (expected.error || expected.incomplete || !finished)) {
    const failed = expectEventLaws(responseEvents(text));
    expect(failed).toMatchObject({ status: 'failed', error: { message: expect.any(String) } });
    for (const secret of SECRETS) expect(JSON.stringify(failed.error)).not.toMatch(secret);
    expect(observeOutput(failed.output).text).toBe(expected.text ?? '');
    return;
  }
  expectAnswered(recorded.streamed ? expectEventLaws(responseEvents(text)) : JSON.parse(text), recorded);
  const ending = endingOf(operations());
  expect(ending).toMatchObject({ op: 'settle', outcome: 'completed' });
  if (ending.op === 'settle') expect(ending.usage.basis).toBe(expected.usage ? 'exact' : 'estimated');
}

/** The same stream as OpenAI's own SDK adds it up. */
async function expectSameInSdk(recorded: RecordedCase): Promise<void> {
  const { status, headers, body, expected } = recorded;
  replay.upstream.replay = { status, headers, pieces: cutBytes(body, recorded.splitPoints) };
  const client = new OpenAI({ baseURL: `${replay.world.url}/v1`, apiKey: replay.world.billing.apiKey, maxRetries: 0 });
  const reading = client.responses.stream(requestFor(recorded)).finalResponse();
  if (expected.error || expected.incomplete) await expect(reading).rejects.toThrow(OpenAI.APIError);
  else expectAnswered(await reading, recorded);
}

function testAll(cases: RecordedCase[]): void {
  test.each(cases.map((recorded) => [recorded.id, recorded] as const))('%s', async (_id, recorded) => {
    await play(recorded, recorded.splitPoints);
    if (!recorded.streamed) return;
    await play(recorded, []);
    if (isResponses(recorded)) await expectSameInSdk(recorded);
  });
}
describe('our own cases', () => testAll(own));
describe.skipIf(!shared)(`recorded cases${shared ? '' : SKIPPED}`, () => testAll(shared ?? []));
