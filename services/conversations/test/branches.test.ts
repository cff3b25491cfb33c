/** Messages as a tree: edited questions, answers asked for again, how an answer ended and how models are asked. */
import { randomUUID } from 'node:crypto';
import type { Conversation, ConversationSummary, Message, SharedConversation } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTenantService, type TenantService } from './tenant-service.ts';

const [ANNA, BEN] = ['annaaaaaaaaaaaa', 'bennnnnnnnnnnnn'];
let service: TenantService;
let call: TenantService['call'];
beforeAll(async () => {
  service = await startTenantService();
  call = service.call;
}, 60_000);
afterAll(() => service.stop());

const start = async (who = ANNA) => (await call<ConversationSummary>(who, 'POST', '', { title: 'Tree' })).body.id;
const newMessage = (content: string, over: object = {}) => ({
  id: randomUUID(),
  role: 'user',
  content,
  model: null,
  chargeEur: null,
  ...over,
});
async function say(id: string, content: string, over: object = {}): Promise<string> {
  const message = newMessage(content, over);
  expect((await call(ANNA, 'POST', `/${id}/messages`, message)).status).toBe(201);
  return message.id;
}

test('a message follows the one that it names, the newest where it names none, nothing where it says so', async () => {
  const id = await start();
  const first = await say(id, 'one');
  const second = await say(id, 'two');
  const again = await say(id, 'two, asked again', { parentId: first });
  const beside = await say(id, 'one, edited', { parentId: null });
  const { body } = await call<Conversation>(ANNA, 'GET', `/${id}`);
  expect(body.messages.map(({ id, parentId }) => [id, parentId])).toEqual([
    [first, null],
    [second, first],
    [again, first],
    [beside, null],
  ]);
});

test('a parent of another conversation is none, and nothing is kept', async () => {
  const [here, there] = [await start(), await start()];
  const elsewhere = await say(there, 'elsewhere');
  const { status, body } = await call(ANNA, 'POST', `/${here}/messages`, newMessage('x', { parentId: elsewhere }));
  expect([status, body.error.param]).toEqual([400, 'parentId']);
  expect((await call<Conversation>(ANNA, 'GET', `/${here}`)).body.messages).toEqual([]);
});

test('how an answer ended, what was thought, who served it and what it cites are kept as they were sent', async () => {
  const id = await start();
  const answer = newMessage('half an ans', {
    role: 'assistant',
    model: 'gpt-x',
    chargeEur: '0.001',
    ending: 'budget',
    reasoning: 'Hm.',
    servedBy: 'openai/gpt-x; deployment=eu',
    citations: [{ url: 'https://a.example/', title: 'A' }],
  });
  const sent = await call<Message>(ANNA, 'POST', `/${id}/messages`, answer);
  expect(sent).toMatchObject({ status: 201, body: answer });
  expect((await call(ANNA, 'POST', `/${id}/messages`, answer)).status).toBe(200);
  for (const other of [{ ending: 'whole' }, { reasoning: null }, { citations: [] }, { servedBy: null }])
    expect((await call(ANNA, 'POST', `/${id}/messages`, { ...answer, ...other })).status).toBe(409);
  const { status, body } = await call(ANNA, 'POST', `/${id}/messages`, newMessage('x', { ending: 'bored' }));
  expect([status, body.error.param]).toEqual([400, 'ending']);
});

test('a link shows the newest branch only, without cost and thoughts', async () => {
  const id = await start();
  const question = await say(id, 'question');
  await say(id, 'first answer', { parentId: question, role: 'assistant', reasoning: 'secret thought', chargeEur: '1' });
  await say(id, 'second answer', { parentId: question, role: 'assistant', reasoning: 'secret thought' });
  const { body: summary } = await call<ConversationSummary>(ANNA, 'PUT', `/${id}/share`);
  expect(summary.share?.messageCount).toBe(2);
  const shared = await call<SharedConversation>(BEN, 'GET', `/v1/shares/${summary.share?.id}`);
  expect(shared.body.messages.map(({ content }) => content)).toEqual(['question', 'second answer']);
  expect(JSON.stringify(shared.body)).not.toContain('secret thought');
});

describe('settings', () => {
  test('are set, read with the conversation, and nobody else’s to set', async () => {
    const id = await start();
    const settings = { instructions: 'Antworte kurz.', temperature: 0.3, reasoningEffort: 'low' };
    expect((await call<Conversation>(ANNA, 'GET', `/${id}`)).body).toMatchObject({
      instructions: '',
      temperature: null,
    });
    expect(await call(ANNA, 'PUT', `/${id}/settings`, settings)).toEqual({ status: 200, body: settings });
    expect(
      (await call(BEN, 'PUT', `/${id}/settings`, { instructions: 'x', temperature: null, reasoningEffort: null }))
        .status,
    ).toBe(404);
    expect((await call<Conversation>(ANNA, 'GET', `/${id}`)).body).toMatchObject(settings);
  });

  test.each([
    [{ temperature: 3 }, 'temperature'],
    [{ temperature: '1' }, 'temperature'],
    [{ instructions: 'x'.repeat(100_001) }, 'instructions'],
    [{ instructions: undefined }, 'instructions'],
    [{ reasoningEffort: 'extreme' }, 'reasoningEffort'],
  ])('%# names the field %s', async (over, param) => {
    const given = { instructions: '', temperature: null, reasoningEffort: null, ...over };
    const { status, body } = await call(ANNA, 'PUT', `/${await start()}/settings`, given);
    expect([status, body.error.param]).toEqual([400, param]);
  });
});
