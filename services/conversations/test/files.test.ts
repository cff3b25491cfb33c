/** Files of messages: what is taken, how it is given back, and to whom. */
import { randomUUID } from 'node:crypto';
import {
  type Conversation,
  type ConversationSummary,
  conversationsExport,
  FILE_BYTES_MAX,
  keptFile,
  mediaTypeOf,
} from '@cloudfreedom/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFileStore } from '../src/files/file.store.ts';
import { createFiles } from '../src/files/files.ts';
import { startTenantService, type TenantService } from './tenant-service.ts';

const [ANNA, BEN] = ['annaaaaaaaaaaaa', 'bennnnnnnnnnnnn'];
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
let service: TenantService;
beforeAll(async () => {
  service = await startTenantService();
}, 60_000);
afterAll(() => service.stop());

const start = async (who = ANNA) => (await service.call<ConversationSummary>(who, 'POST', '', { title: 'F' })).body.id;
async function send(who: string, target: string, content: Uint8Array, type = 'application/octet-stream') {
  const response = await fetch(`${service.url}/v1/conversations${target}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await service.tokenOf(who)}`, 'content-type': type },
    body: new Uint8Array(content),
  });
  return { status: response.status, body: (await response.json()) as { error: { param: string } } };
}
async function get(who: string, target: string) {
  const headers = { authorization: `Bearer ${await service.tokenOf(who)}` };
  return fetch(`${service.url}/v1/conversations${target}`, { headers });
}
const place = (conversation: string, name = 'a.png', id: string = randomUUID()) => ({
  id,
  target: `/${conversation}/files/${id}?name=${encodeURIComponent(name)}`,
});

test('a file is kept, given back to be saved and never run, and goes with its message', async () => {
  const conversation = await start();
  const { id, target } = place(conversation, 'Übersicht (1) 🌊.png');
  const kept = await send(ANNA, target, PNG);
  expect(kept).toEqual({
    status: 200,
    body: { id, name: 'Übersicht (1) 🌊.png', mediaType: 'image/png', sizeBytes: PNG.length },
  });
  const response = await get(ANNA, target);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(PNG);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': `attachment; filename*=UTF-8''%C3%9Cbersicht%20%281%29%20%F0%9F%8C%8A.png`,
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  });
  const message = { id: randomUUID(), role: 'user', content: 'See', model: null, chargeEur: null, attachments: [id] };
  expect((await service.call(ANNA, 'POST', `/${conversation}/messages`, message)).status).toBe(201);
  expect((await service.call(ANNA, 'POST', `/${conversation}/messages`, message)).status).toBe(200);
  const { body } = await service.call<Conversation>(ANNA, 'GET', `/${conversation}`);
  expect(body.messages[0]?.attachments).toEqual([kept.body]);
});

test.each([
  ['a page', '<!doctype html><script>alert(1)</script>', 'text/plain; charset=utf-8'],
  [
    'a drawing with a script',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    'text/plain; charset=utf-8',
  ],
  ['a PDF that is a page as well', '%PDF-1.7 <script>alert(1)</script>', 'application/pdf'],
])('%s is what its content says, whatever its name', async (_what, content, type) => {
  const { target } = place(await start(), 'picture.png');
  expect((await send(ANNA, target, Buffer.from(content))).status).toBe(200);
  const response = await get(ANNA, target);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('content-disposition')).toMatch(/^attachment;/);
});

test('what is no picture, PDF or text is refused with words, and so is what is empty or too large', async () => {
  const conversation = await start();
  const { target } = place(conversation);
  expect(await send(ANNA, target, Buffer.from('504b0304140000', 'hex'))).toMatchObject({
    status: 415,
    body: { error: { code: 'unsupported_media_type', message: expect.stringContaining('PNG, JPEG') } },
  });
  expect((await send(ANNA, target, Buffer.from('MZ\u0000binary'))).status).toBe(415);
  expect((await send(ANNA, target, Buffer.alloc(0))).status).toBe(400);
  expect((await send(ANNA, target, Buffer.alloc(FILE_BYTES_MAX + 1, 'a'))).status).toBe(413);
  expect((await send(ANNA, target, Buffer.from('{}'), 'application/json')).status).toBe(415);
  for (const name of ['', '../x', 'a\nb', 'x'.repeat(201)])
    expect((await send(ANNA, place(conversation, name).target, PNG)).body.error.param).toBe('name');
  expect((await get(ANNA, target)).status).toBe(404);
});

