/**
 * The real Traefik with the words and labels of both compose files: what it leads where, what it doesn't, and what it does to
 * requests and answers on their way. Docker itself is a stand-in.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guideAddresses } from '../src/docker/guide-checks.ts';
import { CORE_DOMAIN, TENANT_DOMAIN } from '../src/docker/names.ts';
import { startEdge } from './traefik/edge.ts';
import { readOne } from './traefik/service-stand-in.ts';
import { until } from './traefik/until.ts';

const PROGRAM = process.env.TRAEFIK_BIN;
const why = PROGRAM ? '' : ' (skipped: TRAEFIK_BIN names no Traefik)';

const [API, BILLING, ADMIN] = [`api.${CORE_DOMAIN}`, `billing.${CORE_DOMAIN}`, `admin.${CORE_DOMAIN}`];
const [AI, APP, WEBUI] = [`ai.${TENANT_DOMAIN}`, `app.${TENANT_DOMAIN}`, `webui.${TENANT_DOMAIN}`];
const LARGE_BYTES = 24 * 1024 * 1024;

const OPEN = [
  [`${API}/api/health`, 'pocketbase'],
  [`${API}/api/collections/users/auth-with-password`, 'pocketbase'],
  [`${API}/health`, 'identity'],
  [`${API}/.well-known/openid-configuration`, 'identity'],
  [`${API}/v1/token`, 'identity'],
  [`${BILLING}/v1/budget?month=2026-10`, 'billing'],
  [`${ADMIN}/`, 'admin'],
  [`${ADMIN}/tenants/abc`, 'admin'],
  [`${AI}/v1/chat/completions`, 'proxy'],
  [`${AI}/v1/models/openai%2Fgpt-5.4`, 'proxy'],
  [`${APP}/c/abc`, 'chat'],
  [`${APP}/conversations-api/v1/conversations`, 'conversations'],
  [`${WEBUI}/api/v1/chats/`, 'webui'],
] as const;

/** Ways to write what is closed that a service might take for it. */
const DISGUISED = [
  ...[API, BILLING, AI].flatMap((host) =>
    ['//metrics', '/./metrics', '/%6Detrics', '/x/../metrics', '/x/%2E%2e/metrics', '/metrics?a=b'].map(
      (at) => host + at,
    ),
  ),
  ...['//api/internal/mails', '/api//internal/mails', '/api/%69nternal/mails', '/%61pi/x/../internal/mails'].map(
    (at) => API + at,
  ),
  ...['//_//', '/%5F/', '/x/../_/'].map((at) => API + at),
  ...['//internal/directory', '/%69nternal/directory', '/v1/../internal/directory'].map((at) => BILLING + at),
  ...['//conversations-api/metrics', '/conversations-api//metrics', '/conversations-api/x/../%6Detrics'].map(
    (at) => APP + at,
  ),
];

