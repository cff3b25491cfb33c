import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BundleFacts,
  bundleFiles,
  completeSecrets,
  fillVariables,
  keptVariables,
  listBundleTokens,
  packBundle,
  readVariables,
  revokeServiceTokens,
  SECRETS_FILE,
  templateVersion,
  tenantDomain,
  tenantSlug,
} from '../src/index.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../tenant-template');
const read = (name: string) => readFileSync(path.join(FOLDER, name), 'utf8');
const template = {
  'docker-compose.yml': read('docker-compose.yml'),
  'TENANT_SECRETS.env.example': read('TENANT_SECRETS.env.example'),
};
const facts: BundleFacts = {
  templateVersion: 'abc',
  tenant: { id: 'a'.repeat(15), slug: 'acme', name: 'Acme', type: 'demo', domain: 'acme.test' },
  webui: true,
  core: {
    pocketbase: 'https://api.core.test',
    identity: 'https://api.core.test',
    billing: 'https://billing.core.test',
    portal: 'https://admin.core.test',
    imprint: null,
    privacy: null,
  },
  serviceTokenId: '00000000-0000-4000-8000-000000000000',
};
const GIVEN_OUT = { BILLING_SERVICE_TOKEN: 'cfs-x', WEBUI_CLIENT_ID: 'cfc-x', WEBUI_CLIENT_SECRET: 'secret' };
const variables = (kept: Record<string, string>, of = facts) =>
  readVariables(bundleFiles(template, of, kept).find(({ path: name }) => name === SECRETS_FILE)?.content ?? '');

test('every variable that the compose file demands has a value, those of Open WebUI too', () => {
  const filled = variables({ ...completeSecrets({}, true), ...GIVEN_OUT });
  const demanded = [...template['docker-compose.yml'].matchAll(/\$\{(\w+):\?\}/g)].map(([, name = '']) => name);
  const webui = Object.keys(filled).filter((name) =>
    /^(WEBUI_(SECRET|SERVICE|USER_JWT|POSTGRES|REDIS|CLIENT|ADMIN)|QDRANT_API|GARAGE|S3_(ACCESS|SECRET))/.test(name),
  );
  expect(filled.S3_ACCESS_KEY_ID).toMatch(/^GK[0-9a-f]{32}$/);
  expect(filled.S3_SECRET_ACCESS_KEY).toMatch(/^[0-9a-f]{64}$/);
  expect(demanded.length).toBeGreaterThan(10);
  expect([...demanded, ...webui].filter((name) => !filled[name])).toEqual([]);
  expect(filled).toMatchObject({
    COMPOSE_PROFILES: 'demo,webui',
    AI_DOMAIN: 'ai.acme.test',
    WEBUI_DOMAIN: 'webui.acme.test',
    SIMULATED_PROVIDERS: 'openai,anthropic,gemini',
  });
});

test('made again, a bundle keeps secrets and what people set, and follows the tenant', () => {
  const first = variables({ ...completeSecrets({}, true), ...GIVEN_OUT, LOG_LEVEL: 'debug' });
  const text = fillVariables(template['TENANT_SECRETS.env.example'], {
    ...first,
    COMPOSE_PROFILES: 'demo,webui,qdrant',
  });
  const kept = keptVariables(text);
  const again = variables(
    { ...kept, ...completeSecrets(kept, true) },
    { ...facts, webui: false, tenant: { ...facts.tenant, type: 'enterprise' } },
  );
  expect(again).toEqual({ ...first, COMPOSE_PROFILES: 'qdrant', WEBUI_DOMAIN: '' });
});

test('no two tenants share a secret', () => {
  const [one, other] = [completeSecrets({}, true), completeSecrets({}, true)];
  expect(Object.keys(one).filter((name) => one[name] === other[name])).toEqual([]);
  expect(one.PROVIDER_KEY_ENCRYPTION_KEY).toMatch(/^[\w-]{1,40}:[A-Za-z0-9+/]{43}=$/);
});

