/** Attempts of unknown outcome: the tenant's loss account has their cost, and nobody's budget notices. */
import type { LedgerOperation } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, newId, nextRev, reserveOf, settleOf } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

type Person = Awaited<ReturnType<typeof newPerson>>;
type Void = Extract<LedgerOperation, { op: 'void' }>;

const subject = (subjectId: string) => ({ type: 'subject', subjectId }) as const;
const lossOf = (reservationId: string, inputTokens = 100, outputTokens = 10): Void => ({
  op: 'void',
  reservationId,
  reason: 'outcome unknown: cut before its end',
  lost: { basis: 'estimated', meters: { uncached_input: inputTokens, output_text: outputTokens } },
});
/** 100 x 0.15 + 10 x 0.6 USD per million, x 0.86, without mark-up. */
const COST = '0.00001806';

async function get(url: string, bearer: string) {
  const response = await fixture.billing.app.inject({ url, headers: { authorization: `Bearer ${bearer}` } });
  return { status: response.statusCode, body: response.json() };
}
const signedAs = (role: 'tenant_admin' | 'platform_admin' | 'member', tenant: string) =>
  fixture.identity.sign({ sub: newId(), tenant, role, locale: 'de' }, 'billing');
async function lossesOf({ tenant }: Person, query = '') {
  const admin = await signedAs('tenant_admin', tenant.id);
  return (await get(`/v1/tenants/${tenant.id}/losses${query}`, admin)).body;
}
async function expire(reservationId: string): Promise<void> {
  await fixture.owner.query(`UPDATE reservations SET expires_at = now() - interval '1 ms' WHERE id = $1`, [
    reservationId,
  ]);
  await fixture.billing.ledger.expireHolds();
}

test('its hold is let go, no budget pays, and the tenant’s admins see what it probably cost', async () => {
  const person = await newPerson(fixture, { tenant: { markupPercent: '20' } });
  const reserve = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 });
  const lost = lossOf(reserve.reservationId);
  const [, voided] = await fixture.batch(person.token, [reserve, lost]);
  expect(voided).toEqual({ status: 'voided' });
  expect((await get('/v1/budget', person.key)).body).toMatchObject({ spent: '0.00', held: '0.00', openHolds: [] });
  const admin = await signedAs('tenant_admin', person.tenant.id);
  const { body: budgets } = await get(`/v1/tenants/${person.tenant.id}/budgets`, admin);
  expect(JSON.stringify(budgets)).not.toContain('loss');
  expect(budgets).toMatchObject({ tenant: { spent: '0.00', held: '0.00' } });
  const losses = await lossesOf(person);
  expect(losses).toEqual({
    months: [{ start: expect.any(String), attempts: 1, cost: COST }],
    items: [
      expect.objectContaining({
        reservationId: reserve.reservationId,
        requestId: reserve.requestId,
        attempt: 1,
        subjectId: person.user.id,
        reason: 'outcome unknown: cut before its end',
        usage: { basis: 'estimated', meters: { uncached_input: 100, output_text: 10 } },
        cost: COST,
      }),
    ],
    nextCursor: null,
  });
});

test('what people see of their usage has nothing of it: list, totals and PocketBase', async () => {
  const person = await newPerson(fixture);
  const [paid, gone] = [reserveOf(subject(person.user.id)), reserveOf(subject(person.user.id))];
  const settle = settleOf(paid.reservationId, { output_text: 10 });
  await fixture.batch(person.token, [paid, gone, lossOf(gone.reservationId), settle]);
  const admin = await signedAs('tenant_admin', person.tenant.id);
  const base = `/v1/tenants/${person.tenant.id}/usage`;
  expect((await get(base, admin)).body.items).toMatchObject([{ reservationId: paid.reservationId }]);
  expect((await get(`${base}/totals`, admin)).body.items).toMatchObject([{ requests: 1, cost: '0.00000516' }]);
  const waiting = () => fixture.owner.query('SELECT 1 FROM usage_outbox WHERE tenant_id = $1', [person.tenant.id]);
  await expect.poll(async () => (await waiting()).rowCount, { timeout: 10_000 }).toBe(0);
  const received = fixture.pocketbase.received.filter(({ tenantId }) => tenantId === person.tenant.id);
  expect(received.map(({ reservationId }) => reservationId)).toEqual([paid.reservationId]);
});

