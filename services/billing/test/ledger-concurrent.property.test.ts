/**
 * Random histories of batches that run at once, on two replicas of billing: there has to be an order of the batches in
 * which the simplest ledger gives every one of these answers and ends with these sums (linearizability).
 */
import { randomUUID } from 'node:crypto';
import type { LedgerOperation, LedgerResult } from '@cloudfreedom/contracts';
import { createLogger } from '@cloudfreedom/service-kit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Billing, startBilling } from '../src/billing.ts';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { essence } from './model/essence.ts';
import type { Account } from './model/ledger-model.ts';
import { type Command, command, expire, history, newScene, type Scene, toOperation } from './model/scene.ts';
import { model, nextRev, reserveOf, settleOf } from './records.ts';

let fixture: Fixture;
let second: Billing;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
  second = await startBilling(fixture.config, createLogger('billing', 'silent'));
});
afterAll(async () => {
  await second?.app.close();
  await second?.release();
  await fixture?.stop();
});

const batch = fc.array(
  command.filter((one) => one.do !== 'repeat'),
  { minLength: 1, maxLength: 3 },
);
/** Rounds one after the other; the batches of a round at once. */
const rounds = fc.array(fc.array(batch, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 7 });
const { limits, markupPerMille } = {
  limits: history.map((one) => one.limits),
  markupPerMille: history.map((one) => one.markupPerMille),
};

type Step = { operations: LedgerOperation[]; results: LedgerResult[] } | { expired: string };
type Batch = Extract<Step, { operations: LedgerOperation[] }>;

function permutations<T>(list: T[]): T[][] {
  if (list.length < 2) return [list];
  return list.flatMap((first, index) => permutations(list.toSpliced(index, 1)).map((rest) => [first, ...rest]));
}

const asText = (value: unknown) => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one));

/** Do these steps, in this order, give these answers? @returns the accounts afterwards, and all that the model knows */
function replay(scene: Scene, steps: Step[]): { accounts: Account[]; state: string } | null {
  const { model: simplest, accounts } = scene.freshModel();
  for (const step of steps) {
    if ('expired' in step) simplest.expire(step.expired);
    else {
      const wanted = step.operations.map((operation) => simplest.perform(operation));
      if (asText(wanted) !== asText(step.results.map(essence))) return null;
    }
  }
  return { accounts, state: asText([...simplest.holds]) };
}

async function readSums(scene: Scene): Promise<string[]> {
  const { rows } = await fixture.owner.query<{ level: string; owner_id: string; posted: bigint; pending: bigint }>(
    `SELECT level, owner_id, posted_nano_eur AS posted, pending_nano_eur AS pending FROM budget_balances
     WHERE tenant_id = $1 AND (posted_nano_eur, pending_nano_eur) <> (0, 0)`,
    [scene.tenantId],
  );
  return rows.map((row) => `${row.level} ${row.owner_id} ${row.posted} ${row.pending}`).sort();
}

const sumsOf = (accounts: Account[]) =>
  accounts
    .filter(({ posted, pending }) => posted !== 0n || pending !== 0n)
    .map(({ level, ownerId, posted, pending }) => `${level} ${ownerId} ${posted} ${pending}`)
    .sort();

async function playRound(scene: Scene, commands: Command[][]): Promise<Batch[]> {
  const ledgers = [fixture.billing.ledger, second.ledger];
  const played = commands.map(async (batchOf, index) => {
    const operations = batchOf.flatMap((taken) =>
      taken.do === 'expire' || taken.do === 'repeat' ? [] : [toOperation(scene, 1, taken)],
    );
    if (operations.length === 0) return [];
    const results = await ledgers[index % 2]?.perform(scene.tenantId, operations);
    return [{ operations, results: results ?? [] }];
  });
  return (await Promise.all(played)).flat();
}

