/**
 * Bytes that no client library sends, over real sockets: smuggled requests, split headers, poisoned bodies. Each service
 * is made by `createApp`, so what holds here holds for all of them.
 */
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type App, createApp } from '../src/app.ts';
import { createLogger } from '../src/logger.ts';

const GIVE_UP_MS = 10_000;
let app: App;
let port = 0;
/** What routes were given, in order. */
let seen: { path: string; body: unknown }[] = [];

beforeAll(async () => {
  const made = await createApp({
    service: 'sample',
    version: '1.2.3',
    logger: createLogger('sample', 'silent'),
    corsOrigins: [],
    bodyLimitBytes: 10_000,
    ready: async () => ({ ready: true }),
  });
  app = made.app;
  const body = z.looseObject({ name: z.string().optional() });
  app.post('/notes', { schema: { body } }, async (request) => {
    seen.push({ path: request.url, body: request.body });
    return { kept: true };
  });
  app.get('/notes/:id', async () => ({ kept: true }));
  app.get('/smuggled', async (request) => {
    seen.push({ path: request.url, body: null });
    return { smuggled: true };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
});
beforeEach(() => {
  seen = [];
});
afterAll(() => app.close());

/** Everything that comes back until the server hangs up; a question that is never finished is given up by us. */
function send(...pieces: string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
    // Waiting for more than it was given, a server would keep the connection.
    socket.setTimeout(GIVE_UP_MS, () => socket.destroy());
    socket.write(pieces.join(''), 'latin1');
  });
}

