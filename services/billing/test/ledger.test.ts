import { randomUUID } from 'node:crypto';
import type { LedgerResult, Reach } from '@cloudfreedom/contracts';
import { sha256Hex } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { MODEL, model, newId, nextRev, reserveOf, settleOf } from './records.ts';

let fixture: Fixture;
const unpriced = model({ name: 'no-price', upstreamModel: 'unheard-of' });
const vectors = model({ name: 'vectors', upstreamModel: 'text-embedding-3-small', kind: 'embedding' });
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model(), unpriced, vectors] });
});
afterAll(() => fixture?.stop());

const subject = (subjectId: string) => ({ type: 'subject', subjectId }) as const;
const code = (result: LedgerResult | undefined) => (result && 'code' in result ? result.code : result?.status);

async function budgetOf(key: string) {
  const response = await fixture.billing.app.inject({ url: '/v1/budget', headers: { authorization: `Bearer ${key}` } });
  return response.json();
}

/** Let an open hold look as if it had not been heard of for a minute, and sweep. */
async function expire(reservationId: string): Promise<void> {
  await fixture.owner.query(`UPDATE reservations SET expires_at = now() - interval '1 ms' WHERE id = $1`, [
    reservationId,
  ]);
  await fixture.billing.ledger.expireHolds();
}

