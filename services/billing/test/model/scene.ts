/** People, keys and operations by small numbers, so that random histories meet; for the ledger and for the model alike. */
import { randomUUID } from 'node:crypto';
import { formatEur, type LedgerOperation, type Reach } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { expect } from 'vitest';
import { type Fixture, newPerson } from '../billing-fixture.ts';
import { apiKey, reserveOf, settleOf, user } from '../records.ts';
import { type Account, LedgerModel } from './ledger-model.ts';

const PRIORITY: Reach = { serviceTiers: ['standard', 'priority'], rareMeters: [], serverToolCallsMax: 0 };
const PAYERS = 5;
const RESERVATIONS = 14;
const who = fc.nat(PAYERS - 1);
const which = fc.nat(RESERVATIONS - 1);
const tokens = fc.integer({ min: 0, max: 900 });
const meters = fc.record({ uncached_input: tokens, output_text: tokens }, { requiredKeys: [] });
/** The provider says the tier, or nothing. */
const served = fc.constantFrom('standard', 'priority', undefined);
export const command = fc.oneof(
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
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('void' as const),
      which,
      lost: fc.option(meters),
      exact: fc.boolean(),
      served,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expire' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), back: fc.nat(10) }) },
);
export type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

const limit = fc.option(fc.bigInt({ min: 0n, max: 2_500_000n }), { freq: 4, nil: null });
export const history = fc.record({
  limits: fc.record({ tenant: limit, user: fc.bigInt({ min: 0n, max: 1_500_000n }), apiKey: limit }),
  markupPerMille: fc.constantFrom(0, 1, 125, 333),
  /** Tokens and limits times this: sums far beyond 2^32 too. */
  scale: fc.constantFrom(1, 1_000_000),
  commands: fc.array(command, { minLength: 30, maxLength: 60 }),
});
export type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

export interface Scene {
  token: string;
  tenantId: string;
  credentials: Parameters<typeof reserveOf>[0][];
  ids: string[];
  /** A model in which nothing has happened yet, and its accounts. */
  freshModel: () => { model: LedgerModel; accounts: Account[] };
}

/** Two people with two and one keys in one tenant: five ways to pay. */
export async function newScene(
  fixture: Fixture,
  { limits, markupPerMille, scale }: Pick<History, 'limits' | 'markupPerMille' | 'scale'>,
): Promise<Scene> {
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
  const [one, two] = [first.user.id, second.id];
  const keys = [
    { sha256: first.keyRecord.sha256, owner: one, id: first.keyRecord.id, limit: limits.apiKey },
    { sha256: ownKey.sha256, owner: one, id: ownKey.id, limit: null },
    { sha256: otherKey.sha256, owner: two, id: otherKey.id, limit: limits.apiKey },
  ];
  const freshModel = () => {
    const account = (level: Account['level'], ownerId: string, amount: bigint | null): Account => {
      return { level, ownerId, limit: scaled(amount), posted: 0n, pending: 0n };
    };
    const home = account('tenant', tenantId, limits.tenant);
    const people = new Map([one, two].map((id) => [id, account('user', id, limits.user)]));
    const personOf = (id: string) => people.get(id) as Account;
    const keyAccounts = new Map(keys.map(({ sha256, id, limit }) => [sha256, account('api_key', id, limit)]));
    const payersOf = (credential: Scene['credentials'][number]): Account[] => {
      if (credential.type === 'subject') return [home, personOf(credential.subjectId)];
      const key = keys.find(({ sha256 }) => sha256 === credential.sha256);
      if (!key) throw new Error('no such key');
      return [home, personOf(key.owner), keyAccounts.get(key.sha256) as Account];
    };
    const losses = account('loss', tenantId, null);
    const accounts = [home, ...people.values(), ...keyAccounts.values(), losses];
    return { model: new LedgerModel(markupPerMille, payersOf, () => losses), accounts };
  };
  return {
    token: first.token,
    tenantId,
    credentials: [
      { type: 'subject', subjectId: one },
      { type: 'subject', subjectId: two },
      ...keys.map(({ sha256 }) => ({ type: 'api_key' as const, sha256 })),
    ],
    ids: Array.from({ length: RESERVATIONS }, () => randomUUID()),
    freshModel,
  };
}

export function toOperation(
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
  const scaledBy = (counts: Partial<Record<string, number>>) =>
    Object.fromEntries(Object.entries(counts).map(([name, units = 0]) => [name, units * scale]));
  if (taken.do === 'void') {
    const { lost, exact, served } = taken;
    if (!lost) return { op: 'void', reservationId, reason: 'the upstream refused' };
    const basis = exact ? ('exact' as const) : ('estimated' as const);
    const usage = { basis, meters: scaledBy(lost), ...(served && { serviceTier: served }) };
    return { op: 'void', reservationId, reason: 'outcome unknown', lost: usage };
  }
  const scaled = scaledBy(taken.meters);
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

export async function expire(fixture: Fixture, scene: Scene, reservationId: string): Promise<void> {
  await fixture.owner.query(
    `UPDATE reservations SET expires_at = now() - interval '1 ms' WHERE tenant_id = $1 AND id = $2 AND state = 'open'`,
    [scene.tenantId, reservationId],
  );
  await fixture.billing.ledger.expireHolds();
}

export async function expectSameSums(fixture: Fixture, scene: Scene, accounts: Account[]): Promise<void> {
  const { rows } = await fixture.owner.query<{ level: string; owner_id: string; posted: bigint; pending: bigint }>(
    `SELECT level, owner_id, posted_nano_eur AS posted, pending_nano_eur AS pending FROM budget_balances WHERE tenant_id = $1`,
    [scene.tenantId],
  );
  for (const { level, ownerId, posted, pending } of accounts) {
    const real = rows.find((row) => row.level === level && row.owner_id === ownerId) ?? { posted: 0n, pending: 0n };
    expect({ level, posted: real.posted, pending: real.pending }).toEqual({ level, posted, pending });
  }
}