test('a repeat changes nothing, other content is refused, and a settlement afterwards comes too late', async () => {
  const person = await newPerson(fixture);
  const reserve = reserveOf(subject(person.user.id));
  const lost = lossOf(reserve.reservationId);
  const { lost: _, ...withoutLoss } = lost;
  const others = [withoutLoss, lossOf(reserve.reservationId, 5), settleOf(reserve.reservationId, { output_text: 1 })];
  const [, first, again, ...rest] = await fixture.batch(person.token, [reserve, lost, lost, ...others]);
  expect(again).toEqual(first);
  expect(rest.map((result) => 'code' in result && result.code)).toEqual([
    'idempotency_conflict',
    'idempotency_conflict',
    'reservation_ended',
  ]);
  expect((await lossesOf(person)).months).toMatchObject([{ attempts: 1, cost: COST }]);
});

test('after its hold expired: the person gets back what the expiry charged, and the tenant has the loss', async () => {
  const person = await newPerson(fixture);
  const reserve = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 });
  await fixture.batch(person.token, [reserve]);
  await expire(reserve.reservationId);
  expect((await get('/v1/budget', person.key)).body.spent).not.toBe('0.00');
  await fixture.batch(person.token, [lossOf(reserve.reservationId)]);
  expect((await get('/v1/budget', person.key)).body).toMatchObject({ spent: '0.00', held: '0.00' });
  expect((await get('/v1/usage', person.key)).body.items).toEqual([]);
  const { items, months } = await lossesOf(person);
  expect(items).toMatchObject([{ reservationId: reserve.reservationId, cost: COST }]);
  expect(months).toMatchObject([{ attempts: 1, cost: COST }]);
});

test('page by page, within a range, and only for admins of this tenant', async () => {
  const person = await newPerson(fixture);
  const reserves = Array.from({ length: 3 }, () => reserveOf(subject(person.user.id)));
  for (const reserve of reserves) await fixture.batch(person.token, [reserve, lossOf(reserve.reservationId)]);
  const first = await lossesOf(person, '?limit=2');
  const second = await lossesOf(person, `?limit=2&cursor=${first.nextCursor}`);
  const listed = [...first.items, ...second.items].map(({ reservationId }) => reservationId);
  expect(listed).toEqual(reserves.map(({ reservationId }) => reservationId).toReversed());
  expect(second.nextCursor).toBeNull();
  expect((await lossesOf(person, '?to=2020-01-01T00:00:00Z')).items).toEqual([]);
  const url = `/v1/tenants/${person.tenant.id}/losses`;
  const other = await newPerson(fixture);
  expect((await get(url, await signedAs('member', person.tenant.id))).status).toBe(403);
  expect((await get(url, await signedAs('tenant_admin', other.tenant.id))).status).toBe(403);
  expect((await get(url, await signedAs('platform_admin', other.tenant.id))).status).toBe(200);
  expect((await get(`${url}?cursor=nonsense`, await signedAs('tenant_admin', person.tenant.id))).status).toBe(400);
});

test('the database refuses a loss in a budget, a second one of a reservation, and a charged one', async () => {
  const person = await newPerson(fixture);
  const reserve = reserveOf(subject(person.user.id));
  await fixture.batch(person.token, [reserve, lossOf(reserve.reservationId)]);
  const insert = (level: string, ownerId: string, kind: string) =>
    fixture.owner.query(
      `INSERT INTO entries (tenant_id, level, owner_id, period_start, kind, amount_nano_eur, reservation_id, reason,
         author, created_at) SELECT tenant_id, $2, $3, period_start, $4, 1, id, 'x', 'x', now() FROM reservations
       WHERE id = $1`,
      [reserve.reservationId, level, ownerId, kind],
    );
  await expect(insert('user', person.user.id, 'loss')).rejects.toThrow(/entries_of_losses/);
  await expect(insert('loss', person.tenant.id, 'charge')).rejects.toThrow(/entries_of_losses/);
  await expect(insert('loss', person.tenant.id, 'loss')).rejects.toThrow(/entries_lost_once/);
  const held = `UPDATE budget_balances SET pending_nano_eur = 1 WHERE tenant_id = $1 AND level = 'loss'`;
  await expect(fixture.owner.query(held, [person.tenant.id])).rejects.toThrow(/budget_balances_of_losses/);
  const charged = `UPDATE usage_records SET charge_nano_eur = 1 WHERE tenant_id = $1 AND outcome = 'lost'`;
  await expect(fixture.owner.query(charged, [person.tenant.id])).rejects.toThrow(/usage_records_amounts/);
});
