/** The real ledger beside the simplest one: on the same random history the same answers and the same sums, step by step. */
import { randomUUID } from 'node:crypto';
import { formatEur, type LedgerOperation, type Reach } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { essence } from './model/essence.ts';
import { type Account, LedgerModel } from './model/ledger-model.ts';
import { apiKey, model, nextRev, reserveOf, settleOf, user } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

const PRIORITY: Reach = { serviceTiers: ['standard', 'priority'], rareMeters: [], serverToolCallsMax: 0 };
const PAYERS = 5;
const RESERVATIONS = 14;
const who = fc.nat(PAYERS - 1);
const which = fc.nat(RESERVATIONS - 1);
const tokens = fc.integer({ min: 0, max: 900 });
const meters = fc.record({ uncached_input: tokens, output_text: tokens }, { requiredKeys: [] });
/** The provider says the tier, or nothing. */
const served = fc.constantFrom('standard', 'priority', undefined);
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      who,
      which,
      input: tokens,
      cap: fc.integer({ min: 1, max: 900 }),
      least: fc.integer({ min: 1, max: 100 }),
      slice: fc.integer({ min: 1, max: 300 }),
      choices: fc.integer({ min: 1, max: 3 }),
      priority: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('extend' as const), which, held: tokens, meters }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('renew' as const), which, meters }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('settle' as const), which, meters, exact: fc.boolean(), served }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expire' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), back: fc.nat(10) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

