/** The laws of the ledger on random histories against a real Postgres. Each test's title names its law. */
import { randomUUID } from 'node:crypto';
import { type LedgerOperation, type LedgerResult, parseEur } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, nextRev, reserveOf, settleOf, user } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

/** A step names a person and one of the reservations of the history by small numbers, so that steps meet. */
const who = fc.integer({ min: 0, max: 2 });
const which = fc.integer({ min: 0, max: 7 });
const counts = fc.record({
  uncached_input: fc.integer({ min: 0, max: 900 }),
  output_text: fc.integer({ min: 0, max: 900 }),
});
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      who,
      which,
      input: fc.integer({ min: 0, max: 800 }),
      cap: fc.integer({ min: 1, max: 900 }),
      slice: fc.integer({ min: 1, max: 300 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('extend' as const),
      which,
      held: fc.integer({ min: 1, max: 1_000 }),
      counts,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('renew' as const), which, counts }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const), which, counts, exact: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('void' as const), which, lost: fc.option(counts) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), which }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
/** Batches run one after the other; those of one group at once. */
const history = fc.array(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 4,
});

type Person = Awaited<ReturnType<typeof newPerson>>;
interface Scene {
  first: Person;
  credentials: Parameters<typeof reserveOf>[0][];
  ids: string[];
}

/** Three payers with limits that a few requests use up: a key with its own limit, its owner, another person. */
async function newScene(): Promise<Scene> {
  const first = await newPerson(fixture, {
    tenant: { monthlyBudgetEur: '0.0005' },
    product: { monthlyBudgetEur: '0.0003' },
    key: { monthlyBudgetEur: '0.0002' },
  });
  const second = user({ tenantId: first.tenant.id, productId: first.product.id });
  await fixture.announce({ users: [second] });
  return {
    first,
    credentials: [
      { type: 'api_key', sha256: first.keyRecord.sha256 },
      { type: 'subject', subjectId: first.user.id },
      { type: 'subject', subjectId: second.id },
    ],
    ids: Array.from({ length: 8 }, () => randomUUID()),
  };
}

function toOperation(scene: Scene, taken: Step): LedgerOperation | undefined {
  const reservationId = scene.ids[taken.which] ?? '';
  switch (taken.do) {
    case 'reserve':
      return reserveOf(scene.credentials[taken.who] as Scene['credentials'][number], {
        reservationId,
        requestId: reservationId,
        inputTokensMax: taken.input,
        outputTokensCap: taken.cap,
        outputTokensSlice: taken.slice,
      });
    case 'extend':
      return {
        op: 'extend',
        reservationId,
        outputTokensHeld: taken.held,
        progress: { basis: 'estimated', meters: taken.counts },
      };
    case 'renew':
      return { op: 'renew', reservationId, progress: { basis: 'estimated', meters: taken.counts } };
    case 'settle':
      return settleOf(reservationId, taken.counts, {
        usage: { basis: taken.exact ? 'exact' : 'estimated', meters: taken.counts },
      });
    case 'void':
      if (!taken.lost) return { op: 'void', reservationId, reason: 'the upstream refused' };
      return { op: 'void', reservationId, reason: 'outcome unknown', lost: { basis: 'estimated', meters: taken.lost } };
    case 'expire':
      return undefined;
  }
}

async function expireSome(scene: Scene, steps: Step[]): Promise<void> {
  const ids = steps.flatMap((taken) => (taken.do === 'expire' ? (scene.ids[taken.which] ?? []) : []));
  if (ids.length === 0) return;
  await fixture.owner.query(
    `UPDATE reservations SET expires_at = now() - interval '1 ms' WHERE state = 'open' AND id = ANY ($1::uuid[])`,
    [ids],
  );
  await fixture.billing.ledger.expireHolds();
}

interface Answered {
  operation: LedgerOperation;
  result: LedgerResult;
}

