/** What every service answers alike, over real HTTP. */
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type App, createApp } from '../src/app.ts';
import { commonError } from '../src/errors.ts';
import { createLogger } from '../src/logger.ts';

const LIMIT_BYTES = 1_000;
let app: App;
let url = '';
let missing: string | null = null;

beforeAll(async () => {
  const made = await createApp({
    service: 'sample',
    version: '1.2.3',
    logger: createLogger('sample', 'silent'),
    corsOrigins: ['http://portal.example'],
    bodyLimitBytes: LIMIT_BYTES,
    ready: async () => (missing ? { ready: false, missing } : { ready: true }),
  });
  app = made.app;
  const body = z.object({ person: z.object({ age: z.number().int() }) });
  app.post('/people', { schema: { body } }, async ({ body: { person } }) => person);
  app.get('/secret-fault', async () => {
    throw new Error('password=hunter2');
  });
  app.get('/gone', async () => {
    throw commonError('not_found', { message: 'There is no such person.', param: 'id' });
  });
  app.get('/away', async () => {
    throw commonError('unavailable');
  });
  app.get('/away-for-long', async () => {
    throw commonError('unavailable', { headers: { 'retry-after': '60' } });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});
afterAll(() => app.close());

async function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/people`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

describe('errors', () => {
  test('what is away for a moment says when to come again', async () => {
    for (const [route, seconds] of [
      ['/away', '2'],
      ['/away-for-long', '60'],
      ['/gone', null],
    ] as const)
      expect((await fetch(`${url}${route}`)).headers.get('retry-after'), route).toBe(seconds);
  });

  test('a field of the wrong type is named by its path', async () => {
    expect(await post('{"person":{"age":"old"}}')).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error', code: 'invalid_request', param: 'person.age' } },
    });
  });

  test('the field and the reason come in the language that is asked for', async () => {
    const said = async (language: string) =>
      (await post('{"person":{"age":"old"}}', { 'accept-language': language })).body.error;
    expect(await said('de-DE,de;q=0.9,en;q=0.5')).toMatchObject({
      param: 'person.age',
      message: 'person.age: Ungültige Eingabe: erwartet Zahl, erhalten string',
    });
    expect(await said('en')).toMatchObject({
      message: 'person.age: Invalid input: expected number, received string',
    });
    const response = await fetch(`${url}/nowhere`, { headers: { 'accept-language': 'de' } });
    expect(await response.json()).toMatchObject({ error: { message: 'Hier gibt es kein GET /nowhere.' } });
  });

  test.each(['', '{', 'null', '[]', '[1', '{"__proto__": {}}'])('%j: 400, never 500', async (body) => {
    expect(await post(body)).toMatchObject({ status: 400, body: { error: { param: null } } });
  });

  test.each([
    ['a list', `{"person":{"age":1},"more\\"":"[[","extra":${'['.repeat(201)}`, 'extra'],
    ['an object', `{"person":${'{"a":'.repeat(150)}${'['.repeat(60)}`, 'person'],
    ['without a name', '['.repeat(250), null],
  ])('%s nested too deeply: refused before it is parsed, by the name of its field', async (_name, body, param) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request', param } } });
    expect(JSON.stringify(answer.body)).toContain('deeper than 200 levels');
  });

  test('brackets in a text are no levels', async () => {
    const note = JSON.stringify(`${'['.repeat(300)}\\" ${'{'.repeat(300)}\\`);
    expect((await post(`{"note":${note},"person":{"age":5}}`)).status).toBe(200);
  });

  test('bytes that are no UTF-8: 400 that says so, not a changed text', async () => {
    const body = Buffer.concat([
      Buffer.from('{"person":{"age":5},"name":"'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from('"}'),
    ]);
    expect(await post(new Uint8Array(body))).toMatchObject({
      status: 400,
      body: { error: { message: 'The body is not valid UTF-8.', param: null } },
    });
  });

  test.each([LIMIT_BYTES + 1, 30_000_000])(
    'a body of %i bytes over the limit: the client reads its 413',
    async (size) => {
      expect(await post('x'.repeat(size))).toMatchObject({ status: 413, body: { error: { code: 'body_too_large' } } });
    },
  );

  test('another content type: 415; an unknown path: 404 that names it; a thrown fault: 500 without its text', async () => {
    expect((await post('a=b', { 'content-type': 'text/plain' })).status).toBe(415);
    const unknown = await fetch(`${url}/nothing?token=abc`);
    expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining('GET /nothing')]);
    const fault = await fetch(`${url}/secret-fault`);
    expect([fault.status, (await fault.text()).includes('hunter2')]).toEqual([500, false]);
    const gone = await fetch(`${url}/gone`);
    expect(await gone.json()).toEqual({
      error: { message: 'There is no such person.', type: 'invalid_request_error', code: 'not_found', param: 'id' },
    });
  });
});

describe('headers', () => {
  test('a page of the allow-list may call, another may not', async () => {
    const allowed = await post('{}', { origin: 'http://portal.example' });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://portal.example');
    const other = await post('{}', { origin: 'http://evil.example' });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('security headers and a request id, the given one only where it is harmless', async () => {
    const { headers } = await fetch(`${url}/health`, { headers: { 'x-request-id': 'order-7' } });
    expect(headers.get('x-request-id')).toBe('order-7');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const odd = await fetch(`${url}/health`, { headers: { 'x-request-id': 'a b<script>' } });
    expect(odd.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('operation', () => {
  test('alive, ready or what is missing, metrics, OpenAPI 3.1', async () => {
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok', service: 'sample', version: '1.2.3' });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    missing = 'the database';
    const unready = await fetch(`${url}/ready`);
    expect([unready.status, await unready.text()]).toEqual([503, expect.stringContaining('the database')]);
    missing = null;
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('process_cpu_seconds_total{service="sample"}');
    const openapi = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string; paths: object };
    expect(openapi.openapi).toBe('3.1.0');
    expect(Object.keys(openapi.paths)).toContain('/people');
  });

  test('closing does not wait for a connection that a browser keeps in reserve', async () => {
    const { connect } = await import('node:net');
    const made = await createApp({
      service: 'closing',
      version: '0',
      logger: createLogger('closing', 'silent'),
      corsOrigins: [],
      bodyLimitBytes: LIMIT_BYTES,
      ready: async () => ({ ready: true }),
    });
    await made.app.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect((made.app.server.address() as AddressInfo).port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    await made.app.close();
    socket.destroy();
  });
});
