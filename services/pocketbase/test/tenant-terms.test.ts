/** What the type of a tenant means: domains, the end of a demo, single sign-on; and which changes end sessions. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import PocketBase, { type RecordService } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, type Stage, setStage, signInSuperuser, startServer, statusOf } from './stage.ts';

/** With all its addresses: it is not asked for them. */
const PROVIDER = {
  OIDC_1_CLIENT_ID: 'router',
  OIDC_1_CLIENT_SECRET: 'a-secret-of-the-provider',
  OIDC_1_AUTH_URL: 'https://sign-in.example.test/authorize',
  OIDC_1_TOKEN_URL: 'https://sign-in.example.test/token',
  OIDC_1_USERINFO_URL: 'https://sign-in.example.test/userinfo',
};

let stage: Stage;
let tenants: RecordService;
beforeAll(async () => {
  stage = await setStage(PROVIDER);
  tenants = stage.superuser.collection('tenants');
});
afterAll(() => stage.server.stop());

let count = 0;
function create(fields: Record<string, unknown>) {
  count += 1;
  return tenants.create({ name: `T ${count}`, slug: `t-${count}`, ...fields });
}
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const DAY_MS = 86_400_000;

describe('types', () => {
  test('a demo gets thirty days where nobody says otherwise, and goes on as another type without an end', async () => {
    const demo = await create({ type: 'demo' });
    const days = (Date.parse(demo.expires_at) - Date.now()) / DAY_MS;
    expect(Math.round(days)).toBe(30);
    expect((await create({ type: 'demo', expires_at: inMs(3 * DAY_MS) })).expires_at).not.toBe('');
    expect(await tenants.update(demo.id, { type: 'enterprise', expires_at: '', retention_days: 30 })).toMatchObject({
      retention_days: 30,
    });
  });

  test('an enterprise signs in at its provider unless told otherwise', async () => {
    expect(await create({ type: 'enterprise' })).toMatchObject({ single_sign_on_required: true });
    expect(await create({ type: 'enterprise', single_sign_on_required: false })).toMatchObject({
      single_sign_on_required: false,
    });
    expect(await create({ type: 'internal' })).toMatchObject({ single_sign_on_required: false });
  });

  test('an internal tenant has no mark-up', async () => {
    const attempt = create({ type: 'internal', markup_percent: '0.5' });
    await expect(attempt).rejects.toMatchObject({
      response: { data: { markup_percent: { code: 'internal_without_markup' } } },
    });
    expect(await create({ type: 'internal', markup_percent: '0.00' })).toMatchObject({ markup_percent: '0.00' });
  });
});

describe('domains', () => {
  test('belong to one tenant', async () => {
    await create({ type: 'dev', domains: ['chat.one.example', 'one.example'] });
    const second = create({ type: 'dev', domains: ['two.example', 'one.example'] });
    await expect(second).rejects.toMatchObject({
      status: 400,
      response: { data: { domains: { code: 'domain_taken', message: expect.stringContaining('one.example') } } },
    });
    const two = await create({ type: 'dev', domains: ['two.example'] });
    expect(await statusOf(tenants.update(two.id, { domains: ['two.example', 'chat.one.example'] }))).toBe(400);
    expect(await tenants.update(two.id, { domains: ['two.example', 'chat.two.example'] })).toMatchObject({
      domains: ['two.example', 'chat.two.example'],
    });
  });

  test('of several at one moment, one gets it', async () => {
    const attempts = Array.from({ length: 8 }, () => statusOf(create({ type: 'dev', domains: ['race.example'] })));
    expect((await Promise.all(attempts)).sort()).toEqual([0, ...Array(7).fill(400)]);
  });

  test('localhost is for dev tenants, for any number of them', async () => {
    const local = { type: 'dev', domains: ['localhost', '127.0.0.1'] };
    await create(local);
    const dev = await create(local);
    expect(await statusOf(tenants.update(dev.id, { type: 'internal' }))).toBe(400);
  });
});

interface SignedIn {
  person: Person;
  session: PocketBase;
}

/** What a session can still do, by status: who am I, reading, renewing. */
async function reach({ person, session }: SignedIn): Promise<unknown[]> {
  return [
    await statusOf(session.send('/api/internal/principal', {})),
    (await session.collection('users').getFullList({ filter: `id = "${person.id}"` })).length,
    await statusOf(session.collection('users').authRefresh()),
  ];
}
const ENDED = [401, 0, 401];
const ALIVE = [0, 1, 0];

async function signInNew(fields: Record<string, unknown>): Promise<SignedIn> {
  const person = await stage.createPerson(fields);
  return { person, session: await stage.signIn(person) };
}

describe('a demo after its end', () => {
  test('reads nothing, makes no key and signs nobody in, with a reason of its own; prolonged, old sessions stay over', async () => {
    const demo = await create({ type: 'demo' });
    const one = await signInNew({ tenant: demo.id });
    expect(await reach(one)).toEqual(ALIVE);
    await tenants.update(demo.id, { expires_at: inMs(-1_000) });
    const reason = { status: 403, response: { data: { tenant: { code: 'tenant_expired' } } } };
    await expect(one.session.send('/api/internal/principal', {})).rejects.toMatchObject(reason);
    await expect(one.session.collection('users').authRefresh()).rejects.toMatchObject(reason);
    await expect(stage.signIn(one.person)).rejects.toMatchObject(reason);
    for (const collection of ['users', 'tenants', 'products', 'models', 'usage_logs'])
      expect(await one.session.collection(collection).getFullList(), collection).toEqual([]);
    const body = { userId: one.person.id, name: 'x', sha256: '1'.repeat(64), prefix: 'cf-Ab12' };
    const key = await stage.internal('POST', 'api-keys', { ...body, expiresAt: '', monthlyBudgetEur: '', models: [] });
    expect(key.status).toBe(403);
    await tenants.update(demo.id, { expires_at: inMs(DAY_MS) });
    expect(await reach(one)).toEqual(ENDED);
    await stage.signIn(one.person);
  });

  test('with a wrong password there is no reason to learn', async () => {
    const demo = await create({ type: 'demo' });
    const person = await stage.createPerson({ tenant: demo.id });
    await tenants.update(demo.id, { expires_at: inMs(-1_000) });
    const guess = (email: string) => stage.client().collection('users').authWithPassword(email, 'a-wrong-password');
    const answers = await Promise.all(
      [person.email, 'nobody@example.test'].map((email) => guess(email).catch((error) => error.response)),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 400 });
  });
});

