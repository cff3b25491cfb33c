/**
 * The promises of a budget through proxy, billing and Postgres, in a short form: `npm run soak:budget`, `npm run soak:kill`
 * and `npm run soak` are the long ones.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mixedModels, models } from '../soak/directory.ts';
import { runFalseBlock } from '../soak/false-block.ts';
import { runKills } from '../soak/kill.ts';
import { brokenLaws } from '../soak/laws.ts';
import { runMixed } from '../soak/mixed.ts';
import { runOverspend } from '../soak/overspend.ts';
import { type Rig, startRig } from '../soak/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ record: true, models: [...models, ...Object.values(mixedModels)] });
});
afterAll(() => rig?.stop());

test('200 clients at once against a budget for 50 requests spend it, to less than one smallest request, and no nano-euro more; twice', async () => {
  const runs = await Promise.all([runOverspend(rig), runOverspend(rig)]);
  for (const { faults, answered } of runs) {
    expect(faults).toEqual([]);
    expect(answered).toBeGreaterThan(25);
  }
  expect(await brokenLaws(rig)).toEqual([]);
}, 600_000);

test('40 streams at once whose true cost is 60 % of the budget: none is refused, with hidden reasoning some may wait', async () => {
  const visible = await runFalseBlock(rig, 'visible');
  expect(visible).toMatchObject({ answered: 40, refused: 0, held: 0 });
  const hidden = await runFalseBlock(rig, 'hidden');
  expect(hidden).toMatchObject({ answered: 40, refused: 0 });
  console.log(
    `Had each held its model's whole maximum, ${visible.refusedWithWholeMaximum} and ${hidden.refusedWithWholeMaximum} of 40 would have been refused.`,
  );
}, 600_000);

test('the same while billing answers too late: reservations that were given up cut nobody short', async () => {
  for (const kind of ['visible', 'hidden'] as const)
    expect(await runFalseBlock(rig, kind, { late: true })).toMatchObject({ answered: 40, refused: 0 });
}, 600_000);

test('proxy, billing and Postgres killed under load: laws hold, each answered request is charged once', async () => {
  const run = await runKills(rig, 3, () => undefined);
  expect(run.faults).toEqual([]);
  expect(run.answered, 'answers, or this proves nothing').toBeGreaterThan(5);
}, 600_000);

test('all surfaces with aborts, slow clients and faults of providers: client, provider and ledger agree request by request', async () => {
  const run = await runMixed(rig, { durationMs: 6_000, requestsPerSecond: 15, restarts: [], report: () => undefined });
  expect(run.faults).toEqual([]);
  expect(run.outcomes.whole.answered, 'answers, or this proves nothing').toBeGreaterThan(5);
}, 600_000);
