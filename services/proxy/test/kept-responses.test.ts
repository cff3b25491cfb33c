/** Kept responses in a real Postgres: whose they are, how long they live, what becomes of erased people's. */
import { createLogger, createPool, migrate, type Pool } from '@cloudfreedom/service-kit';
import { type Postgres, startPostgres } from '@cloudfreedom/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { KeptResponseStore } from '../src/responses/kept-response.store.ts';
import { sweepResponses } from '../src/responses/sweep-responses.ts';

const ADA = 'ada000000000001';
const BOB = 'bob000000000001';
const DAYS = 30;

let postgres: Postgres;
let pool: Pool;
let store: KeptResponseStore;
beforeAll(async () => {
  postgres = await startPostgres();
  const url = await postgres.createDatabase('kept');
  const migrations = new URL('../migrations', import.meta.url).pathname;
  await migrate(url, migrations, createLogger('test', 'silent'), { schema: 'proxy' });
  pool = createPool(url, { applicationName: 'test' });
  store = new KeptResponseStore(pool);
});
beforeEach(() => pool.query('TRUNCATE proxy.responses'));
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

const save = (subjectId: string, id: string, previousId: string | null = null) =>
  store.save(subjectId, { id, previousId, input: `["${id}\\u0000"]`, response: '{}' }, [`item_${id}`]);
const age = (id: string, days: number) =>
  pool.query('UPDATE proxy.responses SET created_at = now() - make_interval(days => $2) WHERE id = $1', [id, days]);
const idsOf = async () => (await pool.query('SELECT id FROM proxy.responses ORDER BY id')).rows.map(({ id }) => id);

async function* nobody(): AsyncGenerator<string[]> {}
async function* erased(): AsyncGenerator<string[]> {
  yield [BOB];
}

test('a conversation is found from its end, its beginning first, by its own person alone', async () => {
  await save(ADA, 'a');
  await save(ADA, 'b', 'a');
  await save(ADA, 'c', 'b');
  expect((await store.conversation(ADA, 'c', DAYS)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(await store.find(ADA, 'b', DAYS)).toMatchObject({ previousId: 'a', input: '["b\\u0000"]' });
  expect((await store.withItems(ADA, ['item_a', 'item_c', 'item_x'], DAYS)).map(({ id }) => id).sort()).toEqual([
    'a',
    'c',
  ]);
  expect(await store.conversation(BOB, 'c', DAYS)).toEqual([]);
  expect(await store.find(BOB, 'b', DAYS)).toBeNull();
  expect(await store.withItems(BOB, ['item_a'], DAYS)).toEqual([]);
  expect(await store.delete(BOB, 'b', DAYS)).toBe(false);
  expect(await idsOf()).toEqual(['a', 'b', 'c']);
});

test('a conversation with a gap is none', async () => {
  await save(ADA, 'a');
  await save(ADA, 'b', 'a');
  await save(ADA, 'c', 'b');
  expect(await store.delete(ADA, 'b', DAYS)).toBe(true);
  expect(await store.conversation(ADA, 'c', DAYS)).toEqual([]);
  await save(ADA, 'b', 'a');
  await age('a', DAYS + 1);
  expect(await store.conversation(ADA, 'c', DAYS)).toEqual([]);
});

test('what is over its time is not found, and swept', async () => {
  await save(ADA, 'old');
  await save(ADA, 'new');
  await age('old', DAYS);
  expect(await store.find(ADA, 'old', DAYS)).toBeNull();
  expect(await store.delete(ADA, 'old', DAYS)).toBe(false);
  expect(await sweepResponses({ store, retentionDays: async () => DAYS, readErasedSubjects: nobody })).toBe(1);
  expect(await idsOf()).toEqual(['new']);
  expect(await sweepResponses({ store, retentionDays: async () => 0, readErasedSubjects: nobody })).toBe(1);
  expect(await idsOf()).toEqual([]);
});

test('erased people leave nothing, whatever the rule is', async () => {
  await save(ADA, 'hers');
  await save(BOB, 'his');
  expect(await sweepResponses({ store, retentionDays: async () => DAYS, readErasedSubjects: erased })).toBe(1);
  expect(await idsOf()).toEqual(['hers']);
});
