/** The Responses surface over OpenAI's own API: our own and the recorded cases, cut everywhere. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { adapters } from '../../src/providers/registry.ts';
import { responsesRequest } from '../../src/providers/responses-request.ts';
import { ResponsesContext } from '../../src/surfaces/responses/context.ts';
import { responses } from '../../src/surfaces/responses/index.ts';
import type { ClientStream, Ending, Translation } from '../../src/surfaces/surface.ts';
import { expectEventLaws, expectResponse, type Json, responseEvents } from '../observed-response.ts';
import { catalogueModel } from '../stub-billing.ts';
import { expectFailure } from './expectations.ts';
import { cutBytes } from './observed-answer.ts';
import { isResponses, loadCases, OWN_CASES, type RecordedCase, SHARED_CASES, SKIPPED } from './recorded-cases.ts';

const EVERY_BYTE_MAX = 12_000;

function translationFor(recorded: RecordedCase, publicModel = recorded.model): Translation {
  const request = responsesRequest.parse({ model: publicModel, input: 'x', stream: recorded.streamed });
  const model = catalogueModel({ name: publicModel, upstreamModel: recorded.model });
  return responses(request, new ResponsesContext([], 0, null)).translate({
    deployment: {
      model,
      api: 'openai',
      simulated: false,
      server: { baseUrl: 'http://provider.test', fromDirectory: false },
      keyName: null,
    },
    adapter: adapters.openai,
    stamp: { id: '0'.repeat(32), created: 1_700_000_000 },
  });
}

function endingOf({ state }: Pick<ClientStream, 'state'>): Ending {
  const { meters, serviceTier } = state;
  return { meters: meters ?? {}, serviceTier, note: null, stopped: null, cut: false };
}

interface Played {
  text: string;
  state: ClientStream['state'];
  outputBytes: number;
}

async function playStream(recorded: RecordedCase, cuts: readonly number[], publicModel?: string): Promise<Played> {
  const stream = translationFor(recorded, publicModel).createStream();
  let text = '';
  for (const piece of cutBytes(recorded.body, cuts)) text += stream.push(piece);
  text += stream.end();
  if (stream.state.complete) text += await stream.close(endingOf(stream));
  return { text, state: stream.state, outputBytes: stream.outputBytes };
}

async function testStream(recorded: RecordedCase): Promise<void> {
  const { expected } = recorded;
  const whole = await playStream(recorded, []);
  if (expected.error || expected.incomplete) {
    if (expected.error) expectFailure(whole.state.failure, recorded);
    expect(whole.state.complete).toBe(false);
  } else {
    const response = expectEventLaws(responseEvents(whole.text));
    expectResponse(response, recorded);
    expect(response).toMatchObject({ model: expected.model, store: false, previous_response_id: null });
    expect(whole.state.finishReason).toBe(expected.finish_reason_openai);
    const deltas = responseEvents(whole.text).filter(({ type }: Json) => type === 'response.output_text.delta');
    expect(deltas.map(({ delta }: Json) => delta).join('')).toBe(expected.stream?.delta_text ?? expected.text);
    const renamed = await playStream(recorded, [], 'public "name"');
    expect(expectEventLaws(responseEvents(renamed.text)).model).toBe('public "name"');
  }
  const sameWhenCut = async (cuts: readonly number[]) => expect(await playStream(recorded, cuts)).toEqual(whole);
  await sameWhenCut(recorded.splitPoints);
  for (const point of recorded.splitPoints) await sameWhenCut([point]);
  if (recorded.body.length <= EVERY_BYTE_MAX) await sameWhenCut(Array.from(recorded.body, (_, index) => index));
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: recorded.body.length - 1 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(cuts, async (points) => {
      await sameWhenCut(points.toSorted((a, b) => a - b));
    }),
    { numRuns: 15 },
  );
}

async function testCase(recorded: RecordedCase): Promise<void> {
  if (recorded.status >= 400)
    return expectFailure(adapters.openai.readError(recorded.status, recorded.headers, `${recorded.body}`), recorded);
  if (recorded.streamed) return testStream(recorded);
  const answer = translationFor(recorded).readAnswer(`${recorded.body}`);
  if ('failure' in answer) throw new Error(answer.failure.message);
  const response = JSON.parse(await answer.write(endingOf({ state: { ...answer, complete: true } as never })));
  expectResponse(response, recorded);
  expect(response).toMatchObject({ object: 'response', store: false, previous_response_id: null });
  expect(response).not.toHaveProperty('billing');
  expect(answer.finishReason).toBe(recorded.expected.finish_reason_openai);
}

const shared = loadCases(SHARED_CASES)?.filter(isResponses) ?? null;
describe('our own cases', () => {
  test.each((loadCases(OWN_CASES) ?? []).filter(isResponses).map((one) => [one.id, one] as const))('%s', (_id, one) =>
    testCase(one),
  );
});
describe.skipIf(!shared)(`recorded cases${shared ? '' : SKIPPED}`, () => {
  test.each((shared ?? []).map((one) => [one.id, one] as const))('%s', (_id, one) => testCase(one));
  it('are all there', () => expect(shared?.length).toBeGreaterThanOrEqual(22));
});

describe('whatever bytes come', () => {
  const streamed = (loadCases(OWN_CASES) ?? []).filter((one) => isResponses(one) && one.streamed);
  const blocks = streamed.flatMap(({ body }) => body.toString().split('\n\n').filter(Boolean));
  const anyBytes = fc.uint8Array({ maxLength: 400 });
  const anyOrder = fc
    .array(fc.constantFrom(...blocks), { maxLength: 30 })
    .map((some) => Buffer.from(`${some.join('\n\n')}\n\n`));
  const changed = fc
    .tuple(fc.constantFrom(...streamed), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 8 }))
    .map(([{ body }, changes]) => {
      const bytes = Buffer.from(body);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });

  test('the stream is events, numbered without a gap, or an error that the relay settles', async () => {
    const [one] = streamed;
    if (!one) throw new Error('no case');
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyBytes, anyOrder, changed), fc.nat(), async (bytes, cut) => {
        const stream = translationFor(one).createStream();
        let text = '';
        let readable = true;
        try {
          for (const piece of cutBytes(bytes, [cut % (bytes.length + 1)])) text += stream.push(piece);
          text += stream.end();
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          // What was read of the piece is lost with it, and the relay ends the stream without closing it.
          readable = false;
        }
        if (readable && stream.state.complete && !stream.state.failure) text += await stream.close(endingOf(stream));
        const events = text === '' ? [] : responseEvents(text);
        expect(events.map(({ sequence_number }: Json) => sequence_number)).toEqual(events.map((_, index) => index));
      }),
      { numRuns: 300 },
    );
  });
});