/** Play a history. @returns every operation with its answer */
async function play(scene: Scene, groups: Step[][][]): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const group of groups) {
    await Promise.all(
      group.map(async (steps) => {
        const operations = steps.flatMap((taken) => toOperation(scene, taken) ?? []);
        if (operations.length === 0) return;
        const results = await fixture.batch(scene.first.token, operations);
        expect(results).toHaveLength(operations.length);
        for (const [index, operation] of operations.entries())
          answered.push({ operation, result: results[index] as LedgerResult });
      }),
    );
    await expireSome(scene, group.flat());
    await checkSums(scene);
  }
  return answered;
}

const LIMITS: Record<string, bigint> = {
  tenant: parseEur('0.0005'),
  user: parseEur('0.0003'),
  api_key: parseEur('0.0002'),
};

/**
 * Laws 1 and 3, after every round. Overage, and what a correction adds, is what the provider took beyond the hold: that
 * alone may cross a limit. What a correction gives back may be granted again.
 */
async function checkSums(scene: Scene): Promise<void> {
  const { rows } = await fixture.owner.query<{
    level: string;
    posted: bigint;
    pending: bigint;
    entries: bigint;
    granted: bigint;
    holds: bigint;
  }>(
    `SELECT b.level, b.posted_nano_eur AS posted, b.pending_nano_eur AS pending,
       coalesce((SELECT sum(e.amount_nano_eur) FROM entries e WHERE (e.tenant_id, e.level, e.owner_id, e.period_start)
         = (b.tenant_id, b.level, b.owner_id, b.period_start)), 0)::bigint AS entries,
       coalesce((SELECT sum(e.amount_nano_eur) FROM entries e WHERE (e.tenant_id, e.level, e.owner_id, e.period_start)
         = (b.tenant_id, b.level, b.owner_id, b.period_start)
         AND (e.kind = 'charge' OR (e.kind = 'correction' AND e.amount_nano_eur < 0))), 0)::bigint AS granted,
       coalesce((SELECT sum(r.hold_nano_eur) FROM reservations r WHERE r.tenant_id = b.tenant_id AND r.state = 'open'
         AND r.period_start = b.period_start
         AND CASE b.level WHEN 'tenant' THEN true WHEN 'user' THEN r.subject_id = b.owner_id
           ELSE r.api_key_id = b.owner_id END), 0)::bigint AS holds
     FROM budget_balances b WHERE b.tenant_id = $1`,
    [scene.first.tenant.id],
  );
  for (const row of rows) {
    expect(row.posted, `posted of ${row.level}`).toBe(row.entries);
    expect(row.pending, `pending of ${row.level}`).toBe(row.holds);
    expect(row.granted + row.pending <= (LIMITS[row.level] ?? 0n), `granted beyond the limit of ${row.level}`).toBe(
      true,
    );
  }
}

async function readReservations(tenantId: string) {
  const { rows } = await fixture.owner.query<{
    id: string;
    state: string;
    charge: bigint | null;
    posted: bigint;
    charges: bigint;
  }>(
    `SELECT r.id, r.state, r.charge_nano_eur AS charge,
       coalesce(sum(e.amount_nano_eur), 0)::bigint AS posted, count(e.id) FILTER (WHERE e.kind = 'charge') AS charges
     FROM reservations r LEFT JOIN entries e ON e.tenant_id = r.tenant_id AND e.reservation_id = r.id AND e.level = 'user'
     WHERE r.tenant_id = $1 GROUP BY r.tenant_id, r.id ORDER BY r.id`,
    [tenantId],
  );
  return rows;
}

/** What PocketBase has got of a tenant, in nano-euro per reservation, once nothing of it waits any more. */
async function readRelayed(tenantId: string): Promise<Map<string, bigint>> {
  const waiting = () => fixture.owner.query('SELECT 1 FROM usage_outbox WHERE tenant_id = $1', [tenantId]);
  await expect.poll(async () => (await waiting()).rowCount, { timeout: 10_000 }).toBe(0);
  const sums = new Map<string, bigint>();
  for (const row of fixture.pocketbase.received)
    if (row.tenantId === tenantId)
      sums.set(row.reservationId, (sums.get(row.reservationId) ?? 0n) + parseEur(row.charge));
  return sums;
}

