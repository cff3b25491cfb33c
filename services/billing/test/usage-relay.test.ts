import { type LedgerOperation, parseEur, usagePage } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, nextRev, reserveOf, settleOf } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

type Person = Awaited<ReturnType<typeof newPerson>>;

async function use(person: Person, count: number): Promise<string[]> {
  const reserves = Array.from({ length: count }, () =>
    reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 }, { inputTokensMax: 1, outputTokensSlice: 1 }),
  );
  const settles = reserves.map(({ reservationId }) => settleOf(reservationId, { uncached_input: 1, output_text: 1 }));
  for (let from = 0; from < count; from += 100) {
    await fixture.batch(person.token, [...reserves.slice(from, from + 100), ...settles.slice(from, from + 100)]);
  }
  return reserves.map(({ reservationId }) => reservationId);
}
const receivedOf = (ids: string[]) =>
  fixture.pocketbase.received.filter(({ reservationId }) => ids.includes(reservationId));
async function metric(name: string): Promise<number> {
  const { body } = await fixture.billing.app.inject({ url: '/metrics' });
  return Number(new RegExp(`^${name}\\{[^}]*\\} (.+)$`, 'm').exec(body)?.[1]);
}

test('a settled request reaches PocketBase within a second, with exact charge and times', async () => {
  const person = await newPerson(fixture);
  const [id] = await use(person, 1);
  await expect.poll(() => receivedOf([id ?? '']), { timeout: 1_000 }).toHaveLength(1);
  expect(receivedOf([id ?? ''])[0]).toMatchObject({
    tenantId: person.tenant.id,
    subjectId: person.user.id,
    apiKeyId: person.keyRecord.id,
    usage: { basis: 'exact', meters: { uncached_input: 1, output_text: 1 } },
    charge: '0.000000645',
    cost: '0.000000645',
    outcome: 'completed',
    finishReason: 'stop',
    firstByteMs: 120,
    totalMs: 900,
  });
});

test('while PocketBase is down rows wait, the lag shows, and all arrive once, at most 200 a batch', async () => {
  const [first, second] = [await newPerson(fixture), await newPerson(fixture)];
  fixture.pocketbase.down = true;
  const ids = [...(await use(first, 300)), ...(await use(second, 150))];
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(receivedOf(ids)).toHaveLength(0);
  expect(await metric('usage_relay_rows_waiting')).toBe(450);
  expect(await metric('usage_relay_lag_seconds')).toBeGreaterThan(0.2);
  fixture.pocketbase.batchSizes.length = 0;
  fixture.pocketbase.down = false;
  await expect.poll(() => receivedOf(ids).length, { timeout: 15_000 }).toBe(450);
  expect(Math.max(...fixture.pocketbase.batchSizes)).toBeLessThanOrEqual(200);
  expect(new Set(receivedOf(ids).map(({ reservationId }) => reservationId)).size).toBe(450);
  await expect.poll(() => metric('usage_relay_rows_waiting')).toBe(0);
});

test('one row that PocketBase does not take does not keep the others back', async () => {
  const person = await newPerson(fixture);
  fixture.pocketbase.down = true;
  const ids = await use(person, 20);
  const bad = ids[7] ?? '';
  fixture.pocketbase.refused.add(bad);
  fixture.pocketbase.down = false;
  await expect.poll(() => receivedOf(ids).length, { timeout: 15_000 }).toBe(19);
  expect(await metric('usage_relay_rows_waiting')).toBe(1);
  const { rows } = await fixture.owner.query('SELECT reservation_id FROM usage_outbox');
  expect(rows).toEqual([{ reservation_id: bad }]);
});

