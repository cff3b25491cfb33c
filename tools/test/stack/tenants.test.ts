/** `npm run tenant`: two tenants side by side on this machine, and what each one's credentials open at the other. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BUNDLE_FILE, readVariables, SECRETS_FILE } from '@cloudfreedom/tenant-bundle';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folderBesides } from '../../src/stack/databases.ts';
import { send } from '../access/ask.ts';
import { TRIES } from '../isolation/doors.ts';
import { CREDENTIALS, DOORS, type Door, OPENS } from '../isolation/isolation-table.ts';
import { gatherSide, type Side } from '../isolation/sides.ts';
import { budgetOf, eventually, stack, superuser } from './people.ts';
import { newTenantsFolder, type RunningTenant, startTenant, tenantCommand } from './running-tenant.ts';

const folder = newTenantsFolder();
const mark = randomBytes(3).toString('hex');
const [one, two] = [`one-${mark}`, `two-${mark}`];
const wordsOf = (slug: string) => [
  'create',
  slug,
  ...['--type', 'dev', '--domain', `${slug}.example`, '--product', 'starter', '--webui'],
];
const WRONG_PASSWORD = { PLATFORM_ADMIN_EMAIL: 'somebody@example.test', PLATFORM_ADMIN_PASSWORD: 'not-this-one' };
// Nobody asks it; a machine may have neither Docker nor Coolify.
const COOLIFY = { COOLIFY_URL: 'http://127.0.0.1:9', COOLIFY_TOKEN: 't', COOLIFY_PROJECT: 'p', COOLIFY_SERVER: 's' };
const running: RunningTenant[] = [];
let sides: [Side, Side];

beforeAll(async () => {
  for (const slug of [one, two]) running.push(await startTenant(folder, slug, [...wordsOf(slug), '--run']));
  const [first, second] = running as [RunningTenant, RunningTenant];
  sides = [await gatherSide(folder, one, first), await gatherSide(folder, two, second)];
  for (const { urls, credentials } of sides) {
    const url = `${urls.proxy}/v1/admin/provider-keys/openai/main?test=false`;
    const entered = await send('PUT', url, credentials['access token for the proxy'], { key: 'sk-of-this-tenant' });
    expect(entered).toMatchObject({ status: 200 });
  }
});
afterAll(async () => {
  await Promise.all([...running, ...(sides ?? []).map(({ webui }) => webui)].map((started) => started.stop()));
  for (const slug of [one, two])
    rmSync(folderBesides(path.join(folder, slug, 'data')), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

describe('two tenants side by side', () => {
  test('each answers its own people, who pay from their own budget', async () => {
    for (const { urls, apiKey } of sides) {
      const client = new OpenAI({ apiKey, baseURL: `${urls.proxy}/v1`, maxRetries: 0 });
      const answer = await client.chat.completions.create({
        model: 'claude-sonnet-5',
        messages: [{ role: 'user', content: 'Hello' }],
      });
      expect(answer.choices[0]?.message.content).toBeTruthy();
      const spent = await eventually(async () => {
        const { spent: amount } = await budgetOf(apiKey);
        return Number(amount) > 0 ? amount : undefined;
      });
      expect(Number(spent)).toBeGreaterThan(0);
    }
  });

  test('every credential at every service of both: all foreign ones are refused', async () => {
    const wrong: string[] = [];
    for (const holder of sides)
      for (const credential of CREDENTIALS)
        for (const door of Object.keys(DOORS) as Door[])
          for (const side of sides) {
            const own = side === holder;
            const expected = own && OPENS[credential].includes(door) ? 'open' : 'refused';
            const outcome = await TRIES[door](side, holder.credentials[credential]);
            if (outcome !== expected) wrong.push(`${credential} at ${own ? 'own' : 'foreign'} ${door}: ${outcome}`);
          }
    expect(wrong).toEqual([]);
  }, 180_000);
});

describe('the command', () => {
  test('run again, it changes nothing; a token that was revoked is named', async () => {
    const file = path.join(folder, one, SECRETS_FILE);
    const before = readFileSync(file, 'utf8');
    const again = await tenantCommand(folder, wordsOf(one));
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('tenant (was there)') });
    expect(readFileSync(file, 'utf8')).toBe(before);
    writeFileSync(file, before.replace(/^(BILLING_SERVICE_TOKEN)=.*$/m, '$1=cfs-wrong'));
    const refused = await tenantCommand(folder, wordsOf(one));
    writeFileSync(file, before);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain("Billing refuses the bundle's service token");
    expect(refused.output).toContain('Done before: secrets, tenant (was there). Run the same command again');
  });

  test.each<[what: string, words: string[], said: string, environment?: Record<string, string>]>([
    [
      'a domain of another tenant',
      ['--domain', `${one}.example`],
      `--domain: ${one}.example belongs to the tenant ${one}`,
    ],
    ['an unknown product', ['--product', 'none'], '--product: there is no product none; there are: '],
    [
      'a domain without DNS',
      ['--target', 'coolify', '--registry', 'registry.test/images'],
      'DNS has no address for ai.bad-',
      COOLIFY,
    ],
    ['a wrong password', [], 'Check PLATFORM_ADMIN_EMAIL and PLATFORM_ADMIN_PASSWORD.', WRONG_PASSWORD],
  ])('%s is named, and nothing is made', async (_, words, said, environment) => {
    const slug = `bad-${mark}`;
    // The last one counts.
    const { code, output } = await tenantCommand(folder, [...wordsOf(slug), ...words], environment);
    expect(output).toContain(said);
    expect(code).toBe(1);
    expect(existsSync(path.join(folder, slug))).toBe(false);
    const admin = await superuser();
    const found = await admin.collection('tenants').getFullList({ filter: admin.filter('slug = {:slug}', { slug }) });
    expect(found).toEqual([]);
  });

  test('suspended, given other secrets, brought to this version, ended: each can be run again', async () => {
    const slug = `three-${mark}`;
    const run = async (...words: string[]) => {
      const { code, output } = await tenantCommand(folder, words);
      return `${code} ${output}`;
    };
    expect(await run(...wordsOf(slug))).toMatch(/^0 /);
    const read = () => readVariables(readFileSync(path.join(folder, slug, SECRETS_FILE), 'utf8'));
    const isTaken = async (token = '') =>
      (await send('GET', `${stack.urls.billing}/v1/erasures`, token)).status === 200;
    const first = read();
    expect(await run('rotate-secrets', slug)).toContain('0 ');
    const second = read();
    const [newKey, oldKey] = second.PROVIDER_KEY_ENCRYPTION_KEY?.split(',') ?? [];
    expect(oldKey).toBe(first.PROVIDER_KEY_ENCRYPTION_KEY);
    expect(newKey).not.toBe(oldKey);
    expect(second.POSTGRES_PASSWORD).toBe(first.POSTGRES_PASSWORD);
    expect(second.WEBUI_CLIENT_SECRET).not.toBe(first.WEBUI_CLIENT_SECRET);
    const both = [first.BILLING_SERVICE_TOKEN, second.BILLING_SERVICE_TOKEN];
    expect(await Promise.all(both.map(isTaken))).toEqual([true, true]);
    expect(await run('rotate-secrets', slug, '--finish')).toContain('1 service token(s) from before ended');
    expect(await Promise.all(both.map(isTaken))).toEqual([false, true]);

    const about = path.join(folder, slug, BUNDLE_FILE);
    writeFileSync(about, readFileSync(about, 'utf8').replace(/("templateVersion": ")\w+/, '$1older'));
    expect(await run('run', slug)).toContain(`made from another template (older)`);
    expect(await run('upgrade', slug)).not.toContain('VERSION');
    expect(read()).toEqual(second);
    expect(await run('upgrade', slug, '--version', '9.9.9')).toMatch(/^0 /);
    expect(read()).toEqual({ ...second, VERSION: '9.9.9' });
    expect(await run('upgrade', slug)).toContain(`VERSION=9.9.9; this clone's are ${second.VERSION}: upgrade`);
    expect(read()).toEqual({ ...second, VERSION: '9.9.9' });

    expect(await run('suspend', slug)).toContain(`${slug} is suspended.`);
    expect(await run(...wordsOf(slug))).toContain(`npm run tenant -- resume ${slug}`);
    expect(await run('resume', slug)).toContain(`${slug} is active.`);

    expect(await run('destroy', slug, '--confirm', one)).toContain(`To go on: --confirm ${slug}`);
    expect(await run('destroy', slug, '--confirm', slug)).toMatch(/^0 /);
    expect(existsSync(path.join(folder, slug))).toBe(false);
    expect(await isTaken(second.BILLING_SERVICE_TOKEN)).toBe(false);
    expect(await run('destroy', one, '--confirm', one)).toContain('A stack already runs with');
  }, 400_000);
});