const limit = fc.option(fc.bigInt({ min: 0n, max: 2_500_000n }), { freq: 4, nil: null });
const history = fc.record({
  limits: fc.record({ tenant: limit, user: fc.bigInt({ min: 0n, max: 1_500_000n }), apiKey: limit }),
  markupPerMille: fc.constantFrom(0, 1, 125, 333),
  /** Tokens and limits times this: sums far beyond 2^32 too. */
  scale: fc.constantFrom(1, 1_000_000),
  commands: fc.array(command, { minLength: 30, maxLength: 60 }),
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

interface Scene {
  token: string;
  tenantId: string;
  accounts: Account[];
  credentials: Parameters<typeof reserveOf>[0][];
  ids: string[];
  model: LedgerModel;
}

/** Two people with two and one keys in one tenant: five ways to pay. */
async function newScene({ limits, markupPerMille, scale }: History): Promise<Scene> {
  const scaled = (amount: bigint | null) => amount && amount * BigInt(scale);
  const text = (amount: bigint | null) => (amount === null ? '' : formatEur(amount * BigInt(scale)));
  const first = await newPerson(fixture, {
    tenant: { monthlyBudgetEur: text(limits.tenant), markupPercent: `${markupPerMille / 10}` },
    product: { monthlyBudgetEur: text(limits.user) },
    key: { monthlyBudgetEur: text(limits.apiKey) },
  });
  const tenantId = first.tenant.id;
  const second = user({ tenantId, productId: first.product.id });
  const { key: _own, ...ownKey } = apiKey({ tenantId, userId: first.user.id });
  const { key: _other, ...otherKey } = apiKey({ tenantId, userId: second.id, monthlyBudgetEur: text(limits.apiKey) });
  await fixture.announce({ users: [second], api_keys: [ownKey, otherKey] });
  const account = (level: Account['level'], ownerId: string, amount: bigint | null): Account => {
    return { level, ownerId, limit: scaled(amount), posted: 0n, pending: 0n };
  };
  const home = account('tenant', tenantId, limits.tenant);
  const [one, two] = [account('user', first.user.id, limits.user), account('user', second.id, limits.user)];
  const keys = [
    { sha256: first.keyRecord.sha256, owner: one, account: account('api_key', first.keyRecord.id, limits.apiKey) },
    { sha256: ownKey.sha256, owner: one, account: account('api_key', ownKey.id, null) },
    { sha256: otherKey.sha256, owner: two, account: account('api_key', otherKey.id, limits.apiKey) },
  ];
  const payersOf = (credential: Scene['credentials'][number]): Account[] => {
    if (credential.type === 'subject') return [home, credential.subjectId === one.ownerId ? one : two];
    const key = keys.find(({ sha256 }) => sha256 === credential.sha256);
    if (!key) throw new Error('no such key');
    return [home, key.owner, key.account];
  };
  return {
    token: first.token,
    tenantId,
    accounts: [home, one, two, ...keys.map((key) => key.account)],
    credentials: [
      { type: 'subject', subjectId: one.ownerId },
      { type: 'subject', subjectId: two.ownerId },
      ...keys.map(({ sha256 }) => ({ type: 'api_key' as const, sha256 })),
    ],
    ids: Array.from({ length: RESERVATIONS }, () => randomUUID()),
    model: new LedgerModel(markupPerMille, payersOf),
  };
}

function toOperation(
  scene: Scene,
  scale: number,
  taken: Exclude<Command, { do: 'expire' | 'repeat' }>,
): LedgerOperation {
  const reservationId = scene.ids[taken.which] ?? '';
  if (taken.do === 'reserve') {
    return reserveOf(scene.credentials[taken.who] as Scene['credentials'][number], {
      reservationId,
      requestId: reservationId,
      inputTokensMax: taken.input * scale,
      outputTokensCap: taken.cap * scale,
      outputTokensMin: taken.least * scale,
      outputTokensSlice: taken.slice * scale,
      choices: taken.choices,
      ...(taken.priority && { reach: PRIORITY }),
    });
  }
  if (taken.do === 'void') return { op: 'void', reservationId, reason: 'the upstream refused' };
  const scaled = Object.fromEntries(Object.entries(taken.meters).map(([name, units]) => [name, units * scale]));
  if (taken.do === 'settle')
    return settleOf(reservationId, scaled, {
      usage: {
        basis: taken.exact ? 'exact' : 'estimated',
        meters: scaled,
        ...(taken.served && { serviceTier: taken.served }),
      },
    });
  const progress = { basis: 'estimated' as const, meters: scaled };
  if (taken.do === 'renew') return { op: 'renew', reservationId, progress };
  return { op: 'extend', reservationId, outputTokensHeld: taken.held * scale, progress };
}

async function expire(scene: Scene, reservationId: string): Promise<void> {
  await fixture.owner.query(
    `UPDATE reservations SET expires_at = now() - interval '1 ms' WHERE tenant_id = $1 AND id = $2 AND state = 'open'`,
    [scene.tenantId, reservationId],
  );
  await fixture.billing.ledger.expireHolds();
  scene.model.expire(reservationId);
}

async function expectSameSums(scene: Scene): Promise<void> {
  const { rows } = await fixture.owner.query<{ level: string; owner_id: string; posted: bigint; pending: bigint }>(
    `SELECT level, owner_id, posted_nano_eur AS posted, pending_nano_eur AS pending FROM budget_balances WHERE tenant_id = $1`,
    [scene.tenantId],
  );
  for (const { level, ownerId, posted, pending } of scene.accounts) {
    const real = rows.find((row) => row.level === level && row.owner_id === ownerId) ?? { posted: 0n, pending: 0n };
    expect({ level, posted: real.posted, pending: real.pending }).toEqual({ level, posted, pending });
  }
}

const FIXED_SEED = 1;

test('the same history gives the same answers, posted and pending sums as the simplest ledger that could be', async () => {
  const seen = new Map<string, number>();
  const property = fc.asyncProperty(history, async (played) => {
    const scene = await newScene(played);
    const asked: LedgerOperation[] = [];
    for (const taken of played.commands) {
      if (taken.do === 'expire') await expire(scene, scene.ids[taken.which] ?? '');
      else {
        const operation = taken.do === 'repeat' ? asked.at(-1 - taken.back) : toOperation(scene, played.scale, taken);
        if (!operation) continue;
        asked.push(operation);
        const wanted = scene.model.perform(operation);
        const [result] = await fixture.batch(scene.token, [operation]);
        expect(essence(result), operation.op).toEqual(wanted);
        const name = 'code' in wanted ? wanted.code : wanted.status;
        seen.set(name, (seen.get(name) ?? 0) + 1);
      }
      await expectSameSums(scene);
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
