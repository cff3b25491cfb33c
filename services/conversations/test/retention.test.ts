/** Chats go when their tenant's time is over, and only then. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createLogger, createPool, migrate, type Pool } from '@cloudfreedom/service-kit';
import { type Postgres, startPostgres } from '@cloudfreedom/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createConversationStore } from '../src/conversations/conversation.store.ts';
import { keepRetention } from '../src/retention/keep-retention.ts';
import { createRetentionStore } from '../src/retention/retention.store.ts';
import { readTenant } from '../src/tenant/billing-tenant.ts';

const ANNA = 'annaaaaaaaaaaaa';
const logger = createLogger('conversations', 'silent');
let postgres: Postgres;
let pool: Pool;
let billingUrl: string;
/** What billing says; null: it is away. */
let retentionDays: number | null = 0;
let questions = 0;
let stop: (() => Promise<void>) | undefined;

const billing = createServer((request, response) => {
  questions += 1;
  const known = request.headers.authorization === 'Bearer cfs-secret' && request.url === '/v1/catalogue';
  if (retentionDays === null || !known) return void response.writeHead(503).end('{}');
  const tenant = { id: 'tenant000000000', name: 'T', type: 'enterprise', status: 'active', domains: [], retentionDays };
  response.writeHead(200).end(JSON.stringify({ tenant, models: [] }));
});

beforeAll(async () => {
  postgres = await startPostgres();
  const databaseUrl = await postgres.createDatabase('tenant');
  await migrate(databaseUrl, path.join(import.meta.dirname, '../migrations'), logger, { schema: 'conversations' });
  pool = createPool(databaseUrl, { applicationName: 'test' });
  await new Promise<void>((resolve) => billing.listen(0, '127.0.0.1', resolve));
  billingUrl = `http://127.0.0.1:${(billing.address() as AddressInfo).port}`;
}, 60_000);
afterEach(() => stop?.());
afterAll(async () => {
  await pool.end();
  await postgres.stop();
  billing.closeAllConnections();
  billing.close();
});

async function chat(daysAgo: number): Promise<string> {
  const store = createConversationStore(pool);
  const id = randomUUID();
  await store.insert(ANNA, id, 'Fragen', null);
  await store.append(ANNA, id, {
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
  await pool.query(
    'UPDATE conversations.conversations SET updated_at = now() - make_interval(days => $2) WHERE id = $1',
    [id, daysAgo],
  );
  return id;
}
const kept = async () =>
  (await pool.query('SELECT id FROM conversations.conversations')).rows.map(({ id }) => id).sort();
const start = () => {
  const readDays = async () => (await readTenant({ url: billingUrl, serviceToken: 'cfs-secret' })).retentionDays;
  stop = keepRetention({ store: createRetentionStore(pool), readRetentionDays: readDays, logger, everyMs: 20 });
};
async function severalTurns(): Promise<void> {
  const from = questions;
  await expect.poll(() => questions, { timeout: 10_000 }).toBeGreaterThan(from + 3);
}

test('untouched for longer than the tenant keeps them; none where it has no rule, or billing is away', async () => {
  const [old, young] = [await chat(40), await chat(20)];
  const both = [old, young].sort();
  retentionDays = 0;
  start();
  await severalTurns();
  expect(await kept()).toEqual(both);
  retentionDays = null;
  await severalTurns();
  expect(await kept()).toEqual(both);
  retentionDays = 30;
  await expect.poll(kept, { timeout: 10_000 }).toEqual([young]);
  const { rows } = await pool.query('SELECT count(*)::int AS messages FROM conversations.messages');
  expect(rows).toEqual([{ messages: 1 }]);
  await severalTurns();
  expect(await kept()).toEqual([young]);
});
