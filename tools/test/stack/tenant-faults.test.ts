/** `npm run tenant` broken off at each of its steps and run again: nothing half-made, nothing doubled. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { oidcClientList, serviceTokenList } from '@cloudfreedom/contracts';
import { BUNDLE_FILE, bundleFacts, issueServiceToken, readVariables, SECRETS_FILE } from '@cloudfreedom/tenant-bundle';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { BundleFolder, readTemplate } from '../../src/tenant/bundle-folder.ts';
import { destroyTenant, finishRotation, rotateSecrets, upgradeBundle } from '../../src/tenant/change.ts';
import { type Core, openCore } from '../../src/tenant/core.ts';
import { type CreateWish, createTenant } from '../../src/tenant/create.ts';
import { Progress } from '../../src/tenant/progress.ts';
import { send } from '../access/ask.ts';
import { newPerson, stack, superuser } from './people.ts';
import { killTenantCommand, newTenantsFolder, tenantCommand } from './running-tenant.ts';

const parent = newTenantsFolder();
const mark = randomBytes(3).toString('hex');
let core: Core;

beforeAll(async () => {
  vi.stubEnv('DATA_DIR', inject('dataDir'));
  core = await openCore(undefined);
});
afterEach(() => vi.unstubAllGlobals());
afterAll(() => rmSync(parent, { recursive: true, force: true }));

/**
 * Breaks the first call that fits. `before`: it never arrives. `after`: it is done, its answer is lost, as when the
 * command is killed in that moment. `refused`: the service itself fails.
 */
function breakAt(call: RegExp, when: 'before' | 'after' | 'refused'): { happened: () => boolean } {
  let broken = false;
  const real = globalThis.fetch;
  vi.stubGlobal('fetch', async (input: string | URL | Request, init?: RequestInit) => {
    const fits = !broken && call.test(`${init?.method ?? 'GET'} ${input instanceof Request ? input.url : input}`);
    if (fits && when !== 'after') broken = true;
    if (fits && when === 'refused') return Response.json({ error: { message: 'out of order' } }, { status: 500 });
    if (fits && when === 'before') throw new TypeError('fetch failed', { cause: new Error('connection refused') });
    const response = await real(input, init);
    if (!fits || !response.ok) return response;
    broken = true;
    await response.body?.cancel();
    throw new TypeError('fetch failed', { cause: new Error('connection reset') });
  });
  return { happened: () => broken };
}

/** @param at whose folder it is, and what is other than usual */
function create(
  slug: string,
  {
    at = parent,
    lines = [],
    by = core,
    ...changed
  }: Partial<CreateWish> & { at?: string; lines?: string[]; by?: Core } = {},
): Promise<unknown> {
  const wish = { slug, name: slug, type: 'dev' as const, domain: `${slug}.example`, product: 'starter', webui: true };
  const usual = { ...wish, admin: `admin@${slug}.example`, registry: undefined, takeOver: false };
  const progress = new Progress((line) => lines.push(line.trim()), 'Run it again.');
  const folder = new BundleFolder(slug, at);
  return createTenant({ ...usual, ...changed }, { core: by, folder, template: readTemplate(), progress });
}

async function tenantOf(slug: string) {
  const admin = await superuser();
  return admin.collection('tenants').getFirstListItem(admin.filter('slug = {:slug}', { slug }));
}

const messageOf = (promise: Promise<unknown>) =>
  promise.then(
    () => '',
    (error: Error) => error.message,
  );

/** What there is of a tenant at the core, beside what its bundle says. */
async function found(slug: string) {
  const admin = await superuser();
  const tenants = await admin.collection('tenants').getFullList({ filter: admin.filter('slug = {:slug}', { slug }) });
  const id = tenants[0]?.id ?? '';
  const tokens = serviceTokenList.parse(await core.billing('GET', `/v1/tenants/${id}/service-tokens`));
  const { clients } = oidcClientList.parse(await core.identity('GET', `/v1/tenants/${id}/clients`));
  const invited = await admin
    .collection('invitations')
    .getFullList({ filter: admin.filter('email = {:email}', { email: `admin@${slug}.example` }) });
  return {
    tenants: tenants.length,
    liveTokens: tokens.items.filter(({ revokedAt }) => revokedAt === null).map(({ id: token }) => token),
    clients: clients.map((client) => client.id),
    invitations: invited.length,
  };
}

