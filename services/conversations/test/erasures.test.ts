/** What is kept of somebody goes when billing lists them as erased, again and again. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createLogger, createPool, migrate, type Pool } from '@cloudfreedom/service-kit';
import { type Postgres, startPostgres } from '@cloudfreedom/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createConversationStore } from '../src/conversations/conversation.store.ts';
import { readErasedSubjects } from '../src/erasures/billing-erasures.ts';
import { type ErasedPeople, keepErased } from '../src/erasures/erased-people.ts';
import { createErasureStore } from '../src/erasures/erasure.store.ts';

const [ANNA, BEN] = ['annaaaaaaaaaaaa', 'bennnnnnnnnnnnn'];
const logger = createLogger('conversations', 'silent');
let postgres: Postgres;
let pool: Pool;
/** Stands for billing: what it lists, one id a page; null: it is away. */
let listed: string[] | null = [];
const asked: { url: string | undefined; authorization: string | undefined }[] = [];
let billingUrl: string;
let erasedPeople: ErasedPeople | undefined;

const billing = createServer((request, response) => {
  asked.push({ url: request.url, authorization: request.headers.authorization });
  if (!listed) return void response.writeHead(503).end('{}');
  const after = new URL(request.url ?? '', billingUrl).searchParams.get('after') ?? '';
  const [next, ...others] = listed.filter((id) => id > after).sort();
  const page = { subjectIds: next ? [next] : [], nextAfter: others.length > 0 ? next : null };
  response.writeHead(200).end(JSON.stringify(page));
});

beforeAll(async () => {
  postgres = await startPostgres();
  const databaseUrl = await postgres.createDatabase('tenant');
  await migrate(databaseUrl, path.join(import.meta.dirname, '../migrations'), logger, { schema: 'conversations' });
  pool = createPool(databaseUrl, { applicationName: 'test' });
  await new Promise<void>((resolve) => billing.listen(0, '127.0.0.1', resolve));
  billingUrl = `http://127.0.0.1:${(billing.address() as AddressInfo).port}`;
}, 60_000);
afterEach(() => erasedPeople?.stop());
afterAll(async () => {
  await pool.end();
  await postgres.stop();
  billing.closeAllConnections();
  billing.close();
});

async function chat(subjectId: string): Promise<string> {
  const store = createConversationStore(pool);
  const id = randomUUID();
  await store.insert(subjectId, id, 'Fragen', null);
  await store.append(subjectId, id, {
    id: randomUUID(),
    role: 'user',
    content: 'Hallo',
    model: null,
    chargeEur: null,
    ending: null,
    reasoning: null,
    servedBy: null,
    citations: [],
    attachments: [],
  });
  return id;
}
async function kept(): Promise<string[]> {
  const { rows } = await pool.query(
    'SELECT subject_id FROM conversations.conversations c JOIN conversations.messages m ON m.conversation_id = c.id',
  );
  return rows.map((row) => row.subject_id).sort();
}
const start = (everyMs: number) =>
  keepErased({
    store: createErasureStore(pool),
    readErasedSubjects: () => readErasedSubjects({ url: billingUrl, serviceToken: 'cfs-secret' }),
    logger,
    everyMs,
  });

test('at the start and at every turn; others keep theirs; what came in late goes too', async () => {
  await chat(ANNA);
  await chat(BEN);
  listed = [ANNA, 'goneeeeeeeeeeee'];
  erasedPeople = start(50);
  await expect.poll(() => erasedPeople?.isKnown()).toBe(true);
  expect(await kept()).toEqual([BEN]);
  expect([erasedPeople.has(ANNA), erasedPeople.has(BEN)]).toEqual([true, false]);
  expect(asked[0]).toEqual({ url: '/v1/erasures', authorization: 'Bearer cfs-secret' });
  expect(asked[1]?.url).toBe(`/v1/erasures?after=${ANNA}`);
  await chat(ANNA);
  await expect.poll(kept).toEqual([BEN]);
});

test('while billing does not answer, nothing is known; then it is made up for', async () => {
  await chat(ANNA);
  listed = null;
  erasedPeople = start(50);
  await expect.poll(() => asked.at(-1)?.url).toBe('/v1/erasures');
  expect(erasedPeople.isKnown()).toBe(false);
  listed = [ANNA];
  await expect.poll(() => erasedPeople?.isKnown(), { timeout: 10_000 }).toBe(true);
  expect(await kept()).toEqual([BEN]);
});

test('each table that keeps something of a person has a column subject_id, or hangs on one that has', async () => {
  const { rows } = await pool.query(`
    SELECT t.table_name FROM information_schema.tables t
    WHERE t.table_schema = 'conversations' AND t.table_type = 'BASE TABLE' AND t.table_name <> 'schema_migrations'
      AND NOT EXISTS (SELECT FROM information_schema.columns c WHERE c.table_schema = 'conversations'
        AND c.table_name = t.table_name AND c.column_name = 'subject_id')
      AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.confdeltype = 'c'
        AND f.conrelid = format('conversations.%I', t.table_name)::regclass)`);
  expect(rows).toEqual([]);
});
