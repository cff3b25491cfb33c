/** Conversations over HTTP with a real Postgres: two persons of one tenant, and what each may see. */
import { randomUUID } from 'node:crypto';
import {
  audienceOf,
  type Conversation,
  type ConversationSummary,
  conversationsExport,
  type Message,
} from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTenantService, TENANT, type TenantService } from './tenant-service.ts';

const [ANNA, BEN] = ['annaaaaaaaaaaaa', 'bennnnnnnnnnnnn'];
let service: TenantService;
let pool: TenantService['pool'];
let url: string;
let call: TenantService['call'];
let tokenOf: TenantService['tokenOf'];

beforeAll(async () => {
  service = await startTenantService();
  ({ pool, url, call, tokenOf } = service);
}, 60_000);
afterAll(() => service.stop());

const start = async (who: string, title: string) => (await call<ConversationSummary>(who, 'POST', '', { title })).body;
const newMessage = (content: string, over: object = {}) => ({
  id: randomUUID(),
  role: 'user',
  content,
  model: null,
  chargeEur: null,
  ...over,
});
type Page = { items: ConversationSummary[]; nextCursor: string | null };

test('a conversation is started, written to, read, renamed and deleted', async () => {
  const started = await call<ConversationSummary>(ANNA, 'POST', '', { title: '  Erste Fragen 🌊 ' });
  expect(started.status).toBe(201);
  const { id } = started.body;
  expect(started.body).toEqual({
    id,
    title: 'Erste Fragen 🌊',
    updatedAt: expect.any(String),
    pinned: false,
    folderId: null,
    share: null,
  });
  const question = newMessage('Was ist Ebbe?');
  const answer = newMessage('Ebbe ist …', { role: 'assistant', model: 'gpt-x', chargeEur: '0.004217' });
  const sent = await call<Message>(ANNA, 'POST', `/${id}/messages`, question);
  const unsaid = { parentId: null, ending: null, reasoning: null, servedBy: null, citations: [], attachments: [] };
  expect(sent).toEqual({ status: 201, body: { ...question, ...unsaid, at: expect.any(String) } });
  expect((await call(ANNA, 'POST', `/${id}/messages`, answer)).status).toBe(201);
  const read = await call<Conversation>(ANNA, 'GET', `/${id}`);
  expect(read.body.messages).toMatchObject([question, answer]);
  expect(read.body.updatedAt > started.body.updatedAt).toBe(true);
  const renamed = await call<ConversationSummary>(ANNA, 'PATCH', `/${id}`, { title: 'Gezeiten' });
  expect(renamed).toMatchObject({ status: 200, body: { id, title: 'Gezeiten', updatedAt: read.body.updatedAt } });
  expect(await call(ANNA, 'DELETE', `/${id}`)).toEqual({ status: 204, body: null });
  expect((await call(ANNA, 'GET', `/${id}`)).status).toBe(404);
  expect((await call(ANNA, 'DELETE', `/${id}`)).status).toBe(404);
});

test('another person’s conversation is not there, whatever is tried', async () => {
  const { id } = await start(ANNA, 'private');
  const first = newMessage('secret');
  await call(ANNA, 'POST', `/${id}/messages`, first);
  const tries = [
    await call(BEN, 'GET', `/${id}`),
    await call(BEN, 'PATCH', `/${id}`, { title: 'mine' }),
    await call(BEN, 'POST', `/${id}/messages`, newMessage('hello')),
    await call(BEN, 'POST', `/${id}/messages`, first),
    await call(BEN, 'DELETE', `/${id}`),
  ];
  const unknown = await call(BEN, 'GET', `/${randomUUID()}`);
  for (const attempt of tries) expect(attempt).toEqual({ ...unknown, status: 404 });
  const list = await call<Page>(BEN, 'GET', '');
  expect(list.body.items.map((one) => one.id)).not.toContain(id);
  const kept = await call<Conversation>(ANNA, 'GET', `/${id}`);
  expect(kept.body).toMatchObject({ title: 'private', messages: [{ content: 'secret' }] });
  expect(kept.body.messages).toHaveLength(1);
  // Their own conversation may use the same message id: a clash would tell that it exists.
  const { id: own } = await start(BEN, 'own');
  expect((await call(BEN, 'POST', `/${own}/messages`, { ...first, content: 'other' })).status).toBe(201);
});