async function expectWhole(slug: string): Promise<void> {
  const read = (name: string) => readFileSync(path.join(parent, slug, name), 'utf8');
  const secrets = readVariables(read(SECRETS_FILE));
  expect(await found(slug)).toEqual({
    tenants: 1,
    liveTokens: [bundleFacts.parse(JSON.parse(read(BUNDLE_FILE))).serviceTokenId],
    clients: [secrets.WEBUI_CLIENT_ID],
    invitations: 1,
  });
  const opened = await send('GET', `${stack.urls.billing}/v1/catalogue`, secrets.BILLING_SERVICE_TOKEN ?? '');
  expect(opened.status).toBe(200);
}

const CREATE = [
  ['tenant', /^POST .*\/collections\/tenants\/records/],
  ['service token', /^POST .*\/service-tokens$/],
  ['sign-in of Open WebUI', /^POST .*\/clients$/],
  ['invitation of admin@', /^POST .*\/api\/invitations$/],
] as const;

test.each(
  CREATE.flatMap(([step, call]) =>
    (['before', 'after', 'refused'] as const).map((when) => [step, when, call] as const),
  ),
)('create broken at "%s" (%s): said, and whole after the next run', async (step, when, call) => {
  const slug = `f${randomBytes(3).toString('hex')}-${mark}`;
  const breaking = breakAt(call, when);
  const said = await messageOf(create(slug));
  vi.unstubAllGlobals();
  expect(breaking.happened()).toBe(true);
  expect(said).toContain(`✗ ${step}`);
  expect(said).toMatch(/Done before: secrets.*Run it again\./);
  expect(existsSync(path.join(parent, slug, BUNDLE_FILE))).toBe(false);
  const { POSTGRES_PASSWORD } = new BundleFolder(slug, parent).secrets();
  await create(slug);
  await expectWhole(slug);
  expect(new BundleFolder(slug, parent).secrets()).toMatchObject({ POSTGRES_PASSWORD });
});

test('killed after each step, it is whole in the end', async () => {
  const slug = `killed-${mark}`;
  const words = ['create', slug, '--type', 'dev', '--domain', `${slug}.example`, '--product', 'starter', '--webui'];
  words.push('--admin', `admin@${slug}.example`);
  for (const step of ['secrets', 'tenant', 'service token', 'sign-in of Open WebUI'])
    await killTenantCommand(parent, words, `✓ ${step}`);
  expect(await tenantCommand(parent, words)).toMatchObject({ code: 0 });
  await expectWhole(slug);
}, 400_000);

