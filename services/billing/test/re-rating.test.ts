import { randomUUID } from 'node:crypto';
import { type ModelRecord, parseEur, type ReRating, reRating, reRatings } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, newId, nextRev, reserveOf, settleOf, user } from './records.ts';

let fixture: Fixture;
const MINI = model();
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [MINI] });
});
afterAll(() => fixture?.stop());
type Person = Awaited<ReturnType<typeof newPerson>>;

async function ask(method: 'GET' | 'POST', url: string, body?: object, role = 'platform_admin' as const) {
  const token = await fixture.identity.sign({ sub: newId(), tenant: newId(), role, locale: 'en' }, 'billing');
  const headers = { authorization: `Bearer ${token}` };
  return fixture.billing.app.inject({ method, url, headers, ...(body && { body }) });
}

async function reRate(person: Person, fields: object = {}): Promise<ReRating> {
  const range = { from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date().toISOString() };
  const body = { id: randomUUID(), ...range, reason: 'a wrong price', ...fields };
  const response = await ask('POST', `/v1/tenants/${person.tenant.id}/re-ratings`, body);
  expect(response.statusCode, response.body).toBe(200);
  return reRating.parse(response.json());
}

/** A model of its own with a price that a day ago was this, and that as of an hour ago is said to have been another. */
async function pricedModel(input: string, output: string) {
  const own = model({ name: `own-${newId()}`, upstreamModel: newId() });
  await fixture.announce({ models: [own] });
  await setPrice(own.upstreamModel, input, output, -86_400_000);
  return own;
}
async function setPrice(upstream: string, input: string, output: string, inMs: number): Promise<void> {
  const effectiveFrom = new Date(Date.now() + inMs).toISOString();
  const steps = [{ usdPerMillion: { uncached_input: input, output_text: output } }];
  const response = await ask('POST', '/v1/prices', {
    provider: 'openai',
    model: upstream,
    effectiveFrom,
    source: 'test',
    steps,
  });
  expect(response.statusCode, response.body).toBe(200);
}

async function use(person: Person, own: ModelRecord, input: number, output: number): Promise<string> {
  const reserve = reserveOf(
    { type: 'api_key', sha256: person.keyRecord.sha256 },
    { model: own.name, deploymentId: own.id },
  );
  const settle = settleOf(reserve.reservationId, { uncached_input: input, output_text: output });
  const [, settled] = await fixture.batch(person.token, [reserve, settle]);
  expect(settled?.status).toBe('settled');
  return reserve.reservationId;
}

/** Law 3, and the log beside it: on each level posted is the sum of the entries, and of the rows that count. */
async function sumsOf(tenantId: string): Promise<bigint> {
  const { rows } = await fixture.owner.query<{ level: string; posted: bigint; entered: bigint; pending: bigint }>(
    `SELECT b.level, b.posted_nano_eur AS posted, b.pending_nano_eur AS pending, coalesce((
       SELECT sum(amount_nano_eur) FROM entries e WHERE e.tenant_id = b.tenant_id AND e.level = b.level
         AND e.owner_id = b.owner_id AND e.period_start = b.period_start
     ), 0)::bigint AS entered FROM budget_balances b WHERE b.tenant_id = $1`,
    [tenantId],
  );
  for (const { posted, entered, level } of rows) expect({ level, posted }).toEqual({ level, posted: entered });
  const { rows: logged } = await fixture.owner.query<{ sum: bigint }>(
    'SELECT coalesce(sum(charge_nano_eur), 0)::bigint AS sum FROM usage_records WHERE tenant_id = $1 AND superseded_at IS NULL',
    [tenantId],
  );
  const ofTenant = rows.filter(({ level }) => level === 'tenant').reduce((sum, { posted }) => sum + posted, 0n);
  expect(ofTenant).toBe(logged[0]?.sum);
  return ofTenant;
}