test('batches at once on two replicas: the answers and sums are those of one after the other in some order', async () => {
  let contested = 0;
  const property = fc.asyncProperty(limits, markupPerMille, rounds, async (given, perMille, played) => {
    const scene = await newScene(fixture, { limits: given, markupPerMille: perMille, scale: 1 });
    // Every order of the past that explains all answers so far: a later round may rule some of them out.
    let pasts: Step[][] = [[]];
    for (const round of played) {
      const batches = await playRound(scene, round);
      const orders = permutations<Step>(batches);
      const sums = (await readSums(scene)).join();
      const explaining = pasts.flatMap((past) =>
        orders.flatMap((order) => {
          const steps = [...past, ...order];
          const end = replay(scene, steps);
          return end && sumsOf(end.accounts).join() === sums ? { steps, state: end.state } : [];
        }),
      );
      expect(explaining.length, `no order explains ${asText(batches)}`).toBeGreaterThan(0);
      if (explaining.length < pasts.length * orders.length) contested++;
      // Orders that lead to the same state have the same future.
      pasts = [...new Map(explaining.map(({ state, steps }) => [state, steps])).values()];
      for (const taken of round.flat()) {
        if (taken.do !== 'expire') continue;
        const expired = scene.ids[taken.which] ?? '';
        await expire(fixture, scene, expired);
        pasts = pasts.map((past) => [...past, { expired }]);
      }
    }
  });
  await fc.assert(property, { numRuns: 25, endOnFailure: true });
  expect(contested, 'rounds in which the order mattered, or they prove nothing').toBeGreaterThan(3);
}, 120_000);

/** One of three operations of each kind on one of four ids, from one of two payers. */
const asked = fc.record({
  op: fc.constantFrom('reserve', 'reserve', 'settle', 'void'),
  which: fc.integer({ min: 0, max: 3 }),
  content: fc.integer({ min: 1, max: 2 }),
});
const rivals = fc.array(fc.array(asked, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 12 });

test('law 4: whatever arrives at once on two replicas, and while connections die, content keeps its answer', async () => {
  let [killed, repeated] = [0, 0];
  const ledgers = [fixture.billing.ledger, second.ledger];
  const property = fc.asyncProperty(rivals, fc.boolean(), async (batches, withKills) => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.0004' } });
    const credential = { type: 'subject', subjectId: person.user.id } as const;
    const ids = Array.from({ length: 4 }, () => randomUUID());
    const toAsked = ({
      op,
      which,
      content,
    }: typeof asked extends fc.Arbitrary<infer T> ? T : never): LedgerOperation => {
      const reservationId = ids[which] ?? '';
      if (op === 'settle') return settleOf(reservationId, { output_text: content });
      if (op === 'void') return { op: 'void', reservationId, reason: `${content}` };
      return reserveOf(credential, { reservationId, requestId: reservationId, outputTokensSlice: content * 100 });
    };
    const insist = async (index: number, operations: LedgerOperation[]): Promise<LedgerResult[]> => {
      for (;;) {
        const results = await ledgers[index % 2]?.perform(person.tenant.id, operations).catch(() => null);
        if (results) return results;
      }
    };
    const sent = batches.flatMap((batch) => [batch.map(toAsked), batch.map(toAsked)]);
    const playing = Promise.all(sent.map((operations, index) => insist(index, operations)));
    if (withKills) {
      const { rowCount } = await fixture.owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'billing' AND state <> 'idle'`,
      );
      killed += rowCount ?? 0;
    }
    const answers = new Map<string, LedgerResult>();
    for (const [index, results] of (await playing).entries())
      for (const [at, result] of results.entries()) {
        const operation = sent[index]?.[at];
        // An ending may come before its reservation, or after another ending.
        if (operation?.op !== 'reserve' && result.status === 'rejected') continue;
        const content = JSON.stringify(operation);
        const earlier = answers.get(content);
        if (earlier) expect(result, content).toEqual(earlier);
        if (earlier) repeated++;
        else answers.set(content, result);
      }
  });
  await fc.assert(property, { numRuns: 15, endOnFailure: true });
  expect(killed, 'connections killed, or this proves little').toBeGreaterThan(0);
  expect(repeated, 'repeats').toBeGreaterThan(20);
}, 240_000);