test('a rotation broken at each call and run again renews everything once; destroyed likewise, nothing is left', async () => {
  const slug = `rotated-${mark}`;
  await create(slug);
  const folder = new BundleFolder(slug, parent);
  const before = folder.secrets();
  const rotate = () => rotateSecrets(core, folder, readTemplate(), new Progress(() => {}, 'Run it again.'));
  for (const call of [/^POST .*\/service-tokens$/, /^POST .*\/clients\/[^/]+\/secret$/]) {
    breakAt(call, 'after');
    expect(await messageOf(rotate())).toContain('Run it again.');
    vi.unstubAllGlobals();
  }
  expect(() => finishRotation(core, folder)).toThrow("The rotation isn't through");
  await rotate();
  const after = folder.secrets();
  const [first, ...others] = after.PROVIDER_KEY_ENCRYPTION_KEY?.split(',') ?? [];
  expect(others).toEqual([before.PROVIDER_KEY_ENCRYPTION_KEY]);
  expect(first).not.toBe(before.PROVIDER_KEY_ENCRYPTION_KEY);
  expect(after.BILLING_SERVICE_TOKEN).not.toBe(before.BILLING_SERVICE_TOKEN);
  // The one before, and the one whose answer was lost.
  expect(await finishRotation(core, folder)).toEqual({ ended: 2, others: 0 });
  await expectWhole(slug);

  const destroy = () => destroyTenant(core, folder, new Progress(() => {}, 'Run it again.'), () => {});
  for (const call of [/^PATCH .*\/tenants\/records/, /^DELETE .*\/service-tokens/, /^DELETE .*\/clients/]) {
    breakAt(call, 'after');
    expect(await messageOf(destroy())).toContain('Run it again.');
    vi.unstubAllGlobals();
    expect(folder.exists()).toBe(true);
  }
  await destroy();
  expect(existsSync(folder.path)).toBe(false);
  const audit = (await superuser()).collection('audit_logs');
  const told = await audit.getFullList({ filter: `target_id = "${after.WEBUI_CLIENT_ID}"`, sort: 'created' });
  expect([...new Set(told.map(({ target_collection, action }) => `${target_collection} ${action}`))]).toEqual([
    'oidc_clients create',
    'oidc_clients update',
    'oidc_clients delete',
  ]);
  expect(await found(slug)).toMatchObject({ liveTokens: [], clients: [] });
  await destroy();
});

test('another folder neither ends a bundle nor adds a domain to it until it is told to; a rotation ends only its own', async () => {
  const slug = `other-${mark}`;
  await create(slug);
  const before = await found(slug);
  const at = path.join(parent, 'elsewhere');
  const other = new BundleFolder(slug, at);
  const said = await messageOf(create(slug, { at }));
  expect(said).toMatch(/is not in .*elsewhere.*: its service token has been there since 20\d\d-/);
  expect(said).toContain('With --take-over');
  expect(await messageOf(create(slug, { at, domain: `${slug}.test` }))).toContain(
    `--domain: the tenant ${slug} has ai.${slug}.example, app.${slug}.example, webui.${slug}.example, not ai.${slug}.test`,
  );
  expect(existsSync(other.path)).toBe(false);
  expect(await found(slug)).toEqual(before);

  const downloaded = await issueServiceToken(core, (await tenantOf(slug)).id);
  const mine = new BundleFolder(slug, parent);
  await create(slug);
  await rotateSecrets(core, mine, readTemplate(), new Progress(() => {}, ''));
  expect(await finishRotation(core, mine)).toEqual({ ended: 1, others: 1 });
  expect((await found(slug)).liveTokens.sort()).toEqual([downloaded.id, mine.heldToken()?.id].sort());

  await create(slug, { at, takeOver: true });
  expect((await found(slug)).liveTokens).toEqual([other.heldToken()?.id]);
  expect(await messageOf(create(slug))).toContain("Billing refuses the bundle's service token");
});