describe('re-rating', () => {
  test('shows first, changes nothing; then charges the difference by opposite entries, per person and key', async () => {
    const own = await pricedModel('1', '10');
    const person = await newPerson(fixture, { tenant: { markupPercent: '50' } });
    const other = user({ tenantId: person.tenant.id, productId: person.product.id });
    await fixture.announce({ users: [other] });
    const first = await use(person, own, 1_000, 100);
    const second = reserveOf({ type: 'subject', subjectId: other.id }, { model: own.name, deploymentId: own.id });
    await fixture.batch(person.token, [second, settleOf(second.reservationId, { uncached_input: 10, output_text: 0 })]);
    await use(person, MINI, 1_000, 100);
    const before = await sumsOf(person.tenant.id);
    await setPrice(own.upstreamModel, '0.5', '5', -3_600_000);

    const shown = await reRate(person);
    // Half of (1,000 x 1 + 100 x 10) x 0.86 x 1.5, and of 10 x 1.
    expect(shown).toMatchObject({ applied: false, rows: 3, changed: 2, difference: '-0.00129645' });
    expect(shown.people).toEqual(
      [
        {
          subjectId: person.user.id,
          rows: 2,
          changed: 1,
          before: '0.0028509',
          after: '0.0015609',
          difference: '-0.00129',
        },
        {
          subjectId: other.id,
          rows: 1,
          changed: 1,
          before: '0.0000129',
          after: '0.00000645',
          difference: '-0.00000645',
        },
      ].sort((a, b) => (a.subjectId < b.subjectId ? -1 : 1)),
    );
    expect(await sumsOf(person.tenant.id)).toBe(before);

    const id = randomUUID();
    const range = { from: shown.from, to: new Date().toISOString() };
    const applied = await reRate(person, { id, ...range, apply: true });
    expect(applied).toMatchObject({
      applied: true,
      rows: 3,
      changed: 2,
      difference: shown.difference,
      people: shown.people,
    });
    expect((await sumsOf(person.tenant.id)) - before).toBe(parseEur(shown.difference));
    const { rows } = await fixture.owner.query('SELECT * FROM entries WHERE reservation_id = $1 AND kind = $2', [
      first,
      'correction',
    ]);
    expect(rows.map(({ level }) => level).sort()).toEqual(['api_key', 'tenant', 'user']);
    for (const row of rows) expect(row).toMatchObject({ reason: 're-rated: a wrong price', author: applied.author });

    expect(await reRate(person, { id, ...range, apply: true })).toEqual(applied);
    expect(await reRate(person, { apply: true })).toMatchObject({ rows: 3, changed: 0, difference: '0.00' });
    const conflict = { id, ...range, reason: 'another', apply: true };
    expect((await ask('POST', `/v1/tenants/${person.tenant.id}/re-ratings`, conflict)).statusCode).toBe(409);
    const listed = reRatings.parse((await ask('GET', `/v1/tenants/${person.tenant.id}/re-ratings`)).json()).items;
    expect(listed.find((item) => item.id === id)).toEqual(applied);
  });

  test('readers of the log see the new row, and PocketBase gets the difference as a row of its own', async () => {
    const own = await pricedModel('1', '10');
    const person = await newPerson(fixture);
    const id = await use(person, own, 1_000, 100);
    const rowsThere = () => fixture.pocketbase.received.filter(({ reservationId }) => reservationId === id);
    const chargeThere = () => rowsThere().reduce((sum, { charge }) => sum + parseEur(charge), 0n);
    await expect.poll(rowsThere, { timeout: 5_000 }).toHaveLength(1);
    for (const [price, charge] of [
      ['3', '0.00516'],
      ['2', '0.00344'],
    ] as const) {
      await setPrice(
        own.upstreamModel,
        price,
        `${price}0`,
        -3_600_000 + Number(price) * 1_000 * (price === '2' ? 2 : 1),
      );
      await reRate(person, { apply: true });
      const { items } = (
        await fixture.billing.app.inject({ url: '/v1/usage', headers: { authorization: `Bearer ${person.key}` } })
      ).json();
      expect(items).toHaveLength(1);
      expect(items[0]).toMatchObject({
        charge,
        outcome: 'completed',
        usage: { meters: { uncached_input: 1_000, output_text: 100 } },
      });
      await expect.poll(chargeThere, { timeout: 5_000 }).toBe(parseEur(charge));
    }
    expect(rowsThere().map(({ outcome }) => outcome)).toEqual(['completed', 'corrected', 'corrected']);
  });

  test('an expiry that was re-rated is settled late at the price that counts now, once', async () => {
    const own = await pricedModel('1', '10');
    const person = await newPerson(fixture);
    const reserve = reserveOf(
      { type: 'api_key', sha256: person.keyRecord.sha256 },
      { model: own.name, deploymentId: own.id },
    );
    await fixture.batch(person.token, [reserve]);
    await fixture.owner.query(`UPDATE reservations SET expires_at = opened_at WHERE id = $1`, [reserve.reservationId]);
    await fixture.billing.ledger.expireHolds();
    await setPrice(own.upstreamModel, '2', '20', -3_600_000);
    expect(await reRate(person, { apply: true })).toMatchObject({ changed: 1, before: '0.00258', after: '0.00516' });
    await sumsOf(person.tenant.id);
    const late = settleOf(reserve.reservationId, { uncached_input: 100, output_text: 10 });
    const [settled] = await fixture.batch(person.token, [late]);
    expect(settled).toMatchObject({ status: 'settled', charge: '0.000344' });
    expect(await sumsOf(person.tenant.id)).toBe(parseEur('0.000344'));
    const there = () =>
      fixture.pocketbase.received.filter(({ reservationId }) => reservationId === reserve.reservationId);
    await expect
      .poll(() => there().reduce((sum, { charge }) => sum + parseEur(charge), 0n), { timeout: 5_000 })
      .toBe(parseEur('0.000344'));
  });

  test('a past period is corrected in that period', async () => {
    const own = await pricedModel('1', '10');
    const person = await newPerson(fixture);
    const id = await use(person, own, 1_000, 100);
    const months = `'40 days'`;
    // As if all of it had happened then.
    await fixture.owner.query(`
      BEGIN; SET CONSTRAINTS ALL DEFERRED; SET session_replication_role = replica;
      UPDATE budget_periods SET period_start = period_start - interval ${months}, period_end = period_end - interval ${months} WHERE tenant_id = '${person.tenant.id}';
      UPDATE budget_balances SET period_start = period_start - interval ${months} WHERE tenant_id = '${person.tenant.id}';
      UPDATE entries SET period_start = period_start - interval ${months} WHERE tenant_id = '${person.tenant.id}';
      UPDATE reservations SET period_start = period_start - interval ${months} WHERE tenant_id = '${person.tenant.id}';
      UPDATE usage_records SET period_start = period_start - interval ${months} WHERE tenant_id = '${person.tenant.id}';
      COMMIT`);
    await use(person, own, 500, 0);
    await setPrice(own.upstreamModel, '2', '20', -3_600_000);
    await reRate(person, { apply: true });
    await sumsOf(person.tenant.id);
    const { rows } = await fixture.owner.query<{ period_start: Date; sum: bigint }>(
      `SELECT period_start, sum(amount_nano_eur)::bigint FROM entries
       WHERE tenant_id = $1 AND level = 'tenant' AND kind = 'correction' GROUP BY 1 ORDER BY 1`,
      [person.tenant.id],
    );
    expect(rows.map(({ sum }) => sum)).toEqual([1_720_000n, 430_000n]);
    expect(id).toBeTruthy();
  });

  test.each([
    ['to', { to: new Date(Date.now() + 60_000).toISOString() }],
    ['to', { from: '2026-02-02T00:00:00Z', to: '2026-02-01T00:00:00Z' }],
    ['reason', { reason: ' ' }],
    ['id', { id: 'x' }],
  ])('%s that makes no sense is refused by its name: %j', async (param, fields) => {
    const person = await newPerson(fixture);
    const body = { id: randomUUID(), from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', reason: 'x', ...fields };
    const response = await ask('POST', `/v1/tenants/${person.tenant.id}/re-ratings`, body);
    expect(response.statusCode).toBe(400);
    expect(response.json().error.param).toBe(param);
  });

  test('whatever was used and whatever the prices: afterwards everybody has paid the new price, and law 3 holds', async () => {
    const price = fc.integer({ min: 0, max: 50 }).map(String);
    const uses = fc.array(fc.tuple(fc.nat(1_000), fc.nat(1_000)), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(uses, fc.array(fc.tuple(price, price), { minLength: 1, maxLength: 3 }), async (used, prices) => {
        const own = await pricedModel('1', '10');
        const person = await newPerson(fixture, { product: { monthlyBudgetEur: '1000.00' } });
        for (const [input, output] of used) await use(person, own, input, output);
        for (const [index, [input, output]] of prices.entries()) {
          await setPrice(own.upstreamModel, input, output, -3_600_000 + index * 1_000);
          await reRate(person, { apply: true });
          const paid = used.map(
            ([i, o]) => (BigInt(i * Number(input) + o * Number(output)) * 1_000n * 86n + 99n) / 100n,
          );
          expect(await sumsOf(person.tenant.id)).toBe(paid.reduce((a, b) => a + b, 0n));
        }
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});
