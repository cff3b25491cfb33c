/** Every adapter against every case of what its provider sends: our own always, the recorded ones where they are. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { AnswerContext } from '../../src/providers/provider.ts';
import { adapters } from '../../src/providers/registry.ts';
import { expectAnswer, expectFailure } from './expectations.ts';
import { cutBytes, type ObservedStream, observeAnswer, observeStream } from './observed-answer.ts';
import { isChat, loadCases, OWN_CASES, type RecordedCase, SHARED_CASES, SKIPPED } from './recorded-cases.ts';
import { caseScenarios, type Results, scenarioTable } from './scenario-table.ts';

/** Cut at every byte up to this size; larger ones at random points. */
const EVERY_BYTE_MAX = 12_000;

function contextOf(recorded: RecordedCase, publicModel = recorded.model): AnswerContext {
  const n = recorded.expected.choices?.length;
  return {
    completionId: 'chatcmpl-test1',
    created: 1_700_000_000,
    publicModel,
    upstreamModel: recorded.model,
    request: {
      model: publicModel,
      messages: [{ role: 'user', content: 'x' }],
      stream: recorded.streamed,
      ...(n ? { n } : {}),
    },
  };
}

function expectLaws(observed: ObservedStream, recorded: RecordedCase, publicModel: string | null): void {
  const { expected } = recorded;
  const failed = expected.error !== undefined;
  const finished = (expected.choices ?? [expected]).every((choice) => Boolean(choice.finish_reason_openai));
  expect(observed.state.complete).toBe(finished && !failed && !expected.incomplete);
  if (failed) expectFailure(observed.state.failure, recorded);
  else expect(observed.state.failure).toBeNull();
  for (const choice of observed.choices) expect(choice.finishReasons.length).toBeLessThanOrEqual(1);
  if (observed.state.complete) for (const choice of observed.choices) expect(choice.finishReasons).toHaveLength(1);
  for (const { json } of observed.chunks) {
    const chunk = JSON.parse(json);
    expect(chunk).not.toHaveProperty('usage');
    expect(json).not.toMatch(/[\r\n]/);
    if (publicModel !== null) expect(chunk.model).toBe(publicModel);
  }
}

function testStream(recorded: RecordedCase): void {
  const adapter = adapters[recorded.provider];
  const context = contextOf(recorded);
  const whole = observeStream(adapter, [recorded.body], context);
  expectAnswer(whole, recorded);
  expectLaws(whole, recorded, null);
  const renamed = observeStream(adapter, [recorded.body], contextOf(recorded, 'public "name"'));
  expectLaws(renamed, recorded, 'public "name"');
  expect(renamed.choices).toEqual(whole.choices);

  const sameWhenCut = (cuts: readonly number[]) =>
    expect(observeStream(adapter, cutBytes(recorded.body, cuts), context)).toEqual(whole);
  sameWhenCut(recorded.splitPoints);
  for (const point of recorded.splitPoints) sameWhenCut([point]);
  if (recorded.body.length <= EVERY_BYTE_MAX) sameWhenCut(Array.from(recorded.body, (_, index) => index));
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, recorded.body.length - 1) }), { maxLength: 20 });
  fc.assert(
    fc.property(cuts, (points) => {
      sameWhenCut(points.toSorted((a, b) => a - b));
    }),
    { numRuns: 15 },
  );
}

function testCase(recorded: RecordedCase): void {
  const adapter = adapters[recorded.provider];
  if (recorded.status >= 400) {
    expectFailure(adapter.readError(recorded.status, recorded.headers, recorded.body.toString()), recorded);
  } else if (recorded.streamed) {
    testStream(recorded);
  } else {
    const observed = observeAnswer(adapter, recorded.body.toString(), contextOf(recorded));
    expectAnswer(observed, recorded);
    for (const choice of observed.choices) expect(choice.finishReasons).toHaveLength(1);
  }
}

function testAll(cases: RecordedCase[], results: Results): void {
  for (const recorded of cases) {
    it(recorded.id, () => {
      for (const scenario of caseScenarios(recorded)) results.begin(recorded.provider, scenario);
      testCase(recorded);
      for (const scenario of caseScenarios(recorded)) results.pass(recorded.provider, scenario);
    });
  }
}

const shared = loadCases(SHARED_CASES);
const sharedResults: Results = scenarioTable();
const ownResults: Results = scenarioTable();

describe('our own cases', () => {
  testAll((loadCases(OWN_CASES) ?? []).filter(isChat), ownResults);
  it('has every scenario that an adapter has to read, for each provider', () => {
    expect(ownResults.missing()).toEqual([]);
  });
});

describe.skipIf(!shared)(`recorded cases${shared ? '' : SKIPPED}`, () => {
  const others = (shared ?? []).filter((recorded) => !isChat(recorded));
  testAll((shared ?? []).filter(isChat), sharedResults);
  it('passes over nothing but other endpoints', () => {
    const endpoints = new Set(others.map((recorded) => recorded.endpoint));
    expect(
      [...endpoints].filter((name) => !/^(responses|embeddings|batchEmbedContents|count_?tokens)$/i.test(name)),
    ).toEqual([]);
  });
  afterAll(() => {
    console.log(`Not chat, so not for these adapters: ${others.map((recorded) => recorded.id).join(', ')}`);
  });
});

afterAll(() => {
  console.log(`Our own cases:\n${ownResults.print()}`);
  if (shared) console.log(`Recorded cases:\n${sharedResults.print()}`);
  else console.log(`Recorded cases${SKIPPED}`);
});