const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
const NEXT = 'GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
const post = (headers: string, body: string) =>
  `POST /notes HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;

describe('one request is never read as two', () => {
  test.each([
    ['a length and chunks', post('Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${NEXT}`)],
    ['chunks and a length', post('Transfer-Encoding: chunked\r\nContent-Length: 4', `0\r\n\r\n${NEXT}`)],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 80', `{}${NEXT}`)],
    ['two lengths in one line', post('Content-Length: 2, 80', `{}${NEXT}`)],
    ['a signed length', post('Content-Length: +2', `{}${NEXT}`)],
    ['a hexadecimal length', post('Content-Length: 0x2', `{}${NEXT}`)],
    ['a length with a blank before the colon', post('Content-Length : 2', `{}${NEXT}`)],
    ['an unknown coding', post('Transfer-Encoding: xchunked', `0\r\n\r\n${NEXT}`)],
    ['chunked, then another coding', post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${NEXT}`)],
    ['a coding behind a control character', post('Transfer-Encoding: \x0bchunked', `0\r\n\r\n${NEXT}`)],
    ['a folded header', post('Transfer-Encoding:\r\n chunked\r\nContent-Length: 2', `{}${NEXT}`)],
    [
      'a chunk size too large to be one',
      post('Transfer-Encoding: chunked', `ffffffffffffffff1\r\n{}\r\n0\r\n\r\n${NEXT}`),
    ],
    ['a chunk size with a sign', post('Transfer-Encoding: chunked', `-2\r\n{}\r\n0\r\n\r\n${NEXT}`)],
    ['a chunk that ends without a line end', post('Transfer-Encoding: chunked', `2\r\n{}0\r\n\r\n${NEXT}`)],
    ['lines that end in a bare line feed', post('Content-Length: 2', `{}${NEXT}`).replace('Host: a\r\n', 'Host: a\n')],
    ['a bare carriage return in a header', post('X-One: a\rContent-Length: 2', `{}${NEXT}`)],
    ['a null byte in a header', post('X-One: a\0b\r\nContent-Length: 2', `{}${NEXT}`)],
    ['a header without a name', post(': x\r\nContent-Length: 2', `{}${NEXT}`)],
    ['a request line of its own making', `GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`.replace('HTTP/1.1', 'HTTP/9.9')],
  ])('%s', async (_, bytes) => {
    const answer = await send(bytes);
    expect(statuses(answer)).toEqual([400]);
    expect(answer).not.toContain('smuggled":true');
    expect(seen.filter(({ path }) => path === '/smuggled')).toEqual([]);
  });

  test('two honest requests on one connection are two', async () => {
    expect(statuses(await send(post('Content-Length: 2', '{}'), NEXT))).toEqual([200, 200]);
  });
});

describe('what is echoed can add no header', () => {
  test.each([
    ['a request id with a line end', 'X-Request-Id: a\r\n Set-Cookie: x=1'],
    ['a request id with other signs', 'X-Request-Id: a%0d%0aSet-Cookie:x'],
    ['an origin that is none', 'Origin: http://a.example%0d%0aSet-Cookie:x'],
    ['an origin of nowhere', 'Origin: null'],
  ])('%s', async (_, header) => {
    const answer = await send(`GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${header}\r\n\r\n`);
    const [head = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 (200|400)/);
    expect(head).not.toMatch(/set-cookie|access-control-allow-origin/i);
  });

  test('a path with line ends comes back as text of a 404, never in the head', async () => {
    const answer = await send('GET /a%0d%0aSet-Cookie:%20x=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const [head = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 404/);
    expect(head).not.toMatch(/set-cookie/i);
  });
});

describe('a body poisons no prototype', () => {
  test.each([
    '{"__proto__": {"admin": true}}',
    '{"name": "a", "deep": {"__proto__": {"admin": true}}}',
    '{"constructor": {"prototype": {"admin": true}}}',
    '{"\\u005f_proto__": {"admin": true}}',
    '{"deep": [{"constructor": {"prototype": {"admin": true}}}]}',
  ])('%s: 400', async (body) => {
    const answer = await send(post(`Connection: close\r\nContent-Length: ${body.length}`, body));
    expect(statuses(answer)).toEqual([400]);
    expect(seen).toEqual([]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

/** The error of the only answer. */
const errorIn = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)).error;

describe('what no route is found for is refused in the form of all errors', () => {
  test.each([
    ['a part of the path that is too long', `/notes/${'x'.repeat(201)}`],
    ['bytes that are no UTF-8', '/notes/%ff'],
    ['a percent sign alone', '/notes/%'],
    ['U+0000, which Postgres keeps nowhere', '/notes/a%00b'],
  ])('%s: 400', async (_name, url) => {
    const answer = await send(`GET ${url} HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\nConnection: close\r\n\r\n`);
    expect(statuses(answer)).toEqual([400]);
    expect(answer).toContain('x-request-id: mine');
    const message = expect.stringMatching(/^The address is not valid: /);
    expect(errorIn(answer)).toEqual({ message, type: 'invalid_request_error', code: 'invalid_request', param: null });
  });

  test('U+0000 in the query: 400 that names where', async () => {
    const answer = await send('GET /notes/a?name=%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(statuses(answer)).toEqual([400]);
    expect(errorIn(answer)).toMatchObject({ message: 'name: must not hold U+0000.', param: 'name' });
  });

  test('bytes that are no request: 400', async () => {
    const answer = await send('HELO mail.example\r\n\r\n');
    expect(statuses(answer)).toEqual([400]);
    expect(errorIn(answer)).toMatchObject({ message: 'This is no HTTP request.', code: 'invalid_request' });
  });
});

describe('more than anybody needs', () => {
  test('headers of a megabyte: 431, and the next client is served', async () => {
    const answer = await send(`GET /smuggled HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(1_000_000)}\r\n\r\n`);
    expect(statuses(answer)).toEqual([431]);
    expect(errorIn(answer)).toMatchObject({ code: 'invalid_request', message: expect.stringMatching(/headers/) });
    expect(statuses(await send(NEXT))).toEqual([200]);
  });

  test('ten thousand headers reach no route as ten thousand', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `X${n}: 1`).join('\r\n');
    const answer = await send(`GET /smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${many}\r\n\r\n`);
    expect([200, 431]).toContain(statuses(answer)[0]);
    expect(statuses(await send(NEXT))).toEqual([200]);
  });
});