describe('a request from reservation to settlement', () => {
  test('holds input and slice, charges exactly what was used and lets the rest go', async () => {
    const person = await newPerson(fixture);
    const reserve = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 });
    const [granted] = await fixture.batch(person.token, [reserve]);
    // 1000 x 0.15 + 200 x 0.6 USD per million, x 0.86
    expect(granted).toEqual({
      status: 'granted',
      ceilingOutputTokens: 1_000,
      hold: { outputTokens: 200, amount: '0.0002322', expiresAt: expect.any(String) },
      subjectId: person.user.id,
      apiKeyId: person.keyRecord.id,
    });
    expect(await budgetOf(person.key)).toMatchObject({
      limit: '10.00',
      spent: '0.00',
      held: '0.0002322',
      remaining: '9.9997678',
      openHolds: [{ requestId: reserve.requestId, model: MODEL, amount: '0.0002322' }],
    });
    const usage = { uncached_input: 900, output_text: 150 };
    const [settled] = await fixture.batch(person.token, [settleOf(reserve.reservationId, usage)]);
    expect(settled).toEqual({ status: 'settled', charge: '0.0001935', cost: '0.0001935', remaining: '9.9998065' });
    expect(await budgetOf(person.key)).toMatchObject({ spent: '0.0001935', held: '0.00', openHolds: [] });
  });

  test('tells what the person’s own levels leave, never what the tenant has left for all', async () => {
    const person = await newPerson(fixture, { tenant: { monthlyBudgetEur: '0.001' } });
    const reserve = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 });
    const settle = settleOf(reserve.reservationId, { uncached_input: 900, output_text: 150 });
    const [, settled] = await fixture.batch(person.token, [reserve, settle]);
    expect(settled).toMatchObject({ charge: '0.0001935', remaining: (await budgetOf(person.key)).remaining });
    expect(settled).toMatchObject({ remaining: '9.9998065' });
  });

  test('an earlier answer costs nothing, also with nothing left, and is in the log; who may not ask gets none', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0' } });
    const credential = { type: 'api_key', sha256: person.keyRecord.sha256 } as const;
    const nothing = { inputTokensMax: 0, outputTokensCap: 0, outputTokensMin: 0, outputTokensSlice: 0 };
    const again = (who: Parameters<typeof reserveOf>[0]) => {
      const reserve = reserveOf(who, nothing);
      return fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, {}, { outcome: 'cached' })]);
    };
    const [refused] = await fixture.batch(person.token, [reserveOf(credential)]);
    expect(code(refused)).toBe('insufficient_quota');
    const [granted, settled] = await again(credential);
    expect(granted).toMatchObject({ status: 'granted', hold: { amount: '0.00' } });
    expect(settled).toEqual({ status: 'settled', charge: '0.00', cost: '0.00', remaining: '0.00' });
    const headers = { authorization: `Bearer ${person.key}` };
    const { items } = (await fixture.billing.app.inject({ url: '/v1/usage', headers })).json();
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ outcome: 'cached', charge: '0.00', usage: { basis: 'exact', meters: {} } });
    expect((await again(subject('nobody000000000'))).map(code)).toEqual(['subject_unknown', 'reservation_not_found']);
  });

  test('the mark-up is charged to the budget, the cost stays the provider’s', async () => {
    const person = await newPerson(fixture, { tenant: { markupPercent: '20' } });
    const reserve = reserveOf(subject(person.user.id));
    const settle = settleOf(reserve.reservationId, { uncached_input: 1_000, output_text: 100 });
    const [, settled] = await fixture.batch(person.token, [reserve, settle]);
    expect(settled).toMatchObject({ status: 'settled', charge: '0.00021672', cost: '0.0001806' });
  });

  test('a tier, an audio meter and searches are held at their dearest and charged as they were served', async () => {
    const audio = model({ name: `audio-${newId()}`, upstreamModel: 'gpt-4o-audio-preview' });
    const person = await newPerson(fixture);
    await fixture.announce({ models: [audio] });
    const reach: Reach = { serviceTiers: ['standard'], rareMeters: ['input_audio'], serverToolCallsMax: 0 };
    const reserve = reserveOf(subject(person.user.id), { model: audio.name, deploymentId: audio.id, reach });
    const [granted] = await fixture.batch(person.token, [reserve]);
    // 1000 x 40 + 200 x 10 USD per million, x 0.86
    expect(granted).toMatchObject({ status: 'granted', hold: { amount: '0.03612' } });
    const used = { uncached_input: 100, input_audio: 50, output_text: 10 };
    const usage = { basis: 'exact', meters: used, serviceTier: 'standard' } as const;
    const [settled] = await fixture.batch(person.token, [settleOf(reserve.reservationId, used, { usage })]);
    expect(settled).toMatchObject({ status: 'settled', charge: '0.002021' });
    const headers = { authorization: `Bearer ${person.key}` };
    const fast: Reach = { serviceTiers: ['standard', 'priority'], rareMeters: [], serverToolCallsMax: 0 };
    const hurried = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 }, { reach: fast });
    const paid = settleOf(
      hurried.reservationId,
      {},
      { usage: { ...usage, meters: { output_text: 100 }, serviceTier: 'priority' } },
    );
    const [held, charged] = await fixture.batch(person.token, [hurried, paid]);
    // 1000 x 0.25 + 200 x 1, and 100 x 1
    expect(held).toMatchObject({ status: 'granted', hold: { amount: '0.000387' } });
    expect(charged).toMatchObject({ status: 'settled', charge: '0.000086' });
    const { items } = (await fixture.billing.app.inject({ url: '/v1/usage', headers })).json();
    expect(items[0].usage).toEqual({ basis: 'exact', meters: { output_text: 100 }, serviceTier: 'priority' });
  });

  test('what has no price is not promised: a tier, a meter, a server tool', async () => {
    const person = await newPerson(fixture);
    const plain: Reach = { serviceTiers: ['standard'], rareMeters: [], serverToolCallsMax: 0 };
    for (const reach of [
      { ...plain, serviceTiers: ['flex' as const] },
      { ...plain, rareMeters: ['output_audio' as const] },
      { ...plain, serverToolCallsMax: 1 },
    ]) {
      const [refused] = await fixture.batch(person.token, [reserveOf(subject(person.user.id), { reach })]);
      expect(code(refused)).toBe('model_not_priced');
    }
  });

  test('a request without output holds and charges its input alone', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.0000172' } });
    const none = {
      model: vectors.name,
      deploymentId: vectors.id,
      outputTokensCap: 0,
      outputTokensMin: 0,
      outputTokensSlice: 0,
      streamed: false,
    };
    const reserve = reserveOf(subject(person.user.id), none);
    const tooLarge = reserveOf(subject(person.user.id), { ...none, inputTokensMax: 1_001 });
    const [refused, granted] = await fixture.batch(person.token, [tooLarge, reserve]);
    expect(code(refused)).toBe('insufficient_quota');
    // 1000 x 0.02 USD per million, x 0.86
    expect(granted).toMatchObject({ ceilingOutputTokens: 0, hold: { outputTokens: 0, amount: '0.0000172' } });
    const [settled] = await fixture.batch(person.token, [settleOf(reserve.reservationId, { uncached_input: 500 })]);
    expect(settled).toMatchObject({ status: 'settled', charge: '0.0000086' });
  });

  test('the ceiling is what the budget affords, and the hold never beyond it', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.0002' } });
    const reserve = reserveOf(subject(person.user.id), { outputTokensSlice: 1_000 });
    const [granted] = await fixture.batch(person.token, [reserve]);
    // (200,000 - 129,000) nano-euro / 516 per token
    expect(granted).toMatchObject({ status: 'granted', ceilingOutputTokens: 137, hold: { outputTokens: 137 } });
    const extend = {
      op: 'extend',
      reservationId: reserve.reservationId,
      progress: { basis: 'estimated', meters: {} },
    } as const;
    const [beyond] = await fixture.batch(person.token, [{ ...extend, outputTokensHeld: 138 }]);
    expect(code(beyond)).toBe('beyond_ceiling');
  });

  test('a void that comes before its reservation keeps it from ever holding anything', async () => {
    const person = await newPerson(fixture);
    const late = reserveOf(subject(person.user.id));
    const { reservationId } = late;
    const early = { op: 'void', reservationId, reason: 'its answer was lost' } as const;
    const answers = [
      await fixture.batch(person.token, [early]),
      await fixture.batch(person.token, [early]),
      await fixture.batch(person.token, [late]),
      await fixture.batch(person.token, [late, early]),
    ];
    expect(answers.flat().map(code)).toEqual([
      'reservation_not_found',
      'reservation_not_found',
      'idempotency_conflict',
      'idempotency_conflict',
      'reservation_not_found',
    ]);
    const other = await newPerson(fixture);
    const [granted] = await fixture.batch(other.token, [{ ...late, credential: subject(other.user.id) }]);
    expect(granted?.status, "another tenant's id is its own").toBe('granted');
  });

  test('what others hold lowers no ceiling: what it leaves no room for waits, also where all has to be held', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.0008' } });
    const whole = { outputTokensSlice: 1_000, outputTokensCap: 1_000 };
    const first = reserveOf(subject(person.user.id), whole);
    const second = reserveOf(subject(person.user.id), whole);
    const [granted, refused] = await fixture.batch(person.token, [first, second]);
    expect(granted).toMatchObject({ ceilingOutputTokens: 1_000, hold: { outputTokens: 1_000 } });
    expect(refused).toMatchObject({ status: 'refused', code: 'budget_held', budget: { needed: '0.000645' } });
    const again = reserveOf(subject(person.user.id), whole);
    const [settled, capped] = await fixture.batch(person.token, [
      settleOf(first.reservationId, { uncached_input: 1_000, output_text: 500 }),
      again,
    ]);
    // What is spent for good does: (800,000 - 387,000 - 129,000) nano-euro / 516 per token
    expect(settled).toMatchObject({ status: 'settled', charge: '0.000387' });
    expect(capped).toMatchObject({ status: 'granted', ceilingOutputTokens: 550, hold: { outputTokens: 550 } });
  });

  test('extending holds more, refuses what others hold meanwhile and names both', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.0007' } });
    const first = reserveOf(subject(person.user.id), { outputTokensSlice: 10 });
    const second = reserveOf(subject(person.user.id), { outputTokensSlice: 700 });
    const [grantedFirst, grantedSecond] = await fixture.batch(person.token, [first, second]);
    expect(grantedFirst).toMatchObject({ ceilingOutputTokens: 1_000 });
    expect(grantedSecond).toMatchObject({ status: 'granted', hold: { outputTokens: 700 } });
    const progress = { basis: 'estimated', meters: { output_text: 8 } } as const;
    const extend = { op: 'extend', reservationId: first.reservationId, progress } as const;
    const [small, large] = await fixture.batch(person.token, [
      { ...extend, outputTokensHeld: 60 },
      { ...extend, outputTokensHeld: 900 },
    ]);
    expect(small).toMatchObject({ status: 'held', hold: { outputTokens: 60 } });
    expect(large).toMatchObject({ status: 'refused', code: 'budget_held' });
  });

  test('what the provider counted beyond the hold is an overage entry of its own', async () => {
    const person = await newPerson(fixture);
    const reserve = reserveOf(subject(person.user.id), { inputTokensMax: 10, outputTokensSlice: 10 });
    await fixture.batch(person.token, [reserve]);
    await fixture.batch(person.token, [settleOf(reserve.reservationId, { uncached_input: 10, output_text: 30 })]);
    const { rows } = await fixture.owner.query(
      `SELECT kind, amount_nano_eur FROM entries WHERE reservation_id = $1 AND level = 'user' ORDER BY id`,
      [reserve.reservationId],
    );
    expect(rows).toEqual([
      { kind: 'charge', amount_nano_eur: 6_450n },
      { kind: 'overage', amount_nano_eur: 10_320n },
    ]);
  });

  test('voiding lets the hold go and charges nothing', async () => {
    const person = await newPerson(fixture);
    const reserve = reserveOf(subject(person.user.id));
    const cancel = { op: 'void', reservationId: reserve.reservationId, reason: 'upstream refused' } as const;
    const results = await fixture.batch(person.token, [reserve, cancel, cancel]);
    expect(results.slice(1)).toEqual([{ status: 'voided' }, { status: 'voided' }]);
    const [late] = await fixture.batch(person.token, [settleOf(reserve.reservationId, { output_text: 1 })]);
    expect(code(late)).toBe('reservation_ended');
    expect(await budgetOf(person.key)).toMatchObject({ spent: '0.00', held: '0.00' });
  });

  test('prices and rate are those of the reservation, whatever comes after', async () => {
    const person = await newPerson(fixture);
    const reserve = reserveOf(subject(person.user.id));
    await fixture.batch(person.token, [reserve]);
    await fixture.owner.query(
      `INSERT INTO exchange_rates (effective_from, eur_per_usd, source) VALUES (now(), 2, 'test')`,
    );
    const meters = { uncached_input: 1_000, output_text: 100 };
    const [old] = await fixture.batch(person.token, [settleOf(reserve.reservationId, meters)]);
    expect(old).toMatchObject({ charge: '0.0001806' });
    const next = reserveOf(subject(person.user.id));
    const [, dearer] = await fixture.batch(person.token, [next, settleOf(next.reservationId, meters)]);
    expect(dearer).toMatchObject({ charge: '0.00042' });
    await fixture.owner.query(`DELETE FROM exchange_rates WHERE source = 'test'`);
  });
});

