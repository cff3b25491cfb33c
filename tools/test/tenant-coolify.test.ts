/** A bundle is deployed to Coolify by its published API, again and again, and each refusal says what to do. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { completeSecrets } from '@cloudfreedom/tenant-bundle';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../src/stack/settings.ts';
import { BundleFolder, readTemplate } from '../src/tenant/bundle-folder.ts';
import { Coolify, deployToCoolify, readCoolifySettings } from '../src/tenant/coolify.ts';
import { composeForCoolify } from '../src/tenant/coolify-compose.ts';
import { Progress } from '../src/tenant/progress.ts';
import { type CoolifyStandIn, startCoolify } from './coolify-stand-in.ts';

let parent = '';
let folder: BundleFolder;
let standIn: CoolifyStandIn;

beforeEach(async () => {
  parent = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-coolify-'));
  folder = new BundleFolder('acme', parent);
  folder.make();
  folder.keepSecrets({ ...completeSecrets({}, false), BILLING_SERVICE_TOKEN: 'cfs-x' });
  const core = 'https://api.core.test';
  folder.write(readTemplate(), {
    templateVersion: 'v',
    tenant: { id: 'a'.repeat(15), slug: 'acme', name: 'Acme', type: 'dev', domain: 'acme.test' },
    webui: false,
    core: { pocketbase: core, identity: core, billing: core, portal: core, imprint: null, privacy: null },
    serviceTokenId: '00000000-0000-4000-8000-000000000000',
  });
  standIn = await startCoolify();
});
afterEach(async () => {
  await standIn.close();
  rmSync(parent, { recursive: true });
});

function deploy(
  changed: Record<string, string> = {},
  times: { requestMs?: number; healthyMs?: number } = {},
): Promise<void> {
  const settings = readCoolifySettings({
    COOLIFY_URL: standIn.url,
    COOLIFY_TOKEN: standIn.token,
    COOLIFY_PROJECT: 'project',
    COOLIFY_SERVER: 'server',
    ...changed,
  });
  const coolify = new Coolify(settings, {
    requestMs: 20_000,
    beginMs: 20_000,
    healthyMs: 20_000,
    pollMs: 10,
    ...times,
  });
  const progress = new Progress(() => {}, 'Run again.');
  return deployToCoolify(folder, coolify, (name, work) => progress.step(name, work));
}

type Services = Record<string, { labels?: string[]; profiles?: string[] }>;
const read = (compose = ''): { services: Services } => parse(compose, { merge: true });

test('made the first time, changed the next; its calls are those of the document', async () => {
  await deploy();
  const [service] = standIn.services;
  expect(service).toMatchObject({ name: 'cloudfreedom-acme', status: 'running:healthy' });
  expect(service?.variables).toMatchObject({
    AI_DOMAIN: 'ai.acme.test',
    APP_DOMAIN: 'app.acme.test',
    EDGE_NETWORK: 'coolify',
    POSTGRES_PASSWORD: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(Object.keys(service?.variables ?? {}).filter((name) => name.startsWith('COMPOSE_'))).toEqual([]);
  await deploy();
  expect(standIn.services.length).toBe(1);
  expect(standIn.calls.slice(5)).toEqual([
    'GET /services',
    'PATCH /services/{uuid}',
    'PATCH /services/{uuid}/envs/bulk',
    'POST /services/{uuid}/restart',
    // What ran before, its end, and what runs now.
    'GET /services/{uuid}',
    'GET /services/{uuid}',
    'GET /services/{uuid}',
  ]);
  const document = readFileSync(path.join(ROOT, 'docs/operations/coolify.md'), 'utf8');
  expect(standIn.calls.filter((call) => !document.includes(`\`${call}\``))).toEqual([]);
});

test.each([
  ['', []],
  ['demo,webui,qdrant', ['simulator', 'webui', 'webui-postgres', 'webui-redis', 'qdrant']],
])('with the profiles "%s" Coolify gets these services, and labels that need no variable', (profiles, besides) => {
  const template = readTemplate()['docker-compose.yml'] ?? '';
  const variables = {
    COMPOSE_PROFILES: profiles,
    TENANT_SLUG: 'acme',
    AI_DOMAIN: 'ai.acme.test',
    EDGE_NETWORK: 'coolify',
  };
  const { services, ...others } = read(composeForCoolify(template, variables));
  const { services: before, ...othersBefore } = read(template);
  expect(Object.keys(services)).toEqual(['proxy', 'conversations', 'chat', 'postgres', 'redis', ...besides]);
  for (const [name, { labels, ...service }] of Object.entries(services)) {
    const { labels: _, profiles: __, ...same } = before[name] ?? {};
    expect([name, service, labels?.join().includes('$') ?? false]).toEqual([name, same, false]);
  }
  expect(services.proxy?.labels).toEqual(
    expect.arrayContaining([
      'traefik.docker.network=coolify',
      'traefik.http.routers.acme-proxy-2.rule=Host(`ai.acme.test`) && !Path(`/metrics`)',
      'traefik.http.routers.acme-proxy-2.tls.certresolver=letsencrypt',
    ]),
  );
  expect(others).toEqual(Object.fromEntries(Object.entries(othersBefore).filter(([name]) => !name.startsWith('x-'))));
});

test.each([
  ['a wrong token', 'GET /services', 401, 'COOLIFY_TOKEN is not valid'],
  ['a token that may only read', 'POST /services', 403, 'it needs read, write and deploy'],
  ['an unknown project', 'POST /services', 404, 'COOLIFY_PROJECT, COOLIFY_SERVER or COOLIFY_ENVIRONMENT'],
  ['a domain that is taken', 'POST /services', 409, 'has one of the domains'],
  ['a field it does not take', 'PATCH /services/{uuid}/envs/bulk', 422, 'data: This field is not allowed.'],
  ['too many requests', 'GET /services', 429, 'wait a minute'],
  ['a failure of its own', 'POST /services/{uuid}/start', 500, 'look at its logs'],
])('%s is named with what to do; run again, it goes on', async (_, operation, status, said) => {
  const errors = { data: ['This field is not allowed.'] };
  standIn.refuse.set(operation, { status, body: { message: 'No.', ...(status === 422 && { errors }) } });
  const fault = await deploy().catch((error: Error) => error.message);
  expect(fault).toContain(said);
  expect(fault).toContain(`with ${status}`);
  await deploy();
  expect(standIn.services.length).toBe(1);
});

test('silence, a wrong address, something that never gets healthy', async () => {
  await expect(deploy({ COOLIFY_URL: 'http://127.0.0.1:1' })).rejects.toThrow('(no connection): check COOLIFY_URL');
  standIn.refuse.set('GET /services', 'silence');
  await expect(deploy({}, { requestMs: 300 })).rejects.toThrow('(no answer within 0.3 s)');
  standIn.becomes = 'running:unhealthy';
  await expect(deploy({}, { healthyMs: 300 })).rejects.toThrow(
    /is not healthy after 0\.3 s \(running:unhealthy\)[\s\S]*Done before: .*deployment asked for/,
  );
});

test('settings that are missing are named, all of them', () => {
  expect(() => readCoolifySettings({ COOLIFY_URL: 'coolify' })).toThrow(
    /COOLIFY_URL[\s\S]*COOLIFY_TOKEN[\s\S]*COOLIFY_PROJECT[\s\S]*COOLIFY_SERVER/,
  );
});
