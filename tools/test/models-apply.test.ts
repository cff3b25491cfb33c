/** `npm run models -- apply` as a process, against a real PocketBase. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PocketBaseServer, startPocketBase } from '@cloudfreedom/testkit';
import PocketBase from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultCacheDir, ensurePocketBase } from '../src/pocketbase-binary.ts';
import { ROOT } from '../src/stack/settings.ts';

const serviceDir = path.join(ROOT, 'services/pocketbase');
const PASSWORD = 'a-long-enough-password';
const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-models-'));
let server: PocketBaseServer;
let client: PocketBase;

beforeAll(async () => {
  const binary = await ensurePocketBase({ sourceDir: serviceDir, cacheDir: defaultCacheDir(), report: console.log });
  server = await startPocketBase({ binary, serviceDir, env: { INTERNAL_SECRET: 'x'.repeat(48) } });
  client = new PocketBase(server.url);
  client.autoCancellation(false);
  await client.collection('_superusers').authWithPassword(server.superuser.email, server.superuser.password);
  const tenant = await client.collection('tenants').create({ name: 'North', slug: 'north', type: 'dev' });
  const product = await client.collection('products').create({ name: 'P', monthly_budget_eur: '5' });
  for (const role of ['platform_admin', 'tenant_admin'])
    await client.collection('users').create({
      email: `${role}@example.test`,
      password: PASSWORD,
      passwordConfirm: PASSWORD,
      tenant: tenant.id,
      product: product.id,
      role,
    });
});

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Environment = Record<string, string>;
const superuser = (): Environment => ({
  POCKETBASE_SUPERUSER_EMAIL: server.superuser.email,
  POCKETBASE_SUPERUSER_PASSWORD: server.superuser.password,
});
const asRole = (role: string): Environment => ({
  PLATFORM_ADMIN_EMAIL: `${role}@example.test`,
  PLATFORM_ADMIN_PASSWORD: PASSWORD,
});

function run(args: string[], environment: Environment): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    const given = { PATH: process.env.PATH ?? '', INIT_CWD: folder, DATA_DIR: folder, ...environment };
    const entry = path.join(ROOT, 'tools/src/models.ts');
    execFile(process.execPath, [entry, 'apply', ...args], { env: given, cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), out: `${stdout}${stderr}` }),
    );
  });
}

function write(...models: object[]): string {
  writeFileSync(path.join(folder, 'models.yaml'), JSON.stringify({ models }));
  return 'models.yaml';
}

const OLLAMA = {
  name: 'llama',
  provider: 'custom',
  base_url: 'http://localhost:11434/v1',
  region: 'eu',
  context_tokens: 8000,
  output_tokens_max: 1000,
  reasoning: 'none',
  unsupported: ['tools', 'json_schema'],
  only_tenants: ['north'],
  own_prices: { output_text: '0', uncached_input: '0' },
};
const GPT = {
  name: 'gpt',
  provider: 'openai',
  region: 'global',
  context_tokens: 9000,
  output_tokens_max: 900,
  reasoning: 'hidden',
};
const modelsNow = () => client.collection('models').getFullList({ sort: 'deployment' });

describe('applying a file', () => {
  test('shows first, writes what is new, and has nothing to do the second time', async () => {
    const file = write(OLLAMA, GPT);
    const shown = await run([file, '--dry-run', '--url', server.url], superuser());
    expect(shown).toMatchObject({ code: 0, out: expect.stringMatching(/new {6}llama.*2 new.*Nothing was written/s) });
    expect(await modelsNow()).toEqual([]);
    const unasked = await run([file, '--url', server.url], superuser());
    expect(unasked).toMatchObject({ code: 0, out: expect.stringContaining('--apply writes it') });
    expect(await modelsNow()).toEqual([]);
    expect(await run([file, '--apply', '--url', server.url], asRole('platform_admin'))).toMatchObject({ code: 0 });
    const tenant = await client.collection('tenants').getFirstListItem('slug = "north"');
    expect(await modelsNow()).toMatchObject([
      { deployment: 'gpt', upstream_model: 'gpt', weight: 1, enabled: true },
      {
        deployment: 'llama',
        only_tenants: [tenant.id],
        own_prices: OLLAMA.own_prices,
        unsupported: OLLAMA.unsupported,
      },
    ]);
    const before = await modelsNow();
    const again = await run([file, '--apply', '--url', server.url], superuser());
    expect(again.out).toContain('0 new, 0 changed, 0 disabled, 2 as in the file, 0 untouched');
    expect(await modelsNow()).toEqual(before);
  });

  test('changes name the field with what was and what will be', async () => {
    const file = write({ ...OLLAMA, weight: 3, own_prices: { uncached_input: '0.1', output_text: '0.2' } }, GPT);
    const { out } = await run([file, '--apply', '--url', server.url], superuser());
    expect(out).toContain('changed  llama');
    expect(out).toContain('weight: 1 → 3');
    expect(out).toContain(
      'own_prices: {"output_text":"0","uncached_input":"0"} → {"uncached_input":"0.1","output_text":"0.2"}',
    );
    expect(out).toContain('0 new, 1 changed, 0 disabled, 1 as in the file');
  });

  test('what the file does not have stays, but for --prune, which disables it', async () => {
    const file = write(GPT);
    const kept = await run([file, '--apply', '--url', server.url], superuser());
    expect(kept.out).toContain('untouched, not in the file: llama');
    expect((await modelsNow()).map(({ enabled }) => enabled)).toEqual([true, true]);
    const pruned = await run([file, '--apply', '--prune', '--url', server.url], superuser());
    expect(pruned.out).toContain('enabled: true → false');
    expect((await modelsNow()).map(({ enabled }) => enabled)).toEqual([true, false]);
    const again = await run([file, '--apply', '--prune', '--url', server.url], superuser());
    expect(again.out).toContain('0 disabled');
  });
});

describe('nothing is written', () => {
  test.each([
    [
      'a tenant that is not',
      [
        { ...GPT, weight: 9 },
        { ...OLLAMA, only_tenants: ['nowhere'] },
      ],
      'there is no tenant nowhere',
    ],
    [
      'another public name',
      [
        { ...OLLAMA, weight: 9 },
        { ...GPT, name: 'gpt-new', deployment: 'gpt' },
      ],
      'a public name is final',
    ],
    [
      'a wrong field',
      [
        { ...GPT, weight: 9 },
        { ...OLLAMA, region: 'mars' },
      ],
      'models[1].region: give one of eu, us, global',
    ],
  ])('with %s', async (_what, models, words) => {
    const before = await modelsNow();
    const { code, out } = await run([write(...models), '--apply', '--url', server.url], superuser());
    expect([code, out]).toEqual([1, expect.stringContaining(words)]);
    expect(out).toContain('models.yaml:1');
    expect(await modelsNow()).toEqual(before);
  });

  test.each([
    ['a tenant admin', () => asRole('tenant_admin'), 'is no platform admin'],
    ['nobody', () => ({}), 'PLATFORM_ADMIN_EMAIL and PLATFORM_ADMIN_PASSWORD'],
    ['half a sign-in', () => ({ PLATFORM_ADMIN_EMAIL: 'a@example.test' }), 'PLATFORM_ADMIN_PASSWORD is missing'],
    [
      'a wrong password',
      () => ({ ...superuser(), POCKETBASE_SUPERUSER_PASSWORD: 'wrong-word' }),
      'Check POCKETBASE_SUPERUSER_EMAIL and',
    ],
  ])('by %s', async (_who, environment, words) => {
    const { code, out } = await run([write(GPT), '--apply', '--url', server.url], environment());
    expect([code, out]).toEqual([1, expect.stringContaining(words)]);
    expect(out).not.toContain('wrong-word');
  });

  test.each([
    ['no file', ['none.yaml', '--apply'], 'none.yaml can'],
    ['both flags', ['models.yaml', '--apply', '--dry-run'], 'Use: npm run models'],
    ['a password as an argument', ['models.yaml', '--password=word'], 'Use: npm run models'],
    ['no demo and no address', ['models.yaml'], 'run npm start'],
    ['nobody at the address', ['models.yaml', '--url', 'http://127.0.0.1:9'], 'does not answer'],
  ])('with %s', async (_what, args, words) => {
    write(GPT);
    const { code, out } = await run(args, superuser());
    expect([code, out]).toEqual([1, expect.stringContaining(words)]);
  });
});