describe('what is known only after an expiry', () => {
  /** A request that used the whole hold, 232,200 nano-euro, as far as anybody knows. */
  async function expireOne(person: Person): Promise<string> {
    const reserve = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 });
    await fixture.batch(person.token, [reserve]);
    await fixture.owner.query(`UPDATE reservations SET expires_at = now() - interval '1 ms' WHERE id = $1`, [
      reserve.reservationId,
    ]);
    await fixture.billing.ledger.expireHolds();
    return reserve.reservationId;
  }
  const lateSettle = (id: string) => settleOf(id, { uncached_input: 1_000, output_text: 100 });
  const lateVoid = (id: string): LedgerOperation => ({ op: 'void', reservationId: id, reason: 'never sent' });
  const rowsOf = (id: string) => receivedOf([id]).toSorted((a, b) => a.at.localeCompare(b.at));
  const sumOf = (id: string) => receivedOf([id]).reduce((sum, row) => sum + parseEur(row.charge), 0n);
  const shownTo = async (person: Person) => {
    const headers = { authorization: `Bearer ${person.key}` };
    return usagePage.parse((await fixture.billing.app.inject({ url: '/v1/usage', headers })).json()).items;
  };

  test('a settlement is relayed as its difference; people see the one row that is true', async () => {
    const person = await newPerson(fixture);
    const id = await expireOne(person);
    await expect.poll(() => receivedOf([id]), { timeout: 5_000 }).toHaveLength(1);
    await fixture.batch(person.token, [lateSettle(id), lateSettle(id)]);
    await expect.poll(() => receivedOf([id]), { timeout: 5_000 }).toHaveLength(2);
    expect(rowsOf(id)).toMatchObject([
      { outcome: 'expired', charge: '0.0002322', cost: '0.0002322' },
      { outcome: 'corrected', charge: '-0.0000516', cost: '-0.0000516', finishReason: 'stop', totalMs: 900 },
    ]);
    expect(rowsOf(id)[1]?.usage).toEqual({ basis: 'exact', meters: {} });
    expect(await shownTo(person)).toMatchObject([{ reservationId: id, outcome: 'completed', charge: '0.0001806' }]);
  });

  test('a dearer truth is relayed as a positive difference', async () => {
    const person = await newPerson(fixture);
    const id = await expireOne(person);
    await fixture.batch(person.token, [settleOf(id, { uncached_input: 1_000, output_text: 300 })]);
    await expect.poll(() => receivedOf([id]), { timeout: 5_000 }).toHaveLength(2);
    expect(rowsOf(id)[1]).toMatchObject({ outcome: 'corrected', charge: '0.0000516' });
    expect(sumOf(id)).toBe(283_800n);
  });

  test('a void gives the whole charge back; people see no row any more', async () => {
    const person = await newPerson(fixture);
    const id = await expireOne(person);
    await expect.poll(() => receivedOf([id]), { timeout: 5_000 }).toHaveLength(1);
    await fixture.batch(person.token, [lateVoid(id), lateVoid(id)]);
    await expect.poll(() => receivedOf([id]), { timeout: 5_000 }).toHaveLength(2);
    expect(rowsOf(id)[1]).toMatchObject({ outcome: 'corrected', charge: '-0.0002322', cost: '-0.0002322' });
    expect(sumOf(id)).toBe(0n);
    expect(await shownTo(person)).toEqual([]);
  });

  test('a correction that comes before its expiry was relayed: both arrive', async () => {
    const person = await newPerson(fixture);
    fixture.pocketbase.down = true;
    const [settled, voided] = [await expireOne(person), await expireOne(person)];
    await fixture.batch(person.token, [lateSettle(settled), lateVoid(voided)]);
    fixture.pocketbase.down = false;
    await expect.poll(() => receivedOf([settled, voided]), { timeout: 15_000 }).toHaveLength(4);
    expect([sumOf(settled), sumOf(voided)]).toEqual([180_600n, 0n]);
  });

  test('a void months later does not overflow the log', async () => {
    const person = await newPerson(fixture);
    const id = await expireOne(person);
    await fixture.owner.query(`UPDATE reservations SET opened_at = opened_at - interval '60 days' WHERE id = $1`, [id]);
    expect(await fixture.batch(person.token, [lateVoid(id)])).toEqual([{ status: 'voided' }]);
    await expect.poll(() => receivedOf([id]), { timeout: 5_000 }).toHaveLength(2);
  });
});