describe('who may not', () => {
  const cases: [string, Parameters<typeof newPerson>[1], string][] = [
    ['a revoked key', { key: { revoked: true } }, 'invalid_api_key'],
    ['an expired key', { key: { expiresAt: '2020-01-01T00:00:00.000Z' } }, 'invalid_api_key'],
    ['a suspended person', { user: { status: 'suspended' } }, 'subject_suspended'],
    ['a suspended tenant', { tenant: { status: 'suspended' } }, 'tenant_suspended'],
    ['a model that the product leaves out', { product: { models: ['another'] } }, 'model_not_allowed'],
    ['a model that the key leaves out', { key: { models: ['another'] } }, 'model_not_allowed'],
    ['somebody without product and override', { user: { productId: '' } }, 'insufficient_quota'],
    ['a budget of 0', { user: { budgetOverrideEur: '0' } }, 'insufficient_quota'],
    ['a tenant without money', { tenant: { monthlyBudgetEur: '0' } }, 'insufficient_quota'],
    ['a key without money', { key: { monthlyBudgetEur: '0' } }, 'insufficient_quota'],
  ];
  test.each(cases)('%s', async (_name, fields, expected) => {
    const person = await newPerson(fixture, fields);
    const reserve = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 });
    expect((await fixture.batch(person.token, [reserve])).map(code)).toEqual([expected]);
  });

  test('an unknown key, an unknown or deleted person, an unknown or unpriced model', async () => {
    const person = await newPerson(fixture);
    const me = subject(person.user.id);
    const results = await fixture.batch(person.token, [
      reserveOf({ type: 'api_key', sha256: '0'.repeat(64) }),
      reserveOf(subject(newId())),
      reserveOf(me, { model: 'unheard-of' }),
      reserveOf(me, { provider: 'gemini' }),
      reserveOf(me, { model: unpriced.name, deploymentId: unpriced.id }),
    ]);
    const codes = ['invalid_api_key', 'subject_unknown', 'model_not_found', 'model_not_found', 'model_not_priced'];
    expect(results.map(code)).toEqual(codes);
  });

  test.each(cases)('%s, since the request before', async (_name, fields, expected) => {
    const person = await newPerson(fixture);
    const credential = { type: 'api_key', sha256: person.keyRecord.sha256 } as const;
    expect((await fixture.batch(person.token, [reserveOf(credential)])).map(code)).toEqual(['granted']);
    const rev = nextRev();
    await fixture.announce({
      tenants: [{ ...person.tenant, ...fields?.tenant, rev }],
      products: [{ ...person.product, ...fields?.product, rev }],
      users: [{ ...person.user, ...fields?.user, rev }],
      api_keys: [{ ...person.keyRecord, ...fields?.key, rev }],
    });
    expect((await fixture.batch(person.token, [reserveOf(credential)])).map(code)).toEqual([expected]);
  });

  test('a model that was taken off since the request before', async () => {
    const person = await newPerson(fixture);
    const offered = model({ name: `offered-${newId()}` });
    await fixture.announce({ models: [offered] });
    const reserve = () => reserveOf(subject(person.user.id), { model: offered.name, deploymentId: offered.id });
    expect((await fixture.batch(person.token, [reserve()])).map(code)).toEqual(['granted']);
    await fixture.announce({ models: [{ ...offered, rev: nextRev(), enabled: false }] });
    expect((await fixture.batch(person.token, [reserve()])).map(code)).toEqual(['model_not_found']);
  });
});

