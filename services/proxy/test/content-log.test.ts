/** Keeping requests and answers: only where the tenant says so, beside the requests, read by admins with a note of it. */
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { audienceOf, CONTENT_LOG_HEADER, contentLogNotice, loggedContent, proxyExport } from '@cloudfreedom/contracts';
import { createLogger } from '@cloudfreedom/service-kit';
import { startSimulatedProvider } from '@cloudfreedom/testkit/simulated-provider';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ContentStore } from '../src/content-log/content.store.ts';
import { ContentLog } from '../src/content-log/content-log.ts';
import { ContentSeal } from '../src/content-log/content-seal.ts';
import { sweepResponses } from '../src/responses/sweep-responses.ts';
import { ASK, errorOf, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import { hasRedis, startRedis, whyNoRedis } from './redis-server.ts';
import { catalogueModel, SUBJECT_ID, TENANT_ID } from './stub-billing.ts';
import { startStream, textChunk } from './stub-upstream.ts';

const ENCRYPTION_KEY = `k1:${randomBytes(32).toString('base64')}`;
const CANARY = 'Wombatlinde asks in confidence';
const PROMPT = { ...ASK, messages: [{ role: 'user', content: CANARY }] };
const DAYS = 30;
const LOOKS = { member: 'member000000001', tenant_admin: 'admin0000000001' };

let world: World;
let logged: string;
async function start(days: number, environment: NodeJS.ProcessEnv = {}): Promise<void> {
  logged = '';
  const write = (line: string) => {
    logged += line;
  };
  const logger = pino({ level: 'trace' }, { write });
  world = await startWorld(environment, logger as never);
  world.billing.contentLogDays = days;
  await world.database.query('TRUNCATE proxy.contents');
}
afterEach(() => world.close());
afterAll(stopPostgres);

const rows = async () => (await world.database.query('SELECT * FROM proxy.contents ORDER BY created_at')).rows;
async function kept(count = 1): Promise<{ reservation_id: string; content: Buffer; [column: string]: unknown }[]> {
  await until('it is kept', async () => (await rows()).length >= count);
  return rows();
}
async function token(role: 'member' | 'tenant_admin', sub = SUBJECT_ID): Promise<Record<string, string>> {
  world.billing.principal = { ...world.billing.principal, role, subjectId: sub };
  const claims = { sub, tenant: TENANT_ID, role, locale: 'en' } as const;
  return { authorization: `Bearer ${await world.identity.sign(claims, audienceOf.proxy(TENANT_ID))}` };
}
const look = async (reservationId: unknown, role: 'member' | 'tenant_admin' = 'tenant_admin') =>
  fetch(`${world.url}/v1/admin/contents/${reservationId}`, { headers: await token(role, LOOKS[role]) });

/** Everything that the proxy wrote: its log, and each table as text and as bytes. */
async function writtenWith(words: string): Promise<string[]> {
  const found = logged.includes(words) ? ['log'] : [];
  const { rows: tables } = await world.database.query(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'proxy'",
  );
  for (const { name } of tables) {
    const { rows: rowsOf } = await world.database.query(`SELECT t::text AS row FROM ${name} t`);
    const hex = Buffer.from(words).toString('hex');
    if (rowsOf.some(({ row }) => row.includes(words) || row.includes(hex))) found.push(name);
  }
  return found;
}

describe('where the tenant keeps nothing', () => {
  beforeEach(() => start(0));

  test('no word of a request or an answer is in the log or in any table, and nobody is told otherwise', async () => {
    world.upstream.script = (response) => {
      startStream(response);
      response.end(`${textChunk(`${CANARY} indeed`)}data: [DONE]\n\n`);
    };
    const answer = await world.chat({ ...PROMPT, stream: true });
    expect(await answer.text()).toContain(CANARY);
    expect(answer.headers.get(CONTENT_LOG_HEADER)).toBeNull();
    expect(logged).toContain('chat request');
    expect(await writtenWith(CANARY)).toEqual([]);
    const notice = await fetch(`${world.url}/v1/content-log`, { headers: await token('member') });
    expect(contentLogNotice.parse(await notice.json())).toEqual({ days: 0 });
    const { reservationId } = world.billing.all('reserve')[0] ?? {};
    expect((await errorOf(await look(reservationId))).code).toBe('content_not_found');
    expect(world.billing.looks).toEqual([]);
  });
});

describe('where the tenant keeps requests', () => {
  test('one is kept encrypted, with whose it is; only an admin reads it, and billing hears of it first', async () => {
    await start(DAYS, { PROVIDER_KEY_ENCRYPTION_KEY: ENCRYPTION_KEY });
    const answer = await world.chat(PROMPT, { headers: { 'x-request-id': 'req-kept' } });
    expect(answer.headers.get(CONTENT_LOG_HEADER)).toBe(String(DAYS));
    const [row] = await kept();
    expect(row).toMatchObject({ tenant_id: TENANT_ID, subject_id: SUBJECT_ID, request_id: 'req-kept', cut: false });
    expect(row).toMatchObject({ model: 'gpt-test', surface: '/v1/chat/completions', encryption_key_id: 'k1' });
    expect(await writtenWith(CANARY)).toEqual([]);

    expect((await look(row?.reservation_id, 'member')).status).toBe(403);
    const withKey = { authorization: `Bearer ${world.billing.apiKey}` };
    const byKey = await fetch(`${world.url}/v1/admin/contents/${row?.reservation_id}`, { headers: withKey });
    expect(byKey.status).toBe(401);
    expect(world.billing.looks).toEqual([]);
    const seen = loggedContent.parse(await (await look(row?.reservation_id)).json());
    expect(seen.request).toEqual([{ role: 'user', text: CANARY }]);
    expect(seen.answer).toEqual([{ role: 'assistant', text: 'Hello.' }]);
    const { reservation_id: reservationId } = row ?? {};
    expect(world.billing.looks).toEqual([{ reservationId, subjectId: SUBJECT_ID, adminId: 'admin0000000001' }]);

    world.billing.mode = 'broken';
    const unnoted = await look(reservationId);
    expect(unnoted.status).toBe(503);
    expect(await unnoted.text()).not.toContain(CANARY);
    world.billing.mode = 'up';
    // Moved to somebody else's name it is no longer what was sealed.
    await world.database.query("UPDATE proxy.contents SET subject_id = 'other0000000001'");
    expect((await errorOf(await look(reservationId))).code).toBe('content_sealed');
  });

  test('the words of every API are kept, streamed or not; of embeddings what was asked', async () => {
    const simulated = await startSimulatedProvider();
    await start(DAYS, { SIMULATED_PROVIDER_URL: simulated.url });
    world.billing.tenantType = 'demo';
    const embedding = catalogueModel({ id: 'model0000000002', name: 'embed', deployment: 'embed', kind: 'embedding' });
    const claude = catalogueModel({
      id: 'model0000000003',
      name: 'claude',
      deployment: 'claude',
      provider: 'anthropic',
    });
    world.billing.models = [catalogueModel(), embedding, claude];
    world.billing.principal = { ...world.billing.principal, models: ['gpt-test', 'embed', 'claude'] };
    const ask = `${CANARY} [[simulate length=5]]`;
    const messages = [{ role: 'user', content: ask }];
    const asked: [string, object][] = [
      ['/v1/chat/completions', { messages }],
      ['/v1/chat/completions', { messages, stream: true, n: 2 }],
      ['/v1/completions', { prompt: ask, max_tokens: 50, stream: true }],
      ['/v1/completions', { prompt: ask, max_tokens: 50 }],
      ['/v1/responses', { input: ask, instructions: 'Be kind.' }],
      ['/v1/responses', { input: messages, stream: true }],
      ['/v1/messages', { messages, system: 'Be kind.', max_tokens: 50 }],
      ['/v1/messages', { messages, max_tokens: 50, stream: true, model: 'claude' }],
      ['/v1/messages', { messages, max_tokens: 50, model: 'claude' }],
      ['/v1/embeddings', { input: [ask], model: 'embed' }],
    ];
    for (const [index, [path, body]] of asked.entries()) {
      const headers = { authorization: `Bearer ${world.billing.apiKey}`, 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify({ model: 'gpt-test', ...body }) };
      const response = await fetch(world.url + path, init);
      expect(response.status, `${path} ${await response.text()}`).toBe(200);
      const row = (await kept(index + 1)).at(-1);
      const words = JSON.parse(String(row?.content));
      expect(words.request.at(-1), path).toEqual({ role: 'user', text: ask });
      if ('system' in body || 'instructions' in body)
        expect(words.request[0]).toEqual({ role: 'system', text: 'Be kind.' });
      const said: string[] = words.answer.map(({ text: one }: { text: string }) => one);
      expect(said.length, path).toBe(path === '/v1/embeddings' ? 0 : 'n' in body ? 2 : 1);
      for (const one of said) expect(one, path).toMatch(/^Simulated answer/);
    }
    await simulated.close();
  });

  test.skipIf(!hasRedis)(`an earlier answer given again is kept as well${whyNoRedis}`, async () => {
    const redis = await startRedis();
    await start(DAYS, { REDIS_URL: redis.url });
    world.billing.answerCache = 'tenant';
    const ask = () => world.chat(PROMPT, { headers: { 'x-cloudfreedom-cache': 'on' } });
    await ask();
    // It is kept beside the first answer, some time after it.
    await until('an earlier answer comes', async () => (await ask()).headers.get('x-cloudfreedom-cache') === 'hit');
    const again = await ask();
    expect([again.headers.get('x-cloudfreedom-cache'), again.headers.get(CONTENT_LOG_HEADER)]).toEqual(['hit', '30']);
    const asked = world.billing.all('reserve').length;
    const words = (await kept(asked)).map(({ content }) => JSON.parse(String(content)));
    expect(words).toHaveLength(asked);
    for (const one of words) expect(one).toEqual(words[0]);
    await redis.kill();
  });

  test('what a client that hung up was told until then is kept as well', async () => {
    await start(DAYS);
    world.upstream.script = (response) => {
      startStream(response);
      response.write(textChunk('The first half'));
    };
    const leave = new AbortController();
    const answer = await world.chat({ ...PROMPT, stream: true }, { signal: leave.signal });
    await answer.body?.getReader().read();
    leave.abort();
    const words = JSON.parse(String((await kept())[0]?.content));
    expect(words.answer).toEqual([{ role: 'assistant', text: 'The first half' }]);
  });

  test('switched on and off it takes effect with the next catalogue; what is there goes with the next sweep', async () => {
    await start(DAYS);
    await world.chat(PROMPT);
    const [row] = await kept();
    world.billing.contentLogDays = 0;
    await until('off', async () => {
      const headers = { authorization: `Bearer ${world.billing.apiKey}` };
      return contentLogNotice.parse(await (await fetch(`${world.url}/v1/content-log`, { headers })).json()).days === 0;
    });
    expect((await world.chat(PROMPT)).headers.get(CONTENT_LOG_HEADER)).toBeNull();
    expect((await look(row?.reservation_id)).status).toBe(404);
    const contents = new ContentStore(world.database as never, TENANT_ID);
    expect(await contents.deleteOlderThan(0)).toBe(1);
    expect(await rows()).toEqual([]);
  });

  test('what is over its time is not found and swept; of erased people nothing is left; one`s own is exported', async () => {
    await start(DAYS);
    for (const id of ['req-old', 'req-new']) await world.chat(PROMPT, { headers: { 'x-request-id': id } });
    const [old] = await kept(2);
    const place = "created_at = now() - make_interval(days => 30) WHERE request_id = 'req-old'";
    await world.database.query(`UPDATE proxy.contents SET ${place}`);
    expect((await look(old?.reservation_id)).status).toBe(404);
    const exported = await fetch(`${world.url}/v1/export`, { headers: await token('member') });
    const { contents: own } = proxyExport.parse(JSON.parse(await exported.text()));
    expect(own.map(({ requestId }) => requestId)).toEqual(['req-old', 'req-new']);
    expect(own[1]).toMatchObject({ request: [{ role: 'user', text: CANARY }], answer: [{ text: 'Hello.' }] });
    const strangers = await fetch(`${world.url}/v1/export`, { headers: await token('member', 'other0000000001') });
    expect(proxyExport.parse(JSON.parse(await strangers.text())).contents).toEqual([]);

    const contents = new ContentStore(world.database as never, TENANT_ID);
    let erased: string[] = [];
    const sweep = () =>
      sweepResponses({
        store: { deleteOlderThan: async () => 0, deleteSubjects: async () => 0 },
        kept: [],
        retentionDays: async () => 0,
        contents,
        contentLogDays: async () => DAYS,
        readErasedSubjects: async function* () {
          yield erased;
        },
      });
    expect(await sweep()).toBe(1);
    expect((await rows()).map(({ request_id }) => request_id)).toEqual(['req-new']);
    erased = [SUBJECT_ID];
    expect(await sweep()).toBe(1);
    expect(await rows()).toEqual([]);
  });

  test('a database that is away delays and fails no request', async () => {
    await start(DAYS);
    await world.database.query('ALTER TABLE proxy.contents RENAME TO away');
    for (let count = 0; count < 5; count++) expect((await world.chat(PROMPT)).status).toBe(200);
    await until('it was tried', () => logged.includes('took no requests to keep'));
    expect(logged).not.toContain(CANARY);
    await world.database.query('ALTER TABLE proxy.away RENAME TO contents');
    await kept(5);
  });
});

test('memory is bounded: what finds no room is dropped and counted, and room comes back', async () => {
  await start(0);
  const registry = new Registry();
  let away = true;
  const written: string[] = [];
  const log = new ContentLog({
    store: {
      write: async (batch) => {
        if (away) throw new Error('away');
        written.push(...batch.map(({ requestId }) => requestId));
      },
    },
    seal: new ContentSeal(TENANT_ID, undefined),
    days: () => DAYS,
    logger: createLogger('test', 'silent'),
    registry,
    heldMax: 10_000,
  });
  const about = {
    reservationId: '0f8fad5b-d9cb-469f-a165-70867728950e',
    subjectId: SUBJECT_ID,
    model: 'm',
    surface: '/',
  };
  const event = (said: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: said } }] })}\n\n`;
  const streamed = (requestId: string, said: string) => {
    const take = log.begin();
    take?.told(event(said));
    take?.keep({ ...about, requestId, body: {}, answer: null });
  };
  streamed('too long', 'x'.repeat(20_000));
  for (let count = 0; count < 40; count++) streamed(`r${count}`, 'y'.repeat(400));
  log.begin()?.drop();
  const dropped = async () => /dropped_total (\d+)/.exec(await registry.metrics())?.[1];
  await until('they are counted', async () => Number(await dropped()) > 0);
  await new Promise((resolve) => setImmediate(resolve));
  const lost = Number(await dropped());
  expect(lost).toBeGreaterThan(1);
  expect(lost).toBeLessThan(40);
  away = false;
  await log.close();
  expect(written).toHaveLength(41 - lost);
  expect(written).not.toContain('too long');
  // Everything was given back: the whole room is there again.
  expect(log.hold(10_000)).toBe(true);
});

test('a long request keeps its end, a long answer its beginning, and both say so', async () => {
  await start(DAYS);
  const long = `${'a'.repeat(50_000)}${'b'.repeat(50_000)}`;
  world.upstream.script = (response) => {
    startStream(response);
    for (let count = 0; count < 100; count++) response.write(textChunk(`${count} `.repeat(400)));
    response.end('data: [DONE]\n\n');
  };
  const messages = [...Array(5).keys()].map((turn) => ({ role: 'user', content: turn === 4 ? long : `turn ${turn}` }));
  await text((await world.chat({ ...ASK, messages, stream: true })).body as never);
  const [row] = await kept();
  const words = JSON.parse(String(row?.content));
  expect(row?.cut).toBe(true);
  expect(words.request).toEqual([{ role: 'user', text: long.slice(-65_536) }]);
  expect(words.answer[0].text).toHaveLength(65_536);
  expect(words.answer[0].text.startsWith('0 0 0 ')).toBe(true);
});
