/** `npm run tenant -- run`: its services are told what the bundle's compose file tells them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BundleFacts } from '@cloudfreedom/tenant-bundle';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from '../src/stack/settings.ts';
import { runEnvironment } from '../src/tenant/run-environment.ts';

const environment = z.object({ environment: z.record(z.string(), z.string()) });
const compose = z
  .object({ services: z.object({ proxy: environment, conversations: environment }) })
  .parse(parse(readFileSync(path.join(ROOT, 'tenant-template/docker-compose.yml'), 'utf8'), { merge: true })).services;
const FACTS: BundleFacts = {
  templateVersion: 'v',
  tenant: { id: 'a'.repeat(15), slug: 'acme', name: 'Acme', type: 'enterprise', domain: 'acme.test' },
  webui: false,
  core: {
    pocketbase: 'https://api.core.test',
    identity: 'https://api.core.test',
    billing: 'https://billing.core.test',
    portal: 'https://admin.core.test',
    imprint: null,
    privacy: null,
  },
  serviceTokenId: crypto.randomUUID(),
};
const MACHINE = {
  databaseUrl: 'postgres://here',
  redisUrl: 'redis://here',
  chatUrl: 'http://127.0.0.1:4114',
  simulatorUrl: null,
};
/** Where the place is another one than in the container; who stops it waits as long as people do here. */
const OF_THE_PLACE = /^(DATABASE_URL|REDIS_URL|CORS_ORIGINS|SIMULATED_PROVIDER_URL|STOP_DRAIN_MS|STOP_GRACE_MS)$/;
const FOLLOW_FROM_FACTS = /^(TENANT_ID|TENANT_SLUG|API_URL|BILLING_URL)$/;

test.each(['proxy', 'conversations'] as const)('%s gets each value of the bundle under the same name', (name) => {
  const given: Record<string, string> = {};
  const expected = Object.entries(compose[name].environment).flatMap(([variable, text]) => {
    const [, source = ''] = /\$\{(\w+)/.exec(text) ?? [];
    if (OF_THE_PLACE.test(variable) || FOLLOW_FROM_FACTS.test(source)) return [];
    given[source] = `of ${source}`;
    return [[variable, text.replace(/\$\{.*\}/, `of ${source}`)]];
  });
  expect(expected.length).toBeGreaterThan(5);
  const told = runEnvironment(FACTS, given, MACHINE)[name];
  expect(told).toMatchObject(Object.fromEntries(expected));
  const names = Object.keys(compose[name].environment).filter((variable) => !variable.startsWith('STOP_'));
  expect(Object.keys(told).sort()).toEqual(names.sort());
});

test('the portal may call it as it may in containers, and on one machine by both of its names', () => {
  const origins = (portal: string) =>
    runEnvironment({ ...FACTS, core: { ...FACTS.core, portal } }, {}, MACHINE).proxy.CORS_ORIGINS?.split(',');
  const chat = ['http://127.0.0.1:4114', 'http://localhost:4114'];
  expect(origins('https://admin.core.test/')).toEqual([...chat, 'https://admin.core.test']);
  expect(origins('http://127.0.0.1:4105')).toEqual([...chat, 'http://127.0.0.1:4105', 'http://localhost:4105']);
});

test("what is empty in the bundle is left to the service's default", () => {
  const { proxy } = runEnvironment(FACTS, { LOG_LEVEL: '', OPENAI_API_KEY: '' }, MACHINE);
  expect(proxy).not.toHaveProperty('LOG_LEVEL');
  expect(proxy).not.toHaveProperty('OPENAI_API_KEY');
});