test('a service token that is revoked reserves nothing more, while another of the tenant goes on', async () => {
  const person = await newPerson(fixture);
  const other = await fixture.serviceToken(person.tenant.id);
  const post = async (token: string) => {
    const body = { operations: [reserveOf(subject(person.user.id))] };
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode } = await fixture.billing.app.inject({ method: 'POST', url: '/v1/ledger/batch', headers, body });
    return statusCode;
  };
  expect(await Promise.all([post(person.token), post(other)])).toEqual([200, 200]);
  await fixture.owner.query('UPDATE service_tokens SET revoked_at = now() WHERE sha256 = $1', [
    sha256Hex(person.token),
  ]);
  expect(await Promise.all([post(other), post(person.token), post(other)])).toEqual([200, 401, 200]);
  const { rows } = await fixture.owner.query('SELECT FROM reservations WHERE tenant_id = $1', [person.tenant.id]);
  expect(rows).toHaveLength(4);
});

test('a price that was entered ahead counts from its moment on', async () => {
  const person = await newPerson(fixture);
  const upstreamModel = `ahead-${newId()}`;
  const priced = model({ name: upstreamModel, upstreamModel });
  await fixture.announce({ models: [priced] });
  const enter = (usdPerMillion: number, inSeconds: number) =>
    fixture.owner.query(
      `WITH version AS (INSERT INTO price_versions (provider, model, effective_from, source)
         VALUES ('openai', $1, now() + make_interval(secs => $3), 'test') RETURNING id)
       INSERT INTO prices (price_version_id, meter, usd_per_million)
       SELECT id, unnest(ARRAY['uncached_input', 'output_text']), $2 FROM version`,
      [upstreamModel, usdPerMillion, inSeconds],
    );
  const holdNow = async () => {
    const order = { model: priced.name, deploymentId: priced.id };
    const [answer] = await fixture.batch(person.token, [reserveOf(subject(person.user.id), order)]);
    return answer?.status === 'granted' ? answer.hold.amount : answer;
  };
  await enter(1, -1);
  expect(await holdNow()).toBe('0.001032');
  await enter(2, 1);
  await holdNow();
  await expect.poll(holdNow, { timeout: 20_000, interval: 300 }).toBe('0.002064');
});