test('what is filled in is read back, and what would break the file is refused by name', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const fill = () => fillVariables('# A=1\nA=\nB=kept', { A: value, TOO_MUCH: 'x' });
      if (!/[\s'"`\\$]|^#/.test(value)) expect(readVariables(fill())).toEqual({ A: value, B: 'kept' });
      else expect(fill).toThrow(/^A: spaces/);
    }),
  );
});

test('a place in a page stands in the file as it is: a # after something begins no comment for who reads it', () => {
  const core = { ...facts.core, imprint: 'https://core.test/legal#imprint' };
  expect(variables({}, { ...facts, core }).IMPRINT_URL).toBe('https://core.test/legal#imprint');
});

test('tokens of bundles are known by their name, and whose they are by its mark; revoked ones are none', async () => {
  const token = (id: string, name: string, revokedAt: string | null = null) => ({
    ...{ id: `00000000-0000-4000-8000-00000000000${id}`, createdAt: '2027-01-01T00:00:00.000Z' },
    ...{ name, revokedAt },
  });
  const items = [
    token('1', 'Tenant bundle (0a1b2c3d)'),
    token('2', 'Tenant bundle'),
    token('3', 'Tenant bundle (0a1b2c3d)', '2027-01-02T00:00:00.000Z'),
    token('4', 'Proxy 2027'),
    token('5', 'Tenant bundle (mine)'),
  ];
  const asked: string[] = [];
  const call = async (method: string, at: string) => {
    asked.push(`${method} ${at}`);
    return { items };
  };
  const core = { billing: call, identity: call };
  const found = await listBundleTokens(core, 'acme');
  expect(found.map(({ id, mark }) => [id.at(-1), mark])).toEqual([
    ['1', '0a1b2c3d'],
    ['2', null],
  ]);
  expect(await revokeServiceTokens(core, 'acme', found.slice(1))).toBe(1);
  expect(asked).toEqual([
    'GET /v1/tenants/acme/service-tokens',
    `DELETE /v1/tenants/acme/service-tokens/${items[1]?.id}`,
  ]);
});

test.each(['Acme', 'a', '-acme', 'acme-', 'ac me', 'a/b', 'ä', '../x', 'x'.repeat(41)])(
  '%s is no short name',
  (text) => {
    expect(tenantSlug.safeParse(text).success).toBe(false);
  },
);

test.each(['https://acme.test', 'acme', 'acme.test/', 'Acme.test', '-a.test', 'a..test', '10.0.0.1', 'a b.test'])(
  '%s is no domain',
  (text) => {
    expect(tenantDomain.safeParse(text).success).toBe(false);
  },
);

test('a template that deploys something else has another version; its other files do not count', async () => {
  const version = await templateVersion(template);
  expect(await templateVersion({ ...template, 'README.md': 'x' })).toBe(version);
  expect(await templateVersion({ ...template, 'docker-compose.yml': 'services: {}' })).not.toBe(version);
  await expect(templateVersion({})).rejects.toThrow('The template has no file docker-compose.yml.');
});

test('the archive opens with tar, and only its owner reads the secrets', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-bundle-'));
  try {
    const files = bundleFiles({ ...template, 'odd.txt': 'ü'.repeat(700) }, facts, GIVEN_OUT);
    const archive = await packBundle('acme', files, new Date());
    writeFileSync(path.join(folder, 'acme.tar.gz'), Buffer.from(await archive.arrayBuffer()));
    execFileSync('tar', ['-xpf', 'acme.tar.gz'], { cwd: folder });
    for (const { path: name, content, secret } of files) {
      expect(readFileSync(path.join(folder, 'acme', name), 'utf8')).toBe(content);
      expect(statSync(path.join(folder, 'acme', name)).mode & 0o777).toBe(secret ? 0o600 : 0o644);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
