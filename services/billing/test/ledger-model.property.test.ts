/** The real ledger beside the simplest one: on the same random history the same answers and the same sums, step by step. */
import type { LedgerOperation } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, startFixture } from './billing-fixture.ts';
import { essence } from './model/essence.ts';
import { expectSameSums, expire, history, newScene, toOperation } from './model/scene.ts';
import { model, nextRev } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

const FIXED_SEED = 1;

test('the same history gives the same answers, posted and pending sums as the simplest ledger that could be', async () => {
  const seen = new Map<string, number>();
  const property = fc.asyncProperty(history, async (played) => {
    const scene = await newScene(fixture, played);
    const { model: simplest, accounts } = scene.freshModel();
    const asked: LedgerOperation[] = [];
    for (const taken of played.commands) {
      if (taken.do === 'expire') {
        const id = scene.ids[taken.which] ?? '';
        await expire(fixture, scene, id);
        simplest.expire(id);
      } else {
        const operation = taken.do === 'repeat' ? asked.at(-1 - taken.back) : toOperation(scene, played.scale, taken);
        if (!operation) continue;
        asked.push(operation);
        const wanted = simplest.perform(operation);
        const [result] = await fixture.batch(scene.token, [operation]);
        expect(essence(result), operation.op).toEqual(wanted);
        const name = 'code' in wanted ? wanted.code : wanted.status;
        seen.set(name, (seen.get(name) ?? 0) + 1);
      }
      await expectSameSums(fixture, scene, accounts);
    }
  });
  // The same histories each time: each kind of answer has to come up in them, or they would prove little.
  await fc.assert(property, { numRuns: 10, seed: FIXED_SEED, endOnFailure: true });
  const kinds = ['granted', 'held', 'settled', 'voided', 'insufficient_quota', 'budget_held', 'beyond_ceiling'];
  for (const kind of [...kinds, 'idempotency_conflict', 'reservation_ended', 'reservation_not_found'])
    expect(seen.get(kind) ?? 0, `answers of the kind ${kind}`).toBeGreaterThan(0);
  // And others each time.
  await fc.assert(property, { numRuns: 8, endOnFailure: true });
}, 120_000);