test('sent again it is kept once; another one under its id is a conflict', async () => {
  const { target } = place(await start());
  expect([(await send(ANNA, target, PNG)).status, (await send(ANNA, target, PNG)).status]).toEqual([200, 200]);
  expect((await send(ANNA, target, Buffer.from('other'))).status).toBe(409);
});

test('another person’s file is not there, and can’t be put into one’s own message', async () => {
  const [conversation, other] = [await start(), await start(BEN)];
  const { id, target } = place(conversation);
  await send(ANNA, target, PNG);
  expect((await get(BEN, target)).status).toBe(404);
  expect((await send(BEN, place(conversation).target, PNG)).status).toBe(404);
  const message = { id: randomUUID(), role: 'user', content: 'x', model: null, chargeEur: null, attachments: [id] };
  const refused = await service.call(BEN, 'POST', `/${other}/messages`, message);
  expect([refused.status, refused.body.error.param]).toEqual([400, 'attachments']);
  await service.call(ANNA, 'DELETE', `/${conversation}`);
  expect((await get(ANNA, target)).status).toBe(404);
});

test('what nobody sent goes after an hour, what a message has stays', async () => {
  const conversation = await start();
  const [left, used, later] = [place(conversation), place(conversation), place(conversation)];
  for (const { target } of [left, used]) await send(ANNA, target, PNG);
  const message = {
    id: randomUUID(),
    role: 'user',
    content: 'x',
    model: null,
    chargeEur: null,
    attachments: [used.id],
  };
  await service.call(ANNA, 'POST', `/${conversation}/messages`, message);
  await service.pool.query(`UPDATE conversations.files SET created_at = now() - interval '61 minutes'`);
  await send(ANNA, later.target, PNG);
  expect((await get(ANNA, left.target)).status).toBe(404);
  expect((await get(ANNA, used.target)).status).toBe(200);
});

test('all of one person’s files together have a limit, and the export holds them', async () => {
  const who = 'carlaaaaaaaaaaa';
  const conversation = await start(who);
  const files = createFiles(createFileStore(service.pool), 20);
  const { id, target } = place(conversation);
  await send(who, target, PNG);
  const more = { conversationId: conversation, id: randomUUID() };
  await expect(files.keep(who, more, 'b.txt', Buffer.from('12345'))).rejects.toMatchObject({ code: 'body_too_large' });
  expect(keptFile.parse(await files.keep(who, more, 'b.txt', Buffer.from('1234'))).mediaType).toBe('text/plain');
  const headers = { authorization: `Bearer ${await service.tokenOf(who)}` };
  const exported = conversationsExport.parse(await (await fetch(`${service.url}/v1/export`, { headers })).json());
  expect(exported.files.map(({ id, contentBase64 }) => [id, contentBase64])).toEqual([
    [id, PNG.toString('base64')],
    [more.id, Buffer.from('1234').toString('base64')],
  ]);
  // Erasing deletes the conversation's row.
  await service.pool.query('DELETE FROM conversations.conversations WHERE subject_id = $1', [who]);
  const left = await service.pool.query('SELECT 1 FROM conversations.files WHERE conversation_id = $1', [conversation]);
  expect(left.rowCount).toBe(0);
});

test.each([
  ['ffd8ffe0', 'image/jpeg'],
  ['474946383961', 'image/gif'],
  ['524946460000000057454250', 'image/webp'],
  ['5249464600000000574156450000', null],
  ['255044462d312e37', 'application/pdf'],
  ['47c3bcc39f650a', 'text/plain'],
  ['47fc', null],
  ['fffe4100', null],
  ['1b5b', null],
])('%s is %s', (hex, type) => expect(mediaTypeOf(Buffer.from(hex, 'hex'))).toBe(type));