test('what an expiry charged and a later ending gave back is free for others', async () => {
  const scene = await newScene();
  const reserve = (which: number) => ({ do: 'reserve' as const, who: 1, which, input: 0, cap: 500, slice: 300 });
  const answered = await play(scene, [
    [[reserve(0)]],
    [[{ do: 'expire', which: 0 }]],
    [[{ do: 'void', which: 0, lost: null }]],
    [[reserve(1)]],
  ]);
  expect(answered.map(({ result }) => result.status)).toEqual(['granted', 'voided', 'granted']);
});

describe('random histories', () => {
  test('laws 1, 2 and 3: nothing granted beyond a limit, each reservation ends once, the sums are the rows', async () => {
    let granted = 0;
    let refused = 0;
    let losses = 0;
    await fc.assert(
      fc.asyncProperty(history, async (groups) => {
        const scene = await newScene();
        const answered = await play(scene, groups);
        granted += answered.filter(({ result }) => result.status === 'granted').length;
        refused += answered.filter(({ result }) => result.status === 'refused').length;
        const relayed = await readRelayed(scene.first.tenant.id);
        for (const { id, state, charge, posted, charges } of await readReservations(scene.first.tenant.id)) {
          expect(posted).toBe(charge ?? 0n);
          expect(relayed.get(id) ?? 0n, 'sum of the rows in PocketBase').toBe(charge ?? 0n);
          expect(charges).toBe(state === 'settled' || state === 'expired' ? 1n : 0n);
        }
        const logged = await fixture.owner.query(
          `SELECT coalesce(sum(charge_nano_eur), 0)::bigint AS sum,
             coalesce(sum(cost_nano_eur) FILTER (WHERE outcome = 'lost'), 0)::bigint AS lost FROM usage_records WHERE tenant_id = $1 AND superseded_at IS NULL`,
          [scene.first.tenant.id],
        );
        const posted = await fixture.owner.query(
          `SELECT coalesce(sum(posted_nano_eur) FILTER (WHERE level = 'tenant'), 0)::bigint AS sum,
             coalesce(sum(posted_nano_eur) FILTER (WHERE level = 'loss'), 0)::bigint AS lost
           FROM budget_balances WHERE tenant_id = $1`,
          [scene.first.tenant.id],
        );
        expect(logged.rows[0].sum, 'usage log and balance').toBe(posted.rows[0].sum);
        expect(logged.rows[0].lost, 'lost rows and the loss account').toBe(posted.rows[0].lost);
        if (posted.rows[0].lost > 0n) losses++;
      }),
      { numRuns: 40, endOnFailure: true },
    );
    expect(granted, 'grants, or the histories prove nothing').toBeGreaterThan(20);
    expect(losses, 'losses, or the histories prove nothing').toBeGreaterThan(0);
    expect(refused, 'refusals, or the histories prove nothing').toBeGreaterThan(0);
  }, 240_000);

  test('law 4: the same id with the same content gets the same answer, with other content it is refused', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (groups) => {
        const scene = await newScene();
        const answered = await play(scene, groups);
        const reserves = answered.filter(({ operation }) => operation.op === 'reserve');
        const ends = answered.filter(({ result }) => result.status === 'settled' || result.status === 'voided');
        for (const { operation, result } of [...reserves, ...ends]) {
          if (result.status === 'rejected') continue;
          const other = {
            ...operation,
            ...(operation.op === 'reserve'
              ? { requestId: 'other' }
              : operation.op === 'settle'
                ? { totalMs: 1 }
                : { reason: 'other' }),
          };
          const before = await readReservations(scene.first.tenant.id);
          const [same, conflict] = await fixture.batch(scene.first.token, [operation, other as LedgerOperation]);
          expect(same).toEqual(result);
          expect(conflict).toMatchObject({ status: 'rejected', code: 'idempotency_conflict' });
          expect(await readReservations(scene.first.tenant.id)).toEqual(before);
        }
        await checkSums(scene);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  }, 240_000);
});