describe('a message sent again', () => {
  test('is kept once, also when both come at the same moment', async () => {
    const { id } = await start(ANNA, 'twice');
    const given = newMessage('half a pair: \ud83c', { chargeEur: '0.1' });
    const answers = await Promise.all([1, 2, 3, 4].map(() => call<Message>(ANNA, 'POST', `/${id}/messages`, given)));
    expect(answers.map((one) => one.status).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(answers.map((one) => JSON.stringify(one.body))).size).toBe(1);
    const before = await call<Conversation>(ANNA, 'GET', `/${id}`);
    expect(before.body.messages).toHaveLength(1);
    await call(ANNA, 'POST', `/${id}/messages`, given);
    expect((await call<Conversation>(ANNA, 'GET', `/${id}`)).body.updatedAt).toBe(before.body.updatedAt);
  });

  test('with other content is a conflict that names the id, and changes nothing', async () => {
    const { id } = await start(ANNA, 'clash');
    const given = newMessage('one');
    await call(ANNA, 'POST', `/${id}/messages`, given);
    for (const other of [{ content: 'two' }, { role: 'assistant' }, { model: 'gpt-x' }, { chargeEur: '1' }]) {
      const { status, body } = await call(ANNA, 'POST', `/${id}/messages`, { ...given, ...other });
      expect([status, body.error]).toMatchObject([409, { code: 'conflict', param: 'id' }]);
    }
    expect((await call<Conversation>(ANNA, 'GET', `/${id}`)).body.messages).toMatchObject([given]);
  });
});

