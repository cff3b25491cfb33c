/** Finding, pinning, folders, deleting and sharing: two persons of one tenant, and what each may see. */
import { randomUUID } from 'node:crypto';
import {
  audienceOf,
  type Conversation,
  type ConversationSummary,
  conversationsExport,
  type Folder,
  type FoundConversation,
  foundConversations,
  type SharedConversation,
  sharedConversation,
} from '@cloudfreedom/contracts';
import { createLogger } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDeletionStore } from '../src/deletions/deletion.store.ts';
import { purgeDeleted } from '../src/deletions/purge-deleted.ts';
import { startTenantService, type TenantService } from './tenant-service.ts';

const [ANNA, BEN] = ['annaaaaaaaaaaaa', 'bennnnnnnnnnnnn'];
let service: TenantService;
let call: TenantService['call'];

beforeAll(async () => {
  service = await startTenantService();
  call = service.call;
}, 60_000);
afterAll(() => service.stop());

let people = 0;
/** Somebody without any chats. */
const somebody = () => `someone${String(++people).padStart(8, '0')}`;
async function chat(who: string, title: string, ...texts: string[]): Promise<string> {
  const { id } = (await call<ConversationSummary>(who, 'POST', '', { title })).body;
  for (const content of texts) await say(who, id, content);
  return id;
}
async function say(who: string, id: string, content: string): Promise<void> {
  const body = { id: randomUUID(), role: 'user', content, model: null, chargeEur: '0.01' };
  expect((await call(who, 'POST', `/${id}/messages`, body)).status).toBe(201);
}
const listed = async (who: string, query = '') =>
  (await call<{ items: ConversationSummary[] }>(who, 'GET', query)).body.items.map(({ title }) => title);