describe('the two refusals', () => {
  test('only open holds in the way: budget_held, with the holds and a true time to wait', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.0003' } });
    const first = reserveOf(subject(person.user.id));
    const [, refused] = await fixture.batch(person.token, [first, reserveOf(subject(person.user.id))]);
    expect(refused).toMatchObject({
      status: 'refused',
      code: 'budget_held',
      budget: {
        level: 'user',
        limit: '0.0003',
        spent: '0.00',
        held: '0.0002322',
        remaining: '0.0000678',
        needed: '0.0002322',
        openHolds: [{ requestId: first.requestId, model: MODEL, amount: '0.0002322' }],
        period: { timeZone: 'Europe/Berlin' },
      },
    });
    if (refused?.status !== 'refused') throw new Error('not refused');
    expect(refused.retryAfterMs).toBeGreaterThan(50_000);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  test('spent for good: insufficient_quota, no time to wait, even while holds are open', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.0003' } });
    const first = reserveOf(subject(person.user.id));
    const settle = settleOf(first.reservationId, { uncached_input: 1_000, output_text: 200 });
    const small = reserveOf(subject(person.user.id), { inputTokensMax: 10, outputTokensSlice: 5 });
    const last = reserveOf(subject(person.user.id));
    const results = await fixture.batch(person.token, [first, settle, small, last]);
    expect(results[2]).toMatchObject({ status: 'granted' });
    expect(results[3]).toMatchObject({
      code: 'insufficient_quota',
      retryAfterMs: null,
      budget: { level: 'user', spent: '0.0002322', needed: '0.000129516' },
    });
  });

  test('other people’s holds are not shown where the tenant’s budget is in the way', async () => {
    const person = await newPerson(fixture, { tenant: { monthlyBudgetEur: '0.0003' } });
    const other = { ...person.user, id: newId(), rev: nextRev() };
    await fixture.announce({ users: [other] });
    const [, refused] = await fixture.batch(person.token, [
      reserveOf(subject(person.user.id)),
      reserveOf(subject(other.id)),
    ]);
    expect(refused).toMatchObject({
      code: 'budget_held',
      budget: { level: 'tenant', held: '0.0002322', openHolds: [] },
    });
  });
});