describe('single sign-on', () => {
  test('refuses passwords of its people in words, not of platform admins; a session of another way goes on', async () => {
    const enterprise = await create({ type: 'enterprise' });
    const person = await stage.createPerson({ tenant: enterprise.id });
    await expect(stage.signIn(person)).rejects.toMatchObject({
      status: 403,
      response: { data: { identity: { code: 'single_sign_on_required' } } },
    });
    await stage.signIn(await stage.createPerson({ tenant: enterprise.id, role: 'platform_admin' }));
    const session = await stage.superuser.collection('users').impersonate(person.id, 600);
    await session.collection('users').authRefresh();
    await tenants.update(enterprise.id, { single_sign_on_required: false });
    await stage.signIn(person);
  });
});

describe('without a sign-in provider', () => {
  test('an enterprise signs in by password, and to require single sign-on is refused with the way to it', async () => {
    const server = await startServer({});
    try {
      const own = (await signInSuperuser(server)).collection('tenants');
      const enterprise = { name: 'Acme', slug: 'acme', type: 'enterprise' };
      const made = await own.create(enterprise);
      expect(made).toMatchObject({ single_sign_on_required: false });
      const refusal = {
        status: 400,
        response: {
          data: {
            single_sign_on_required: {
              code: 'no_sign_in_provider',
              message: expect.stringContaining('docs/operations/sign-in.md'),
            },
          },
        },
      };
      await expect(own.update(made.id, { single_sign_on_required: true })).rejects.toMatchObject(refusal);
      const another = own.create({ ...enterprise, slug: 'acme-2', single_sign_on_required: true });
      await expect(another).rejects.toMatchObject(refusal);
      expect((await own.getFullList()).map(({ slug }) => slug)).toEqual(['acme']);
    } finally {
      await server.stop();
    }
  });

  test('a tenant that required it before goes on requiring it, can be changed, and can be let in by a platform admin', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-sign-in-'));
    try {
      const before = await setStage(PROVIDER, dataDir);
      const enterprise = await before.superuser
        .collection('tenants')
        .create({ name: 'Acme', slug: 'acme', type: 'enterprise' });
      const person = await before.createPerson({ tenant: enterprise.id });
      const boss = await before.createPerson({ tenant: enterprise.id, role: 'platform_admin' });
      await before.server.stop();
      const server = await startServer({}, dataDir);
      try {
        const signIn = async ({ email }: Person) => {
          const client = new PocketBase(server.url);
          await client.collection('users').authWithPassword(email, 'a-long-enough-password');
          return client;
        };
        const admin = await signIn(boss);
        const changed = await admin.collection('tenants').update(enterprise.id, { monthly_budget_eur: '9' });
        expect(changed).toMatchObject({ single_sign_on_required: true });
        await expect(signIn(person)).rejects.toMatchObject({ status: 403 });
        await admin.collection('tenants').update(enterprise.id, { single_sign_on_required: false });
        await signIn(person);
      } finally {
        await server.stop();
      }
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});

describe('sessions end', () => {
  test.each([
    ['role', { role: 'tenant_admin' }],
    ['status', { status: 'suspended' }],
    ['tenant', undefined],
  ])("with a person's %s, for good", async (_, change) => {
    const one = await signInNew({});
    const another = await signInNew({});
    await stage.superuser.collection('users').update(one.person.id, change ?? { tenant: stage.south.id });
    expect(await reach(one)).toEqual(ENDED);
    await stage.superuser
      .collection('users')
      .update(one.person.id, { role: 'member', status: 'active', tenant: stage.north.id });
    expect(await reach(one)).toEqual(ENDED);
    expect(await reach(another)).toEqual(ALIVE);
  });

  test("of all people of a suspended tenant, for good, and nobody else's", async () => {
    const tenant = await create({ type: 'dev' });
    const [one, two] = [
      await signInNew({ tenant: tenant.id }),
      await signInNew({ tenant: tenant.id, role: 'tenant_admin' }),
    ];
    const outside = await signInNew({});
    expect([await reach(one), await reach(two)]).toEqual([ALIVE, ALIVE]);
    await tenants.update(tenant.id, { status: 'suspended' });
    expect([await reach(one), await reach(two)]).toEqual([ENDED, ENDED]);
    await tenants.update(tenant.id, { status: 'active' });
    expect([await reach(one), await reach(two)]).toEqual([ENDED, ENDED]);
    expect(await reach(outside)).toEqual(ALIVE);
    await stage.signIn(one.person);
  });

  test('not with a change that gives nobody another access', async () => {
    const one = await signInNew({});
    await stage.superuser.collection('users').update(one.person.id, { budget_override_eur: '3', name: 'Other' });
    await tenants.update(stage.north.id, { monthly_budget_eur: '400', expires_at: inMs(9 * DAY_MS) });
    expect(await reach(one)).toEqual(ALIVE);
  });
});
