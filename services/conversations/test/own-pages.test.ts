/** Pages of the tenant's own that may call, as billing says it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from '../src/app.ts';
import { readTenant } from '../src/tenant/billing-tenant.ts';
import { createOwnPages } from '../src/tenant/own-pages.ts';

/** What billing says; null: it is away. */
let type: 'enterprise' | 'dev' | null = null;
let questions = 0;
let url: string;
const billing = createServer((_request, response) => {
  questions += 1;
  if (type === null) return void response.writeHead(503).end('{}');
  const tenant = {
    id: 'tenant000000000',
    name: 'T',
    type,
    status: 'active',
    domains: ['acme.example'],
    retentionDays: 0,
  };
  response.writeHead(200).end(JSON.stringify({ tenant, models: [] }));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => billing.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(billing.address() as AddressInfo).port}`;
});
afterAll(() => {
  billing.closeAllConnections();
  billing.close();
});

/** Which of these may call a service that has just started. */
async function allowed(origins: string[]): Promise<string[]> {
  const app = await buildApp({
    logger: createLogger('conversations', 'silent'),
    corsOrigins: ['http://chat.test'],
    allowsOrigin: createOwnPages(() => readTenant({ url, serviceToken: 'cfs-secret' })),
    checkToken: () => Promise.reject(new Error('not asked here')),
    conversations: {} as never,
    deletions: {} as never,
    search: {} as never,
    folders: {} as never,
    files: {} as never,
    shares: {} as never,
    assistants: {} as never,
    assistantFiles: {} as never,
    readRules: {} as never,
    erasedPeople: { has: () => false, isKnown: () => true },
    pingDatabase: async () => {},
  });
  try {
    const answers = await Promise.all(
      origins.map((origin) => {
        const headers = { origin, 'access-control-request-method': 'GET' };
        return app.inject({ method: 'OPTIONS', url: '/v1/conversations', headers });
      }),
    );
    return answers
      .map(({ headers }) => headers['access-control-allow-origin'])
      .filter((origin) => origin !== undefined);
  } finally {
    await app.close();
  }
}

const ORIGINS = ['http://chat.test', 'https://acme.example', 'http://localhost:5173', 'https://evil.example'];

test.each([
  ['enterprise', ['http://chat.test', 'https://acme.example']],
  ['dev', ['http://chat.test', 'https://acme.example', 'http://localhost:5173']],
  [null, ['http://chat.test']],
] as const)('tenant %s: %s', async (now, expected) => {
  type = now;
  questions = 0;
  expect(await allowed(ORIGINS)).toEqual(expected);
  expect(questions).toBe(1);
});