describe('holds that nobody renews', () => {
  test('are settled with their last progress as an estimate', async () => {
    const person = await newPerson(fixture);
    const reserve = reserveOf(subject(person.user.id));
    const progress = { basis: 'estimated', meters: { uncached_input: 500, output_text: 40 } } as const;
    await fixture.batch(person.token, [reserve, { op: 'renew', reservationId: reserve.reservationId, progress }]);
    await expire(reserve.reservationId);
    expect(await budgetOf(person.key)).toMatchObject({ spent: '0.00008514', held: '0.00', openHolds: [] });
  });

  test('are charged whole where no progress was seen, and corrected when the truth arrives', async () => {
    const person = await newPerson(fixture);
    const reserve = reserveOf(subject(person.user.id));
    await fixture.batch(person.token, [reserve]);
    await expire(reserve.reservationId);
    expect(await budgetOf(person.key)).toMatchObject({ spent: '0.0002322', held: '0.00' });
    const settle = settleOf(reserve.reservationId, { uncached_input: 1_000, output_text: 100 });
    const [late, again] = await fixture.batch(person.token, [settle, settle]);
    expect(late).toMatchObject({ status: 'settled', charge: '0.0001806' });
    expect(again).toEqual(late);
    expect(await budgetOf(person.key)).toMatchObject({ spent: '0.0001806', held: '0.00' });
    const { rows } = await fixture.owner.query(
      `SELECT kind, amount_nano_eur, reason, author FROM entries WHERE reservation_id = $1 AND level = 'user' ORDER BY id`,
      [reserve.reservationId],
    );
    expect(rows).toEqual([
      { kind: 'charge', amount_nano_eur: 232_200n, reason: null, author: null },
      { kind: 'correction', amount_nano_eur: -51_600n, reason: 'settled after its hold expired', author: 'billing' },
    ]);
    const usage = await fixture.billing.app.inject({ url: '/v1/tenants/x/usage' });
    expect(usage.statusCode).toBe(400);
    const shown = await fixture.owner.query(
      'SELECT outcome, charge_nano_eur FROM usage_records WHERE reservation_id = $1 AND superseded_at IS NULL',
      [reserve.reservationId],
    );
    expect(shown.rows).toEqual([{ outcome: 'completed', charge_nano_eur: 180_600n }]);
  });

  test('are given back when it turns out that nothing was used', async () => {
    const person = await newPerson(fixture);
    const reserve = reserveOf(subject(person.user.id));
    await fixture.batch(person.token, [reserve]);
    await expire(reserve.reservationId);
    const cancel = { op: 'void', reservationId: reserve.reservationId, reason: 'never sent' } as const;
    expect(await fixture.batch(person.token, [cancel])).toEqual([{ status: 'voided' }]);
    expect(await budgetOf(person.key)).toMatchObject({ spent: '0.00', held: '0.00' });
  });

  test('an estimate that knows only the output is charged the input’s bound', async () => {
    const person = await newPerson(fixture);
    const reserve = reserveOf(subject(person.user.id));
    const estimate = { basis: 'estimated', meters: { output_text: 10 } } as const;
    const settle = settleOf(reserve.reservationId, {}, { usage: estimate, outcome: 'client_closed' });
    const [, settled] = await fixture.batch(person.token, [reserve, settle]);
    expect(settled).toMatchObject({ charge: '0.00013416' });
  });
});

test('ids in upper case are the same ids', async () => {
  const person = await newPerson(fixture);
  const id = randomUUID();
  await fixture.batch(person.token, [reserveOf(subject(person.user.id), { reservationId: id.toUpperCase() })]);
  const [settled] = await fixture.batch(person.token, [settleOf(id, { output_text: 1 })]);
  expect(settled?.status).toBe('settled');
});
