import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { loadAppConfig } from '../src/app/app-config.ts';

const config = {
  pocketbaseUrl: 'http://127.0.0.1:1/',
  identityUrl: 'http://127.0.0.1:2',
  billingUrl: 'http://127.0.0.1:3',
  proxyUrl: null,
  conversationsUrl: null,
  chatUrl: null,
  simulatedProviders: ['openai'],
  tenantId: null,
  imprintUrl: null,
  privacyUrl: null,
};
let stop = () => {};
afterEach(() => stop());

async function served(status: number, body: string): Promise<string> {
  const server = createServer((_request, response) => void response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => void server.close();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/config.json`;
}

it('reads the addresses, without slashes at their ends', async () => {
  const loaded = await loadAppConfig(await served(200, JSON.stringify(config)));
  expect(loaded).toMatchObject({ ok: true, config: { pocketbaseUrl: 'http://127.0.0.1:1' } });
});

it('names each faulty field', async () => {
  const loaded = await loadAppConfig(
    await served(200, JSON.stringify({ ...config, billingUrl: 'x', chatUrl: 'chat', tenantId: 'T' })),
  );
  if (loaded.ok) throw new Error('taken');
  expect(loaded.faults.map((fault) => fault.split(':')[0])).toEqual(['billingUrl', 'chatUrl', 'tenantId']);
});

it.each([
  [404, 'none'],
  [200, '<!doctype html>'],
])('says that the file can not be read: %s %s', async (status, body) => {
  expect(await loadAppConfig(await served(status, body))).toEqual({ ok: false, faults: [] });
});