describe.skipIf(!PROGRAM)(`the real Traefik${why}`, () => {
  let edge: Awaited<ReturnType<typeof startEdge>>;
  beforeAll(async () => {
    edge = await startEdge(PROGRAM ?? '');
    const isLed = async () => {
      const asked = OPEN.map(([at]) => edge.ask(at).catch(() => null));
      return edge.traefik.hasEnded() || (await Promise.all(asked)).every((answer) => answer?.reached);
    };
    await until(isLed, () => `Traefik leads not everywhere:\n${edge.traefik.log()}`);
    if (edge.traefik.hasEnded()) throw new Error(`Traefik ended:\n${edge.traefik.log()}`);
  });
  afterAll(() => edge?.stop());

  test.each(OPEN)('%s is led to %s', async (at, service) => {
    const { reached } = await edge.ask(at);
    const target = at.slice(at.indexOf('/')).replace('/conversations-api/', '/');
    expect([reached?.service, reached?.url]).toEqual([service, target]);
  });

  test('each address of the guide is led to a service, each that it calls closed to none', async () => {
    const { answers, hidden } = guideAddresses();
    for (const at of answers) expect([at, (await edge.ask(at)).reached !== null]).toEqual([at, true]);
    for (const at of [...hidden, ...DISGUISED]) {
      const { status, reached } = await edge.ask(at);
      expect([at, status, reached?.service]).toEqual([at, 404, undefined]);
    }
  });

  test('what no container has the name of is nowhere', async () => {
    const names = [
      CORE_DOMAIN,
      `x.${CORE_DOMAIN}`,
      `app.${CORE_DOMAIN}`,
      `api.${TENANT_DOMAIN}`,
      'postgres',
      'localhost',
    ];
    for (const host of names) {
      const request = https.request({
        ...{ host: '127.0.0.1', port: edge.ports.https, servername: API, headers: { host } },
      });
      const [response] = await Promise.all([once(request, 'response'), request.end()]);
      expect([host, response[0].statusCode]).toEqual([host, 404]);
      response[0].resume();
    }
  });

  test('without encryption there is only the way to the encrypted address', async () => {
    for (const [method, status] of [
      ['GET', 301],
      ['POST', 308],
    ] as const)
      for (const host of [API, AI, 'unknown.test']) {
        const { headers, ...answer } = await edge.askPlain(host, '/v1/a%2Fb?c=d&e=%20', method);
        const to = `https://${host}:${edge.ports.https}/v1/a%2Fb?c=d&e=%20`;
        expect([method, answer.status, headers.location]).toEqual([method, status, to]);
      }
  });

  test('a service sees who asks from Traefik, whatever the client says', async () => {
    const said = [
      'X-Forwarded-For',
      'X-Real-Ip',
      'X-Forwarded-Proto',
      'X-Forwarded-Host',
      'X_Forwarded_For',
      'X.Real.Ip',
    ];
    const headers = {
      ...Object.fromEntries(said.map((name) => [name, '6.6.6.6'])),
      Connection: 'X-Forwarded-For, X-Real-Ip, X-Once, close',
      'X-Once': 'for this hop',
      'Proxy-Authorization': 'Basic eDp5',
      Authorization: 'Bearer cf-abc',
      'Anthropic-Beta': 'a,b',
    };
    for (const at of [`${API}/api/health`, `${BILLING}/v1/budget`, `${AI}/v1/models`, `${APP}/conversations-api/x`]) {
      const host = at.slice(0, at.indexOf('/'));
      const { reached } = await edge.ask(at, { headers });
      expect(reached?.headers).toMatchObject({
        host,
        'x-forwarded-for': '127.0.0.1',
        'x-real-ip': '127.0.0.1',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': host,
        authorization: 'Bearer cf-abc',
        'anthropic-beta': 'a,b',
      });
      expect(JSON.stringify(reached?.headers)).not.toMatch(/6\.6\.6\.6|x-once|proxy-authorization/i);
    }
  });

  test.each([
    ['POST', `${AI}/v1/files`],
    ['PUT', `${APP}/conversations-api/v1/files`],
    ['POST', `${BILLING}/v1/prices`],
    ['POST', `${API}/api/imports`],
  ])('a large body passes whole: %s %s', async (method, at) => {
    const body = randomBytes(LARGE_BYTES);
    const { reached } = await edge.ask(at, { method, body });
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(reached?.body).toEqual({ bytes: LARGE_BYTES, sha256 });
  });

  const STREAMED = [
    `${AI}/v1/chat/completions`,
    `${APP}/conversations-api/x`,
    `${BILLING}/v1/events`,
    `${WEBUI}/api/chat`,
  ];

  // The service writes its next chunk when the one before was read here: a buffer on the way would end the conversation.
  test.each(STREAMED)('chunks pass one by one, by HTTP/1.1 and HTTP/2: %s', async (at) => {
    const [, host = '', path = '/'] = /^([^/]+)(\/.*)$/.exec(at) ?? [];
    const whole = `${[0, 1, 2, 3, 4].map((chunk) => `data: ${chunk}\n\n`).join('')}data: [DONE]\n\n`;
    const options = { host: '127.0.0.1', port: edge.ports.https, servername: host, path };
    const first = https.request({ ...options, headers: { host, 'x-stream': 'first' } }).end();
    const [response] = await once(first, 'response');
    let text = '';
    for await (const chunk of response) {
      text += chunk;
      readOne('first');
    }
    expect(text).toBe(whole);

    const session = http2.connect(`https://127.0.0.1:${edge.ports.https}`, { servername: host });
    const second = session.request({ ':path': path, ':authority': host, 'x-stream': 'second' });
    let again = '';
    for await (const chunk of second) {
      again += chunk;
      readOne('second');
    }
    session.close();
    expect(again).toBe(whole);
  });

  test('a WebSocket passes', async () => {
    const socket = tls.connect({ host: '127.0.0.1', port: edge.ports.https, servername: WEBUI });
    socket.write(
      `GET /ws/socket.io/ HTTP/1.1\r\nHost: ${WEBUI}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    let text = '';
    for await (const chunk of socket) {
      text += chunk;
      if (text.endsWith('over and back')) break;
      if (/^HTTP\/1\.1 101 .*\r\n\r\n$/s.test(text)) socket.write('over and back');
      else if (!text.startsWith('HTTP/1.1 101')) break;
    }
    expect(text).toMatch(/^HTTP\/1\.1 101 .*over and back$/s);
  });

  test('it takes each word and label without a warning, and asks Docker what the stand-in knows', () => {
    expect([edge.traefik.complaints(), edge.docker.unknown]).toEqual([[], []]);
  });

  test.each([
    ['proxy', AI],
    ['billing', BILLING],
  ])('a second %s takes over from one that ends or is gone', async (service, host) => {
    const container = edge.containers.find((found) => found.service === service);
    const first = edge.services.find((found) => found.service === service);
    if (!first || !container) throw new Error(`there is no ${service}`);
    const post = () => edge.ask(`${host}/v1/x`, { method: 'POST', body: Buffer.from('{}') });
    const postMany = async () => {
      const answers = await Promise.all(Array.from({ length: 32 }, post));
      return answers.map(({ status, reached }) => reached?.id ?? `${status}`);
    };

    const second = await edge.start(container);
    await until(
      async () => (await post()).reached?.id === second.id,
      () => 'the second is never asked',
    );
    first.end();
    const seen = new Set<string>();
    const isAlone = async () => {
      const ids = await postMany();
      for (const id of ids) seen.add(id);
      return ids.every((id) => id === second.id);
    };
    await until(isAlone, () => 'the one that ends is asked on');
    expect([...seen].filter((id) => id !== first.id && id !== second.id)).toEqual([]);
    first.stop();
    edge.docker.die(first.id);

    const third = await edge.start(container);
    await until(
      async () => (await post()).reached?.id === third.id,
      () => 'the third is never asked',
    );
    second.stop();
    // Each try is one of two by chance: one of a thousand finds ten times the one that is gone.
    const others = (await postMany()).filter((id) => id !== third.id);
    expect(others.length, others.join(', ')).toBeLessThan(3);
    for (let again = 0; again < 8; again += 1) expect((await post()).reached?.id).toBe(third.id);
  });
});
