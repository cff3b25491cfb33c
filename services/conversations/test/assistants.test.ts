/** Assistants: whose they are, who may use them, and what goes with them. */
import { randomUUID } from 'node:crypto';
import {
  type Assistant,
  type AssistantSummary,
  assistant,
  type Conversation,
  type ConversationSummary,
  conversationsExport,
  FILES_OF_ASSISTANT_BYTES_MAX,
  FILES_PER_ASSISTANT_MAX,
} from '@cloudfreedom/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAssistantStore } from '../src/assistants/assistant.store.ts';
import { createAssistantFileStore } from '../src/assistants/assistant-file.store.ts';
import { createAssistantFiles } from '../src/assistants/assistant-files.ts';
import { createAssistants } from '../src/assistants/assistants.ts';
import { createErasureStore } from '../src/erasures/erasure.store.ts';
import { createRetentionStore } from '../src/retention/retention.store.ts';
import { startTenantService, type TenantService } from './tenant-service.ts';

const [ANNA, BEN] = ['annaaaaaaaaaaaa', 'bennnnnnnnnnnnn'];
const FIELDS = {
  name: 'Contracts',
  description: 'Reads contracts',
  instructions: 'You are a careful lawyer.',
  model: 'claude-opus-5',
  temperature: 0.2,
};
const TEXT = Buffer.from('Clause 1: be kind');
let service: TenantService;
beforeAll(async () => {
  service = await startTenantService();
}, 60_000);
afterAll(() => service.stop());

const make = async (who = ANNA, more = {}) =>
  assistant.parse((await service.call(who, 'POST', '/v1/assistants', { ...FIELDS, ...more })).body);
const names = async (who: string, query: string) =>
  (await service.call<{ items: AssistantSummary[] }>(who, 'GET', `/v1/assistants?${query}`)).body.items.map(
    ({ name }) => name,
  );
