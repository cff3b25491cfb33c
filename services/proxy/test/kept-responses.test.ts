/** Kept responses in a real Postgres: whose they are, how long they live, what becomes of erased people's. */
import { text } from 'node:stream/consumers';
import { proxyExport } from '@cloudfreedom/contracts';
import { createLogger, createPool, migrate, type Pool, streamJson } from '@cloudfreedom/service-kit';
import { type Postgres, startPostgres } from '@cloudfreedom/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { IdempotencyKeyStore } from '../src/idempotency/idempotency-key.store.ts';
import { OpenWebUiAccountStore } from '../src/open-webui/account.store.ts';
import { eachExportedResponse, listExportedAccounts, listExportedKeys } from '../src/responses/export-person.ts';
import { KeptResponseStore } from '../src/responses/kept-response.store.ts';
import { sweepResponses } from '../src/responses/sweep-responses.ts';

const ADA = 'ada000000000001';
const BOB = 'bob000000000001';
const DAYS = 30;

/** Their own test is content-log.test.ts. */
const CONTENTS = {
  contents: { deleteOlderThan: async () => 0, deleteSubjects: async () => 0 },
  contentLogDays: async () => 0,
};

let postgres: Postgres;
let pool: Pool;
let store: KeptResponseStore;
let usedKeys: IdempotencyKeyStore;
let accounts: OpenWebUiAccountStore;
beforeAll(async () => {
  postgres = await startPostgres();
  const url = await postgres.createDatabase('kept');
  const migrations = new URL('../migrations', import.meta.url).pathname;
  await migrate(url, migrations, createLogger('test', 'silent'), { schema: 'proxy' });
  pool = createPool(url, { applicationName: 'test' });
  store = new KeptResponseStore(pool);
  usedKeys = new IdempotencyKeyStore(pool);
  accounts = new OpenWebUiAccountStore(pool);
});
beforeEach(() => pool.query('TRUNCATE proxy.responses, proxy.idempotency_keys, proxy.open_webui_accounts'));
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
  expect(
    await sweepResponses({
      store,
      kept: [usedKeys, accounts],
      ...CONTENTS,
      retentionDays: async () => DAYS,
      readErasedSubjects: nobody,
    }),
  ).toBe(1);
  expect(await idsOf()).toEqual(['new']);
  expect(
    await sweepResponses({
      store,
      kept: [usedKeys, accounts],
      ...CONTENTS,
      retentionDays: async () => 0,
      readErasedSubjects: nobody,
    }),
  ).toBe(1);
  expect(await idsOf()).toEqual([]);
});

test('erased people leave nothing, whatever the rule is', async () => {
  await save(ADA, 'hers');
  await save(BOB, 'his');
  for (const subjectId of [ADA, BOB]) await usedKeys.claim({ subjectId, keySha256: 'hash', requestId: 'request' });
  await accounts.claim('hers', { subjectId: ADA, tokenIssuedAt: new Date() });
  await accounts.claim('his', { subjectId: BOB, tokenIssuedAt: new Date() });
  expect(
    await sweepResponses({
      store,
      kept: [usedKeys, accounts],
      ...CONTENTS,
      retentionDays: async () => DAYS,
      readErasedSubjects: erased,
    }),
  ).toBe(1);
  expect(await idsOf()).toEqual(['hers']);
  expect([await usedKeys.list(ADA), await usedKeys.list(BOB)]).toMatchObject([[{ requestId: 'request' }], []]);
  expect([await accounts.list(ADA), await accounts.list(BOB)]).toMatchObject([[{ accountId: 'hers' }], []]);
});

async function exportOf(subjectId: string) {
  const kept = { responses: store, usedKeys, openWebUiAccounts: accounts };
  const parts = { subjectId, at: new Date().toISOString(), responses: eachExportedResponse(kept, subjectId) };
  const written = streamJson({
    ...parts,
    idempotencyKeys: await listExportedKeys(kept, subjectId),
    openWebUiAccounts: await listExportedAccounts(kept, subjectId),
    contents: [],
  });
  return proxyExport.parse(JSON.parse(await text(written)));
}

test('somebody`s export holds all that is kept of them, over its pages, and nothing of others', async () => {
  const ids = Array.from({ length: 23 }, (_, index) => `r${String(index).padStart(2, '0')}`);
  for (const id of ids) await save(ADA, id);
  // Of one moment, as a restored table may have them.
  await pool.query("UPDATE proxy.responses SET created_at = '2026-01-01T00:00:00.123456Z' WHERE id < 'r15'");
  await save(BOB, 'his');
  await usedKeys.claim({ subjectId: ADA, keySha256: 'hash', requestId: 'request' });
  const signedIn = new Date('2026-01-01T10:00:00Z');
  await accounts.claim('at-webui', { subjectId: ADA, tokenIssuedAt: signedIn });
  await accounts.claim('his-at-webui', { subjectId: BOB, tokenIssuedAt: signedIn });
  const all = await exportOf(ADA);
  expect(all.responses.map(({ id }) => id)).toEqual(ids);
  expect(all.responses[0]).toMatchObject({ at: '2026-01-01T00:00:00.123Z', input: ['r00\u0000'], response: {} });
  expect(all.idempotencyKeys).toMatchObject([{ requestId: 'request', keySha256: 'hash' }]);
  expect(all.openWebUiAccounts).toMatchObject([{ accountId: 'at-webui', signedInAt: signedIn.toISOString() }]);
  expect((await exportOf('nobody000000001')).responses).toEqual([]);
});

test('a new table or column of this service has to be decided: exported, or not of people', async () => {
  const { rows } = await pool.query<{ name: string; columns: string[] }>(
    `SELECT table_name AS name, array_agg(column_name::text ORDER BY ordinal_position) AS columns
     FROM information_schema.columns WHERE table_schema = 'proxy' GROUP BY 1`,
  );
  const tables = Object.fromEntries(rows.map(({ name, columns }) => [name, columns]));
  // The ids of items stand in the response as well.
  expect(tables.responses).toEqual([
    ...['subject_id', 'id', 'previous_id', 'created_at', 'input', 'response', 'item_ids'],
  ]);
  expect(tables.idempotency_keys).toEqual(['subject_id', 'key_sha256', 'request_id', 'created_at']);
  // The tenant is the one asked; the words are exported opened.
  expect(tables.contents).toEqual([
    ...['tenant_id', 'reservation_id', 'subject_id', 'request_id', 'created_at', 'model', 'surface', 'cut'],
    ...['encryption_key_id', 'nonce', 'content'],
  ]);
  expect(tables.open_webui_accounts).toEqual(['account_id', 'subject_id', 'token_issued_at', 'created_at']);
  // Endings on their way to billing name a reservation; who entered or tried a provider's key is a record of the organisation's.
  expect(Object.keys(tables).sort()).toEqual([
    ...[
      'contents',
      'failed_key_tests',
      'idempotency_keys',
      'open_webui_accounts',
      'outbox',
      'provider_keys',
      'responses',
    ],
    'schema_migrations',
  ]);
});

test('a conversation of more text than memory should hold is not read', async () => {
  const input = JSON.stringify(['x'.repeat(12_000_000)]);
  for (const [id, previousId] of [
    ['a', null],
    ['b', 'a'],
    ['c', 'b'],
  ] as const)
    await store.save(ADA, { id, previousId, input, response: '{}' }, []);
  expect((await store.conversation(ADA, 'b', DAYS)).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(await store.conversation(ADA, 'c', DAYS)).toEqual([]);
});