test('the list is in pages, newest first, without gaps or doubles where times are equal', async () => {
  const who = 'carlaaaaaaaaaaa';
  const made: string[] = [];
  for (let index = 0; index < 7; index++) made.push((await start(who, `number ${index}`)).id);
  await pool.query("UPDATE conversations.conversations SET updated_at = '2025-01-01' WHERE id = ANY($1)", [
    made.slice(0, 5),
  ]);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const target: string = `?limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    const { body } = await call<Page>(who, 'GET', target);
    expect(body.items.length).toBeLessThanOrEqual(2);
    seen.push(...body.items.map((one) => one.id));
    cursor = body.nextCursor;
  } while (cursor !== null);
  expect(seen.slice(0, 2)).toEqual([made[6], made[5]]);
  expect([...seen].sort()).toEqual([...made].sort());
  // What is written to moves up; a new title does not.
  await call(who, 'PATCH', `/${made[1]}`, { title: 'new' });
  await call(who, 'POST', `/${made[0]}/messages`, newMessage('up'));
  const { body } = await call<Page>(who, 'GET', '');
  expect(body.items[0]?.id).toBe(made[0]);
  expect(body.nextCursor).toBeNull();
  const exact = await call<Page>(who, 'GET', '?limit=7');
  expect([exact.body.items.length, exact.body.nextCursor]).toEqual([7, null]);
});

describe('bad input names the field', () => {
  test.each([
    ['POST', '', {}, 'title'],
    ['POST', '', { title: '   ' }, 'title'],
    ['POST', '', { title: 'x'.repeat(201) }, 'title'],
    ['POST', '', { title: 'nul\u0000' }, 'title'],
    ['POST', '', { title: 5 }, 'title'],
    ['GET', '?limit=0', undefined, 'limit'],
    ['GET', '?limit=many', undefined, 'limit'],
    ['GET', '?cursor=nonsense', undefined, 'cursor'],
    ['GET', `?cursor=${Buffer.from('["2025-01-01","x"]').toString('base64url')}`, undefined, 'cursor'],
    ['GET', '/not-a-uuid', undefined, 'id'],
    ['PATCH', '/not-a-uuid', { title: 'x' }, 'id'],
    ['DELETE', "/1'; DROP TABLE x", undefined, 'id'],
  ])('%s %s %j -> %s', async (method, target, body, param) => {
    const answer = await call(ANNA, method, target, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ param, message: expect.stringContaining(param) });
  });

  test.each([
    [{ id: 'one' }, 'id'],
    [{ role: 'tool' }, 'role'],
    [{ content: undefined }, 'content'],
    [{ content: 'nul\u0000' }, 'content'],
    [{ content: 'x'.repeat(1_000_001) }, 'content'],
    [{ model: 7 }, 'model'],
    [{ model: 'm\u0000' }, 'model'],
    [{ chargeEur: 'much' }, 'chargeEur'],
    [{ chargeEur: '-1' }, 'chargeEur'],
  ])('message %#: %s', async (over, param) => {
    const { id } = await start(ANNA, 'bad messages');
    const answer = await call(ANNA, 'POST', `/${id}/messages`, newMessage('x', over));
    expect(answer.status).toBe(400);
    expect(answer.body.error.param).toBe(param);
    expect((await call<Conversation>(ANNA, 'GET', `/${id}`)).body.messages).toEqual([]);
  });

  test('a message of the greatest length is kept whole', async () => {
    const { id } = await start(ANNA, 'long');
    const content = '🌊'.repeat(500_000);
    expect((await call(ANNA, 'POST', `/${id}/messages`, newMessage(content))).status).toBe(201);
    expect((await call<Conversation>(ANNA, 'GET', `/${id}`)).body.messages[0]?.content).toBe(content);
  });

  test('broken JSON is 400, too much of it 413', async () => {
    expect((await call(ANNA, 'POST', '', '{"title":')).status).toBe(400);
    expect((await call(ANNA, 'POST', '', JSON.stringify({ title: 'x'.repeat(9_000_000) }))).status).toBe(413);
  });
});

test('only a valid token for this tenant’s conversations opens anything', async () => {
  const get = async (headers: Record<string, string>) => (await fetch(`${url}/v1/conversations`, { headers })).status;
  const bearer = async (...args: Parameters<typeof tokenOf>) => ({ authorization: `Bearer ${await tokenOf(...args)}` });
  expect(await get(await bearer(ANNA))).toBe(200);
  expect(await get({})).toBe(401);
  expect(await get({ authorization: 'Bearer nonsense' })).toBe(401);
  expect(await get(await bearer(ANNA, 'billing'))).toBe(401);
  expect(await get(await bearer(ANNA, audienceOf.proxy(TENANT)))).toBe(401);
  expect(await get(await bearer(ANNA, audienceOf.conversations('tenantbbbbbbbbb')))).toBe(401);
  expect(await get(await bearer(ANNA, audienceOf.conversations(TENANT), -60))).toBe(401);
});

describe('export', () => {
  const exported = async (who: string) => {
    const headers = { authorization: `Bearer ${await tokenOf(who)}` };
    const response = await fetch(`${url}/v1/export`, { headers });
    return { status: response.status, body: conversationsExport.parse(await response.json()) };
  };

  test('all own chats with all messages, over its pages; nothing of others', async () => {
    const who = 'exportttttttttt';
    for (let chat = 0; chat < 53; chat++) await start(who, `Chat ${chat}`);
    const last = await start(who, 'The last');
    for (const content of ['Frage', 'Antwort'])
      await call(who, 'POST', `/${last.id}/messages`, newMessage(content, { chargeEur: '0.5', model: 'm' }));
    const { body } = await exported(who);
    expect(body.subjectId).toBe(who);
    expect(new Set(body.conversations.map(({ id }) => id)).size).toBe(54);
    const [first] = body.conversations;
    expect(first).toEqual((await call<Conversation>(who, 'GET', `/${last.id}`)).body);
    expect(first?.messages.map(({ content }) => content)).toEqual(['Frage', 'Antwort']);
    expect((await exported('nochatsssssssss')).body.conversations).toEqual([]);
    expect((await fetch(`${url}/v1/export`)).status).toBe(401);
  });

  test('a new table or column has to be decided: all there are stand in it', async () => {
    const { rows } = await pool.query<{ name: string; columns: string[] }>(
      `SELECT table_name AS name, array_agg(column_name::text ORDER BY column_name::text) AS columns
       FROM information_schema.columns WHERE table_schema = 'conversations' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([
      {
        name: 'assistant_files',
        columns: ['assistant_id', 'content', 'created_at', 'id', 'media_type', 'name', 'size_bytes'],
      },
      {
        name: 'assistants',
        columns: [
          'description',
          'id',
          'instructions',
          'model',
          'name',
          'shared',
          'subject_id',
          'temperature',
          'updated_at',
        ],
      },
      {
        name: 'conversations',
        columns: [
          'assistant_id',
          'deleted_at',
          'folder_id',
          'id',
          'instructions',
          'pinned_at',
          'reasoning_effort',
          'subject_id',
          'temperature',
          'title',
          'updated_at',
        ],
      },
      {
        name: 'files',
        columns: ['content', 'conversation_id', 'created_at', 'id', 'media_type', 'name', 'size_bytes'],
      },
      { name: 'folders', columns: ['created_at', 'id', 'name', 'subject_id'] },
      { name: 'message_files', columns: ['conversation_id', 'file_id', 'message_id', 'place'] },
      {
        name: 'messages',
        columns: [
          'charge_eur',
          'citations',
          'content',
          'conversation_id',
          'created_at',
          'ending',
          'id',
          'model',
          'parent_id',
          'position',
          'reasoning',
          'role',
          'served_by',
        ],
      },
      { name: 'schema_migrations', columns: expect.anything() },
      { name: 'shares', columns: ['conversation_id', 'id', 'last_position', 'message_count', 'shared_at'] },
    ]);
  });
});

// Last: it stops Postgres for good.
test('health, readiness and the description are there; without Postgres it is not ready, but alive', async () => {
  const status = async (target: string) => (await fetch(url + target)).status;
  expect([await status('/health'), await status('/ready')]).toEqual([200, 200]);
  const openapi = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string; paths: object };
  expect(openapi.openapi).toBe('3.1.0');
  expect(Object.keys(openapi.paths)).toEqual(
    expect.arrayContaining(['/v1/conversations', '/v1/conversations/{id}', '/v1/conversations/{id}/messages']),
  );
  await service.postgres.stop();
  expect([await status('/health'), await status('/ready')]).toEqual([200, 503]);
});