async function sendFile(who: string, id: string, content: Uint8Array, fileId: string = randomUUID(), name = 'a.txt') {
  const response = await fetch(`${service.url}/v1/assistants/${id}/files/${fileId}?name=${name}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await service.tokenOf(who)}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(content),
  });
  return { status: response.status, body: (await response.json()) as { error: { code: string; message: string } } };
}
async function getFile(who: string, id: string, fileId: string) {
  const headers = { authorization: `Bearer ${await service.tokenOf(who)}` };
  return fetch(`${service.url}/v1/assistants/${id}/files/${fileId}`, { headers });
}

test('made, changed, copied with its files and deleted', async () => {
  const who = 'makeraaaaaaaaaa';
  const made = await make(who);
  expect(made).toMatchObject({ ...FIELDS, own: true, shared: false, fileCount: 0, files: [] });
  const fileId = randomUUID();
  expect((await sendFile(who, made.id, TEXT, fileId)).status).toBe(200);
  expect((await sendFile(who, made.id, TEXT, fileId)).status).toBe(200);
  expect((await sendFile(who, made.id, Buffer.from('other'), fileId)).status).toBe(409);
  const changed = await service.call<Assistant>(who, 'PUT', `/v1/assistants/${made.id}`, {
    ...FIELDS,
    name: '  Leases ',
    model: null,
    temperature: null,
  });
  expect(changed.body).toMatchObject({ name: 'Leases', model: null, temperature: null, fileCount: 1 });
  expect(changed.body.files).toEqual([{ id: fileId, name: 'a.txt', mediaType: 'text/plain', sizeBytes: TEXT.length }]);
  const copied = await service.call<Assistant>(who, 'POST', `/v1/assistants/${made.id}/copies`, { name: 'Copy' });
  expect([copied.status, copied.body.name, copied.body.instructions]).toEqual([201, 'Copy', FIELDS.instructions]);
  expect((await service.call(who, 'DELETE', `/v1/assistants/${made.id}`)).status).toBe(204);
  expect((await service.call(who, 'DELETE', `/v1/assistants/${made.id}`)).status).toBe(404);
  expect(Buffer.from(await (await getFile(who, copied.body.id, fileId)).arrayBuffer())).toEqual(TEXT);
  const taken = await service.call(who, 'DELETE', `/v1/assistants/${copied.body.id}/files/${fileId}`);
  expect([taken.status, (await getFile(who, copied.body.id, fileId)).status]).toEqual([204, 404]);
});

test('another person neither sees nor changes it; shared they use and copy it, and change nothing', async () => {
  const { id } = await make();
  const fileId = randomUUID();
  await sendFile(ANNA, id, TEXT, fileId);
  const attempts: [string, string, unknown?][] = [
    ['PUT', `/v1/assistants/${id}`, { ...FIELDS, name: 'Mine now' }],
    ['DELETE', `/v1/assistants/${id}`],
    ['PUT', `/v1/assistants/${id}/share`],
    ['DELETE', `/v1/assistants/${id}/share`],
    ['DELETE', `/v1/assistants/${id}/files/${fileId}`],
  ];
  const readings: [string, string, unknown?][] = [
    ['GET', `/v1/assistants/${id}`],
    ['POST', `/v1/assistants/${id}/copies`, { name: 'Copy' }],
  ];
  const begin = { title: 'T', assistantId: id };
  for (const attempt of [...attempts, ...readings]) expect((await service.call(BEN, ...attempt)).status).toBe(404);
  expect((await getFile(BEN, id, fileId)).status).toBe(404);
  expect((await sendFile(BEN, id, TEXT)).status).toBe(404);
  const refused = await service.call(BEN, 'POST', '', begin);
  expect([refused.status, refused.body.error.param]).toEqual([400, 'assistantId']);
  expect(await names(BEN, 'whose=others')).toEqual([]);

  await service.call(ANNA, 'PUT', `/v1/assistants/${id}/share`);
  expect(await names(BEN, 'whose=others')).toEqual(['Contracts']);
  expect(await names(BEN, 'whose=own')).toEqual([]);
  expect(await names(ANNA, 'whose=others')).toEqual([]);
  const seen = await service.call<Assistant>(BEN, 'GET', `/v1/assistants/${id}`);
  expect(seen.body).toMatchObject({ own: false, shared: true, instructions: FIELDS.instructions });
  expect(JSON.stringify(seen.body)).not.toContain(ANNA);
  expect((await getFile(BEN, id, fileId)).status).toBe(200);
  for (const attempt of attempts) expect((await service.call(BEN, ...attempt)).status).toBe(404);
  expect((await sendFile(BEN, id, TEXT)).status).toBe(404);
  const copy = await service.call<Assistant>(BEN, 'POST', `/v1/assistants/${id}/copies`, { name: 'Bens' });
  expect(copy.body).toMatchObject({ own: true, shared: false, fileCount: 1 });

  const begun = await service.call<ConversationSummary>(BEN, 'POST', '', begin);
  const read = () => service.call<Conversation>(BEN, 'GET', `/${begun.body.id}`);
  expect((await read()).body.assistantId).toBe(id);
  await service.call(ANNA, 'DELETE', `/v1/assistants/${id}/share`);
  for (const attempt of readings) expect((await service.call(BEN, ...attempt)).status).toBe(404);
  expect((await getFile(BEN, id, fileId)).status).toBe(404);
  // The conversation stays, and still says which one it was begun with.
  expect((await read()).body.assistantId).toBe(id);
});

test('files are checked as those of messages are, with limits of their own', async () => {
  const { id } = await make();
  expect(await sendFile(ANNA, id, Buffer.from('504b0304140000', 'hex'))).toMatchObject({ status: 415 });
  expect((await sendFile(ANNA, id, Buffer.alloc(0))).status).toBe(400);
  expect((await sendFile(ANNA, id, TEXT, randomUUID(), '..%2Fx')).status).toBe(400);
  expect((await sendFile(ANNA, id, TEXT)).status).toBe(200);
  await service.pool.query('UPDATE conversations.assistant_files SET size_bytes = $2 WHERE assistant_id = $1', [
    id,
    FILES_OF_ASSISTANT_BYTES_MAX - 10,
  ]);
  const tooLarge = await sendFile(ANNA, id, TEXT);
  expect([tooLarge.status, tooLarge.body.error.message]).toEqual([413, expect.stringContaining('10 MB together')]);
  const full = await make();
  for (let file = 0; file < FILES_PER_ASSISTANT_MAX; file++)
    expect((await sendFile(ANNA, full.id, Buffer.from(`${file}`))).status).toBe(200);
  expect((await sendFile(ANNA, full.id, TEXT)).status).toBe(409);
});

test('files of assistants and of chats have one limit together; a copy counts too', async () => {
  const who = 'dorisaaaaaaaaaa';
  const { id } = await make(who);
  const place = { assistantId: id, id: randomUUID() };
  const files = createAssistantFiles(createAssistantFileStore(service.pool), 30);
  await files.keep(who, place, 'a.txt', TEXT);
  await expect(files.keep(who, { ...place, id: randomUUID() }, 'b.txt', TEXT)).rejects.toMatchObject({
    code: 'body_too_large',
  });
  const assistants = createAssistants(createAssistantStore(service.pool), 30);
  await expect(assistants.copy(who, id, 'Copy')).rejects.toMatchObject({ code: 'body_too_large' });
  expect(await names(who, 'whose=own')).toEqual(['Contracts']);
});

test('bad fields are refused by name; there is an end to how many one has', async () => {
  const wrong: [object, string][] = [
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(81) }, 'name'],
    [{ name: 'a\u0000' }, 'name'],
    [{ instructions: 'x'.repeat(100_001) }, 'instructions'],
    [{ temperature: 2.1 }, 'temperature'],
    [{ model: '' }, 'model'],
  ];
  for (const [fields, param] of wrong) {
    const { status, body } = await service.call(ANNA, 'POST', '/v1/assistants', { ...FIELDS, ...fields });
    expect([status, body.error.param]).toEqual([400, param]);
  }
  expect((await service.call(ANNA, 'GET', '/v1/assistants?whose=all')).body.error.param).toBe('whose');
  const who = 'manyaaaaaaaaaaa';
  await service.pool.query(
    `INSERT INTO conversations.assistants (id, subject_id, name, description, instructions)
     SELECT gen_random_uuid(), $1, 'Nr ' || n, '', '' FROM generate_series(1, 100) n`,
    [who],
  );
  expect((await service.call(who, 'POST', '/v1/assistants', FIELDS)).status).toBe(409);
});

test('the list goes in pages and finds by a part of name or description', async () => {
  const who = 'listaaaaaaaaaaa';
  for (const name of ['One', 'Two', 'Three 50%']) await make(who, { name, description: `about ${name}` });
  type Page = { items: AssistantSummary[]; nextCursor: string | null };
  const first = await service.call<Page>(who, 'GET', '/v1/assistants?whose=own&limit=2');
  const rest = await service.call<Page>(who, 'GET', `/v1/assistants?whose=own&limit=2&cursor=${first.body.nextCursor}`);
  expect([...first.body.items, ...rest.body.items].map(({ name }) => name)).toEqual(['Three 50%', 'Two', 'One']);
  expect(rest.body.nextCursor).toBeNull();
  expect(await names(who, 'whose=own&q=TWO')).toEqual(['Two']);
  expect(await names(who, 'whose=own&q=0%25')).toEqual(['Three 50%']);
  expect(await names(who, 'whose=own&q=_')).toEqual([]);
});

test('a person’s export holds their own with files, and no other’s; retention leaves them; erased with their owner', async () => {
  const [owner, user] = ['owneraaaaaaaaaa', 'useraaaaaaaaaaa'];
  const { id } = await make(owner, { name: 'Shared by owner' });
  const fileId = randomUUID();
  await sendFile(owner, id, TEXT, fileId);
  await service.call(owner, 'PUT', `/v1/assistants/${id}/share`);
  const begun = await service.call<ConversationSummary>(user, 'POST', '', { title: 'T', assistantId: id });
  const exported = async (who: string) => {
    const headers = { authorization: `Bearer ${await service.tokenOf(who)}` };
    return conversationsExport.parse(await (await fetch(`${service.url}/v1/export`, { headers })).json());
  };
  const own = await exported(owner);
  expect(own.assistants.map(({ name }) => name)).toEqual(['Shared by owner']);
  expect(own.assistantFiles).toMatchObject([{ assistantId: id, id: fileId, contentBase64: TEXT.toString('base64') }]);
  const others = await exported(user);
  expect([others.assistants, others.assistantFiles, others.conversations.map((chat) => chat.assistantId)]).toEqual([
    [],
    [],
    [id],
  ]);

  await service.pool.query(`UPDATE conversations.assistants SET updated_at = now() - interval '900 days'`);
  await createRetentionStore(service.pool).deleteUntouchedFor(1);
  expect(await names(owner, 'whose=own')).toEqual(['Shared by owner']);

  await createErasureStore(service.pool).erase([owner]);
  expect((await service.call(user, 'GET', `/v1/assistants/${id}`)).status).toBe(404);
  expect((await getFile(user, id, fileId)).status).toBe(404);
  const left = await service.pool.query('SELECT 1 FROM conversations.assistant_files WHERE assistant_id = $1', [id]);
  expect(left.rowCount).toBe(0);
  expect((await service.call<Conversation>(user, 'GET', `/${begun.body.id}`)).body.assistantId).toBe(id);
});
