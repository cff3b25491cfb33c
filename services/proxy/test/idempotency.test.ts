/** An Idempotency-Key: at most one of the requests that carry it is charged. */
import { createSecret, sha256Hex } from '@cloudfreedom/service-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ASK, errorOf, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import { answerError, answerStream, answerWhole, startStream, textChunk } from './stub-upstream.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  world.upstream.script = answerWhole('Hello.');
  world.upstream.seen = [];
  world.billing.batches = [];
  await world.database.query('TRUNCATE proxy.idempotency_keys');
});
afterEach(() => {
  world.billing.reply = () => undefined;
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

const ask = (key: string, changes: object = {}, headers: Record<string, string> = {}) =>
  world.chat({ ...ASK, ...changes }, { headers: { 'idempotency-key': key, ...headers } });
const charges = () => world.billing.all('settle').length;

async function expectConflict(response: Response, firstRequestId: string): Promise<void> {
  expect(response.status).toBe(409);
  expect(response.headers.get('x-should-retry')).toBe('false');
  const error = await errorOf(response);
  expect(error).toMatchObject({ code: 'idempotency_key_used', request_id: firstRequestId, param: 'Idempotency-Key' });
  expect(error.message).toContain(firstRequestId);
}

describe('a second request with the same key', () => {
  test('names the first and is charged nothing, after it and while it runs', async () => {
    const first = await ask('one');
    await first.json();
    await expectConflict(
      await ask('one', { messages: [{ role: 'user', content: 'Something else' }] }),
      first.headers.get('x-request-id') ?? '',
    );
    expect([charges(), world.upstream.seen.length]).toEqual([1, 1]);

    let finish = () => {};
    world.upstream.script = (response) => {
      startStream(response);
      response.write(textChunk('One'));
      finish = () => response.end();
    };
    const running = await ask('two', { stream: true });
    await expectConflict(await ask('two', { stream: true }), running.headers.get('x-request-id') ?? '');
    finish();
    await running.text();
    expect(world.upstream.seen).toHaveLength(2);
  });

  test('of many at once one alone is answered', async () => {
    const responses = await Promise.all(Array.from({ length: 20 }, () => ask('many')));
    await Promise.all(responses.map((response) => response.text()));
    expect(responses.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(409)]);
    expect([charges(), world.upstream.seen.length]).toEqual([1, 1]);
  });

  test('is refused on every route that charges, in its own form', async () => {
    await (await ask('routes')).json();
    const response = await fetch(`${world.url}/v1/messages`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-api-key': world.billing.apiKey,
        'idempotency-key': 'routes',
      },
      body: JSON.stringify({ ...ASK, max_tokens: 5 }),
    });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'conflict_error' } });
  });

  test('is refused after a restart, and what is kept is no key', async () => {
    const first = await ask('restart');
    await first.json();
    const { rows } = await world.database.query('SELECT * FROM proxy.idempotency_keys');
    expect(rows).toMatchObject([{ key_sha256: sha256Hex('restart'), request_id: first.headers.get('x-request-id') }]);
    await world.close();
    world = await startWorld();
    await expectConflict(await ask('restart'), first.headers.get('x-request-id') ?? '');
    expect(charges()).toBe(0);
  });

  test('may be sent again after a day', async () => {
    await (await ask('old')).json();
    await world.database.query("UPDATE proxy.idempotency_keys SET created_at = now() - interval '25 hours'");
    expect((await ask('old')).status).toBe(200);
    expect((await ask('old')).status).toBe(409);
    expect(charges()).toBe(2);
  });
});

describe('a key is free again where nothing was charged', () => {
  test.each([
    [
      'the provider refuses',
      () => {
        world.upstream.script = answerError(500, { message: 'no' });
      },
    ],
    [
      'the budget is spent',
      () => {
        world.billing.reply = (operation) =>
          operation.op === 'reserve'
            ? { status: 'refused', code: 'insufficient_quota', retryAfterMs: null, budget: null }
            : undefined;
      },
    ],
  ])('%s', async (_name, fail) => {
    fail();
    expect((await ask('again')).status).toBeGreaterThanOrEqual(429);
    world.billing.reply = () => undefined;
    world.upstream.script = answerWhole('Hello.');
    expect((await ask('again')).status).toBe(200);
    expect(charges()).toBe(1);
  });

  test('a stream that breaks before its first word', async () => {
    world.upstream.script = (response) => {
      startStream(response);
      response.flushHeaders();
      setTimeout(() => response.destroy(), 50);
    };
    await (await ask('broken', { stream: true })).text();
    world.upstream.script = answerStream('One');
    expect((await ask('broken', { stream: true })).status).toBe(200);
  });

  test('not where the client left and what was produced is paid', async () => {
    world.upstream.script = (response) => {
      startStream(response);
      response.write(textChunk('One'));
    };
    const leave = new AbortController();
    const response = await world.chat(
      { ...ASK, stream: true },
      { headers: { 'idempotency-key': 'left' }, signal: leave.signal },
    );
    await response.body?.getReader().read();
    leave.abort();
    await until('it is settled', () => charges() === 1);
    expect((await ask('left')).status).toBe(409);
  });
});

test('keys of different people have nothing to do with each other', async () => {
  await (await ask('shared')).json();
  await world.close();
  world = await startWorld();
  world.billing.principal.subjectId = 'user00000000002';
  expect((await ask('shared')).status).toBe(200);
});

test.each([
  ['empty', ''],
  ['too long', 'x'.repeat(256)],
  ['a tab', 'a\tb'],
  ['no ASCII', 'kïy'],
])('a bad key is refused: %s', async (_name, key) => {
  const response = await ask(key);
  expect(response.status).toBe(400);
  expect(await errorOf(response)).toMatchObject({ code: 'invalid_request', param: 'Idempotency-Key' });
  expect(world.upstream.seen).toHaveLength(0);
});

test('without one a repetition is a new charge, and a stranger learns nothing', async () => {
  await (await world.chat(ASK)).json();
  await (await world.chat(ASK)).json();
  expect(charges()).toBe(2);
  const stranger = await ask('one', {}, { authorization: `Bearer ${createSecret('cf-')}` });
  expect(stranger.status).toBe(401);
});

test('with Postgres away nothing is sent for a request with a key', async () => {
  await world.database.query('ALTER TABLE proxy.idempotency_keys RENAME TO away');
  const response = await ask('away');
  await world.database.query('ALTER TABLE proxy.away RENAME TO idempotency_keys');
  expect(response.status).toBe(503);
  expect(await errorOf(response)).toMatchObject({ code: 'idempotency_unavailable' });
  expect(world.upstream.seen).toHaveLength(0);
});