test('an invitation that nobody gets is said and never ticked; an address of another tenant stops it before', async () => {
  const slug = `asked-${mark}`;
  const admin = `admin@${slug}.example`;
  const lines: string[] = [];
  const taken = await newPerson({ role: 'member', name: 'Somebody' });
  expect(await messageOf(create(slug, { admin: taken.email.toUpperCase() }))).toContain(
    'has an account in another tenant',
  );
  expect(existsSync(path.join(parent, slug))).toBe(false);
  await expect(tenantOf(slug)).rejects.toMatchObject({ status: 404 });

  const real = globalThis.fetch;
  vi.stubGlobal('fetch', async (input: string | URL | Request, init?: RequestInit) => {
    const response = await real(input, init);
    if (!/\/api\/invitations$/.test(`${input instanceof Request ? input.url : input}`)) return response;
    return Response.json({ ...((await response.json()) as object), mailSent: false });
  });
  await create(slug, { lines });
  vi.unstubAllGlobals();
  expect(lines).toContainEqual(expect.stringMatching(`^! invitation of ${admin}: .*mail server did not take its mail`));
  const noMailServer = [
    'No mail server is configured: nobody can be invited.',
    'Es ist kein Mailserver eingerichtet: Niemand kann eingeladen werden.',
  ];
  for (const [index, message] of noMailServer.entries()) {
    vi.stubGlobal('fetch', async (input: string | URL | Request, init?: RequestInit) =>
      /\/api\/invitations$/.test(`${input instanceof Request ? input.url : input}`)
        ? Response.json({ message }, { status: 503 })
        : real(input, init),
    );
    const other = `next-${index}-${admin}`;
    await create(slug, { lines, admin: other });
    vi.unstubAllGlobals();
    expect(lines).toContainEqual(expect.stringContaining(`! invitation of ${other}: PocketBase has no mail server`));
  }
  expect(lines.filter((line) => line.startsWith(`✓ invitation`))).toEqual([]);
  await create(slug, { lines });
  expect(lines).toContain(`✓ invitation of ${admin} (was invited before)`);

  const directory = await superuser();
  const invitation = await directory.collection('invitations').getFirstListItem(`email = "${admin}"`);
  await directory.collection('invitations').update(invitation.id, { expires: '2026-01-01 00:00:00.000Z' });
  await create(slug, { lines });
  expect(lines.filter((line) => line === `✓ invitation of ${admin}`).length).toBe(1);
  const { id: tenant, sign_up_product: product } = await tenantOf(slug);
  const member = { email: `member@${slug}.example`, name: 'A member', tenant, product, role: 'member', kind: 'person' };
  const password = randomBytes(12).toString('base64url');
  await directory
    .collection('users')
    .create({ ...member, password, passwordConfirm: password, status: 'active', locale: 'en' });
  await create(slug, { lines, admin: member.email });
  expect(lines).toContainEqual(expect.stringContaining('has an account already, as member; make them an admin'));
});

test('what cannot stand in the bundle is said before anything is made', async () => {
  const slug = `odd-${mark}`;
  const by = { ...core, addresses: { ...core.addresses, imprint: 'https://core.test/$legal' } };
  expect(await messageOf(create(slug, { by }))).toMatch(/^IMPRINT_URL: spaces.*\nChange it in /);
  expect(existsSync(path.join(parent, slug))).toBe(false);
  await expect(tenantOf(slug)).rejects.toMatchObject({ status: 404 });
  await create(slug);
  const folder = new BundleFolder(slug, parent);
  const text = readFileSync(folder.file(SECRETS_FILE), 'utf8');
  writeFileSync(folder.file(SECRETS_FILE), text.replace(/^LOG_LEVEL=.*$/m, 'LOG_LEVEL="debug"'));
  await expect(upgradeBundle(folder, readTemplate(), undefined)).rejects.toThrow(/^LOG_LEVEL: spaces.*\nChange it in /);
});

test('a tenant in Coolify is suspended only when Coolify can be asked', async () => {
  const slug = `cool-${mark}`;
  await create(slug);
  const folder = new BundleFolder(slug, parent);
  folder.keep({ coolify: { uuid: 'x' } });
  const destroy = destroyTenant(core, folder, new Progress(() => {}, ''), () => {});
  await expect(destroy).rejects.toThrow('COOLIFY_TOKEN');
  expect((await tenantOf(slug)).status).toBe('active');
});

test('a bundle that was never finished can be ended too; of neither tenant nor bundle it says so', async () => {
  const slug = `half-${mark}`;
  breakAt(/^POST .*\/service-tokens$/, 'before');
  await messageOf(create(slug));
  vi.unstubAllGlobals();
  const folder = new BundleFolder(slug, parent);
  await destroyTenant(core, folder, new Progress(() => {}, ''), () => {});
  expect(existsSync(folder.path)).toBe(false);
  const never = new BundleFolder(`never-${mark}`, parent);
  await expect(destroyTenant(core, never, new Progress(() => {}, ''), () => {})).rejects.toThrow(
    `There is no tenant never-${mark} and no bundle of it here`,
  );
});
