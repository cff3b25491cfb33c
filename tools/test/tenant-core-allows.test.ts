/** What `npm run tenant -- create` says of the core's lists, against servers that have them as a deployed core does. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { connectSource, pageHeaders } from '@cloudfreedom/contracts';
import { createApp, createLogger } from '@cloudfreedom/service-kit';
import { startPocketBase } from '@cloudfreedom/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultCacheDir, ensurePocketBase } from '../src/pocketbase-binary.ts';
import { ROOT } from '../src/stack/settings.ts';
import { missingAtCore, reportMissingAtCore } from '../src/tenant/core-allows.ts';

const KNOWN = 'https://app.known.example';
const PORTAL = 'https://admin.example.com';
const stops: (() => Promise<unknown>)[] = [];
let core: Parameters<typeof missingAtCore>[0];

/** identity's and billing's: the same server kit with the same list. */
async function startService(corsOrigins: string[]): Promise<string> {
  const { app } = await createApp({
    service: 'sample',
    version: '1.2.3',
    logger: createLogger('sample', 'silent'),
    corsOrigins,
    bodyLimitBytes: 1000,
    ready: async () => ({ ready: true }),
  });
  stops.push(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
}

async function startPortal(proxies: string[]): Promise<string> {
  const headers = pageHeaders(proxies.map(connectSource));
  const server = createServer((_request, response) => response.writeHead(200, headers).end('<!doctype html>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const serviceDir = path.join(ROOT, 'services/pocketbase');
  const binary = await ensurePocketBase({ sourceDir: serviceDir, cacheDir: defaultCacheDir(), report: console.log });
  // The empty place is how an empty CHAT_ORIGINS looks in the compose file.
  const pocketbase = await startPocketBase({ binary, serviceDir, env: {}, origins: [PORTAL, KNOWN, ''] });
  stops.push(() => pocketbase.stop());
  core = {
    pocketbase: pocketbase.url,
    identity: await startService([PORTAL, KNOWN]),
    billing: await startService([PORTAL, KNOWN]),
    portal: await startPortal(['https://ai.known.example', 'https://ai.{tenant}.example.com']),
    imprint: null,
    privacy: null,
  };
});
afterAll(() => Promise.all(stops.map((stop) => stop())));

test('nothing is missing where both are named', async () => {
  expect(await missingAtCore(core, 'known.example')).toEqual([]);
  const said: string[] = [];
  await reportMissingAtCore(core, 'known.example', (line) => said.push(line));
  expect(said).toEqual([]);
});

test('a new domain gets both lines and the command that applies them', async () => {
  const said: string[] = [];
  await reportMissingAtCore(core, 'acme.example', (line) => said.push(line));
  expect(said.join('\n').split('\n').slice(2)).toEqual([
    '  CHAT_ORIGINS=…,https://app.acme.example',
    '  PROXY_ORIGINS=…,https://ai.acme.example',
    'and apply it there: docker compose --env-file core.env up -d --wait',
  ]);
});

test("below the core's own domain the proxy is named already", async () => {
  expect(await missingAtCore(core, 'acme.example.com')).toEqual(['CHAT_ORIGINS=…,https://app.acme.example.com']);
});

test.each(['pocketbase', 'identity', 'billing'] as const)(
  'one server that does not know it is enough: %s',
  async (of) => {
    const url = await startService([PORTAL]);
    expect(await missingAtCore({ ...core, [of]: url }, 'known.example')).toEqual([`CHAT_ORIGINS=…,${KNOWN}`]);
  },
);

test('a server that lets every page in lets this one in; without a policy the portal may call anybody', async () => {
  const open = createServer((_request, response) =>
    response.writeHead(204, { 'access-control-allow-origin': '*' }).end(),
  );
  await new Promise<void>((resolve) => open.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => open.close(resolve)));
  const url = `http://127.0.0.1:${(open.address() as AddressInfo).port}`;
  expect(
    await missingAtCore({ ...core, pocketbase: url, identity: url, billing: url, portal: url }, 'acme.example'),
  ).toEqual([]);
});