async function found(who: string, q: string): Promise<FoundConversation[]> {
  const { status, body } = await call(who, 'GET', `/v1/search?${new URLSearchParams({ q })}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return foundConversations.parse(body).items;
}
const titlesFor = async (who: string, q: string) => (await found(who, q)).map(({ title }) => title).sort();
const matches = (one: FoundConversation | undefined) =>
  one?.excerpt.filter(({ match }) => match).map(({ text }) => text);

describe('search', () => {
  const who = somebody();
  beforeAll(async () => {
    await chat(who, 'Verträge', 'Die Krankenversicherungen zahlen jeden Monat.', 'Ein zweiter Satz über Äpfel.');
    await chat(who, 'Running shoes', 'I was running through the forests yesterday.');
    await chat(who, 'Prozente', 'Es sind 100% und ein Unter_strich, sagt C:\\temp.');
    await chat(who, 'Lang', `${'Wort '.repeat(5_000)} Nadel im Heuhaufen ${'Wort '.repeat(5_000)}`);
    await chat(BEN, 'Fremd', 'Krankenversicherungen anderer Leute');
  });

  test.each([
    ['krankenversicherung', 'Verträge', 'a part'],
    ['VERSICHERUNG', 'Verträge', 'the middle of a compound, in capitals'],
    ['äpfel', 'Verträge', 'umlauts in small letters'],
    ['apfel', 'Verträge', 'the one of many'],
    ['monaten', 'Verträge', 'a form that stands nowhere, German'],
    ['forest', 'Running shoes', 'another form, English'],
    ['runs', 'Running shoes', 'a form that stands nowhere, English'],
    ['verträge krank', 'Verträge', 'one word in the title, one in a message'],
    ['monat äpfel', 'Verträge', 'words of two messages'],
    ['monat forest', undefined, 'words of two chats'],
    ['100%', 'Prozente', 'a sign of patterns is a sign'],
    ['%', 'Prozente', 'that sign alone'],
    ['unter_strich', 'Prozente', 'the other one'],
    ['c:\\temp', 'Prozente', 'a backslash'],
    ['nadel', 'Lang', 'deep within a long text'],
    ["'; DROP TABLE x", undefined, 'what breaks out of nothing'],
  ] as [string, string | undefined, string][])('%s → %s: %s', async (q, title, _why) => {
    expect(await titlesFor(who, q)).toEqual(title === undefined ? [] : [title]);
  });

  test('shows where: the part, the other form, and nothing where only the title has it', async () => {
    expect(matches((await found(who, 'versicherung'))[0])).toEqual(['versicherung']);
    expect(matches((await found(who, 'runs'))[0])).toEqual(['running']);
    expect(matches((await found(who, 'c:\\temp'))[0])).toEqual(['C:\\temp']);
    expect((await found(who, 'shoes'))[0]?.excerpt).toEqual([]);
    const [long] = await found(who, 'nadel');
    expect(matches(long)).toEqual(['Nadel']);
    expect(long?.excerpt.map(({ text }) => text).join('')).toMatch(/^.{0,80}Nadel im Heuhaufen/);
  });

  test('in pages like the list, and bad input names the field', async () => {
    const other = somebody();
    for (let index = 0; index < 5; index++) await chat(other, `Chat ${index}`, 'Pinguine');
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ q: 'pinguin', limit: '2', ...(cursor && { cursor }) });
      const page = foundConversations.parse((await call(other, 'GET', `/v1/search?${query}`)).body);
      seen.push(...page.items.map(({ title }) => title));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(['Chat 4', 'Chat 3', 'Chat 2', 'Chat 1', 'Chat 0']);
    for (const [query, param] of [
      ['', 'q'],
      ['?q=%20', 'q'],
      ['?q=a%00', 'q'],
      ['?q=a&cursor=b', 'cursor'],
    ]) {
      expect(await call(other, 'GET', `/v1/search${query}`)).toMatchObject({ status: 400, body: { error: { param } } });
    }
  });
});

test('pinned chats and those of a folder are lists of their own', async () => {
  const who = somebody();
  const [a, b] = [await chat(who, 'A'), await chat(who, 'B'), await chat(who, 'C')];
  const folder = (await call<Folder>(who, 'POST', '/v1/folders', { name: ' Arbeit ' })).body;
  expect(folder.name).toBe('Arbeit');
  const pinned = await call<ConversationSummary>(who, 'PATCH', `/${a}`, { pinned: true });
  expect(pinned.body).toMatchObject({ pinned: true, title: 'A', folderId: null });
  const filed = await call<ConversationSummary>(who, 'PATCH', `/${b}`, { folderId: folder.id, title: 'B2' });
  expect(filed.body).toMatchObject({ pinned: false, title: 'B2', folderId: folder.id });
  expect(await listed(who, '?pinned=true')).toEqual(['A']);
  expect(await listed(who, '?pinned=false&folderId=none')).toEqual(['C']);
  expect(await listed(who, `?folderId=${folder.id}`)).toEqual(['B2']);
  expect(await listed(who)).toEqual(['C', 'B2', 'A']);
  await call(who, 'PATCH', `/${a}`, { pinned: false });
  await call(who, 'PATCH', `/${b}`, { folderId: null });
  expect(await listed(who, '?pinned=false&folderId=none')).toHaveLength(3);
});

test('folders are made, renamed, deleted; what is in one stays; nobody else has them', async () => {
  const who = somebody();
  const folder = (await call<Folder>(who, 'POST', '/v1/folders', { name: 'Arbeit' })).body;
  const id = await chat(who, 'Bericht');
  await call(who, 'PATCH', `/${id}`, { folderId: folder.id });
  const twice = await call(who, 'POST', '/v1/folders', { name: 'ARBEIT' });
  expect(twice).toMatchObject({ status: 409, body: { error: { param: 'name' } } });
  const tries = [
    await call(BEN, 'PATCH', `/v1/folders/${folder.id}`, { name: 'x' }),
    await call(BEN, 'DELETE', `/v1/folders/${folder.id}`),
  ];
  expect(tries.map(({ status }) => status)).toEqual([404, 404]);
  const own = await chat(BEN, 'Eigen');
  const foreign = await call(BEN, 'PATCH', `/${own}`, { folderId: folder.id, title: 'nicht' });
  expect(foreign).toMatchObject({ status: 400, body: { error: { param: 'folderId' } } });
  expect((await call<Conversation>(BEN, 'GET', `/${own}`)).body).toMatchObject({ title: 'Eigen', folderId: null });
  expect((await call<{ items: Folder[] }>(BEN, 'GET', '/v1/folders')).body.items).toEqual([]);
  expect((await call<Folder>(who, 'PATCH', `/v1/folders/${folder.id}`, { name: 'Büro' })).body.name).toBe('Büro');
  expect((await call(who, 'DELETE', `/v1/folders/${folder.id}`)).status).toBe(204);
  expect((await call<Conversation>(who, 'GET', `/${id}`)).body).toMatchObject({ title: 'Bericht', folderId: null });
});

test('a change of nothing, or of what is not theirs, is refused', async () => {
  const id = await chat(ANNA, 'Bleibt');
  expect((await call(ANNA, 'PATCH', `/${id}`, {})).status).toBe(400);
  expect((await call(ANNA, 'PATCH', `/${id}`, { pinned: 'yes' })).body.error.param).toBe('pinned');
  expect((await call(BEN, 'PATCH', `/${id}`, { pinned: true })).status).toBe(404);
});

test('a deleted chat is gone everywhere at once, comes back within its minute, and goes for good after it', async () => {
  const who = somebody();
  const id = await chat(who, 'Fort', 'Quastenflosser');
  const share = (await call<ConversationSummary>(who, 'PUT', `/${id}/share`)).body.share;
  expect((await call(BEN, 'DELETE', `/${id}`)).status).toBe(404);
  expect((await call(who, 'DELETE', `/${id}`)).status).toBe(204);
  const gone = [
    await call(who, 'GET', `/${id}`),
    await call(who, 'PATCH', `/${id}`, { pinned: true }),
    await call(who, 'PUT', `/${id}/share`),
    await call(who, 'DELETE', `/${id}`),
    await call(who, 'GET', `/v1/shares/${share?.id}`),
    await call(BEN, 'POST', `/${id}/restore`),
  ];
  expect(gone.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
  expect(await listed(who)).toEqual([]);
  expect(await found(who, 'quastenflosser')).toEqual([]);
  const back = await call<ConversationSummary>(who, 'POST', `/${id}/restore`);
  expect(back).toMatchObject({ status: 200, body: { id, title: 'Fort' } });
  expect((await call<Conversation>(who, 'GET', `/${id}`)).body.messages).toHaveLength(1);
  await call(who, 'DELETE', `/${id}`);
  const store = createDeletionStore(service.pool);
  const stop = purgeDeleted({ store, logger: createLogger('test', 'silent'), keptForMs: 0, everyMs: 20 });
  const left = async () =>
    (await service.pool.query('SELECT 1 FROM conversations.messages WHERE conversation_id = $1', [id])).rowCount;
  await expect.poll(left, { timeout: 10_000 }).toBe(0);
  await stop();
  expect((await call(who, 'POST', `/${id}/restore`)).status).toBe(404);
});

describe('sharing inside the tenant', () => {
  const shared = async (who: string, id: string) =>
    sharedConversation.parse((await call<SharedConversation>(who, 'GET', `/v1/shares/${id}`)).body);

  test('shows what was there, never what it cost; later messages only when it is shared again', async () => {
    const id = await chat(ANNA, 'Gezeiten', 'Was ist Ebbe?', 'Was ist Flut?');
    const { share } = (await call<ConversationSummary>(ANNA, 'PUT', `/${id}/share`)).body;
    expect(share).toMatchObject({ messageCount: 2 });
    const link = share?.id ?? '';
    await say(ANNA, id, 'Privat');
    const read = await shared(BEN, link);
    expect(read).toMatchObject({ id: link, title: 'Gezeiten', own: false });
    expect(read.messages.map(({ content }) => content)).toEqual(['Was ist Ebbe?', 'Was ist Flut?']);
    const raw = JSON.stringify((await call(BEN, 'GET', `/v1/shares/${link}`)).body);
    expect([raw.includes('chargeEur'), raw.includes(ANNA), raw.includes(id)]).toEqual([false, false, false]);
    expect((await shared(ANNA, link)).own).toBe(true);
    const again = (await call<ConversationSummary>(ANNA, 'PUT', `/${id}/share`)).body.share;
    expect(again).toMatchObject({ id: link, messageCount: 3 });
    expect((await shared(BEN, link)).messages).toHaveLength(3);
  });

  test('reads only: the link opens nothing else, and its owner alone makes and revokes it', async () => {
    const id = await chat(ANNA, 'Nur lesen', 'Eins');
    const { share } = (await call<ConversationSummary>(ANNA, 'PUT', `/${id}/share`)).body;
    const tries = [
      await call(BEN, 'GET', `/${id}`),
      await call(BEN, 'GET', `/${share?.id}`),
      await call(BEN, 'PUT', `/${id}/share`),
      await call(BEN, 'DELETE', `/${id}/share`),
      await call(BEN, 'PUT', `/${share?.id}/share`),
    ];
    expect(tries.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect(await listed(BEN)).not.toContain('Nur lesen');
    expect((await call<ConversationSummary>(ANNA, 'DELETE', `/${id}/share`)).body.share).toBeNull();
    const revoked = await call(BEN, 'GET', `/v1/shares/${share?.id}`);
    const never = await call(BEN, 'GET', `/v1/shares/${randomUUID()}`);
    expect([revoked.status, never.status]).toEqual([404, 404]);
    expect(revoked.body).toEqual(never.body);
    const renewed = (await call<ConversationSummary>(ANNA, 'PUT', `/${id}/share`)).body.share;
    expect(renewed?.id).not.toBe(share?.id);
  });

  test('never another tenant, and nobody without signing in', async () => {
    const id = await chat(ANNA, 'Intern', 'Eins');
    const { share } = (await call<ConversationSummary>(ANNA, 'PUT', `/${id}/share`)).body;
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${service.url}/v1/shares/${share?.id}`, { headers })).status;
    const foreign = await service.tokenOf(BEN, audienceOf.conversations('tenantbbbbbbbbb'));
    expect(await status({ authorization: `Bearer ${foreign}` })).toBe(401);
    expect(await status({})).toBe(401);
    expect(await status({ authorization: `Bearer ${await service.tokenOf(BEN)}` })).toBe(200);
  });
});

test('a person`s export has folders, what is pinned and what is shared', async () => {
  const who = somebody();
  const folder = (await call<Folder>(who, 'POST', '/v1/folders', { name: 'Alles' })).body;
  const id = await chat(who, 'Geteilt', 'Eins');
  await call(who, 'PATCH', `/${id}`, { folderId: folder.id, pinned: true });
  const { share } = (await call<ConversationSummary>(who, 'PUT', `/${id}/share`)).body;
  const file = conversationsExport.parse((await call(who, 'GET', '/v1/export')).body);
  expect(file.folders).toEqual([folder]);
  expect(file.conversations).toMatchObject([{ id, pinned: true, folderId: folder.id, share }]);
});

test('the tenant`s rule on keeping chats is said', async () => {
  expect(await call(ANNA, 'GET', '/v1/rules')).toEqual({ status: 200, body: { retentionDays: 90 } });
});
