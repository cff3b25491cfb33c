import { afterAll, beforeAll, expect, test } from 'vitest';
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
