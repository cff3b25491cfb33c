/** Sign-in by a company's provider: who gets in, who is joined to whom, and who is not. */
import { randomUUID } from 'node:crypto';
import type PocketBase from 'pocketbase';
import { ClientResponseError } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CompanyProvider, REDIRECT_URL, startCompanyProvider } from './company-provider.ts';
import { type MailStage, setMailStage } from './mail-stage.ts';
import { type OAuth2Provider, offer, type ProviderName, startOAuth2Provider } from './oauth2-provider.ts';
import { statusOf } from './stage.ts';

let provider: CompanyProvider;
let stage: MailStage;
beforeAll(async () => {
  provider = await startCompanyProvider();
  stage = await setMailStage({
    MFA_REQUIRED: 'admins',
    OIDC_1_NAME: 'Demo GmbH',
    OIDC_1_ISSUER: provider.issuer,
    OIDC_1_CLIENT_ID: provider.clientId,
    OIDC_1_CLIENT_SECRET: provider.clientSecret,
    GOOGLE_CLIENT_ID: 'google-client',
    GOOGLE_CLIENT_SECRET: 'google-secret',
    MICROSOFT_CLIENT_ID: 'microsoft-client',
    MICROSOFT_CLIENT_SECRET: 'microsoft-secret',
    MICROSOFT_TENANT_ID: '7d1c1a5e-0000-4000-8000-000000000001',
  });
});
afterAll(async () => {
  await stage?.stop();
  await provider?.stop();
});

const methods = async () => (await stage.guest().collection('users').listAuthMethods()).oauth2.providers;

/** An account at the provider. @returns its id */
function account(email: string, fields: { email_verified?: boolean; name?: string } = {}): string {
  const id = randomUUID();
  provider.accounts.set(id, { email, email_verified: true, name: 'Pia Provider', ...fields });
  return id;
}

async function signInAs(accountId: string, client: PocketBase = stage.guest(), createData?: Record<string, unknown>) {
  const method = (await methods()).find(({ name }) => name === 'oidc');
  if (!method) throw new Error('the provider is not offered');
  const code = await provider.signIn(method.authURL, accountId);
  return client.collection('users').authWithOAuth2Code('oidc', code, method.codeVerifier, REDIRECT_URL, createData);
}

const newAddress = (domain = 'example.test') => `${randomUUID()}@${domain}`;
const personWith = async (email: string) =>
  (await stage.superuser.collection('users').getFullList({ filter: `email = "${email}"` }))[0];

test('what the environment names is offered, with its own addresses', async () => {
  const offered = await methods();
  expect(offered.map(({ name, displayName }) => [name, displayName])).toEqual([
    ['oidc', 'Demo GmbH'],
    ['google', 'Google'],
    ['microsoft', 'Microsoft'],
  ]);
  const urls = Object.fromEntries(offered.map(({ name, authURL }) => [name, authURL]));
  expect(urls.oidc).toMatch(new RegExp(`^${provider.issuer}/auth\\?.*code_challenge=`));
  expect(urls.microsoft).toContain('/7d1c1a5e-0000-4000-8000-000000000001/oauth2/v2.0/authorize');
  expect(JSON.stringify(offered)).not.toContain(provider.clientSecret);
});

describe('people who exist', () => {
  test('are found by an address that the provider vouches for, in any spelling; later by the link', async () => {
    const person = await stage.createPerson({ verified: true });
    const id = account(person.email.toUpperCase());
    expect((await signInAs(id)).record.id).toBe(person.id);
    provider.accounts.set(id, { email: newAddress(), email_verified: true, name: 'Moved' });
    expect((await signInAs(id)).record.id).toBe(person.id);
  });

  test('are not found by an address that the provider does not vouch for', async () => {
    const person = await stage.createPerson({ verified: true });
    expect(await statusOf(signInAs(account(person.email, { email_verified: false })))).toBe(400);
  });

  test('an account made beforehand by somebody else with a password is taken over by its owner, not kept', async () => {
    const person = await stage.createPerson({ verified: false });
    const before = await stage.signIn(person);
    expect((await signInAs(account(person.email))).record.verified).toBe(true);
    expect(await statusOf(stage.signIn(person))).toBe(400);
    expect(await statusOf(before.collection('users').authRefresh())).toBe(401);
  });

  test('an open session is not given a second key under another address', async () => {
    const person = await stage.createPerson({ verified: true });
    const client = await stage.signIn(person);
    expect(await statusOf(signInAs(account(newAddress()), client))).toBe(400);
    expect(
      await stage.superuser.collection('_externalAuths').getFullList({ filter: `recordRef = "${person.id}"` }),
    ).toEqual([]);
  });

  test.each(['demo', 'enterprise'])(
    'admins (of a tenant of type %s) need the code also after the provider',
    async (type) => {
      // An enterprise signs in at its provider only; the code after it is no sign-in of its own.
      const { id: tenant } = await stage.superuser
        .collection('tenants')
        .create({ name: type, slug: `t-${randomUUID().slice(0, 8)}`, type, monthly_budget_eur: '1' });
      const admin = await stage.createPerson({ role: 'tenant_admin', verified: true, tenant });
      const error = await signInAs(account(admin.email)).catch((thrown) => thrown);
      expect([error.status, Object.keys(error.response)]).toEqual([401, ['mfaId']]);
      const { mfaId } = error.response;
      const body = { mfaId };
      const { otpId } = await stage.guest().send('/api/sign-in/code', { method: 'POST', body });
      const { code } = await stage.sink.mailTo(admin.email);
      const { record } = await stage.guest().collection('users').authWithOTP(otpId, code, { mfaId });
      expect(record.id).toBe(admin.id);
    },
  );
});

describe('people who are unknown', () => {
  test('get the same answer as somebody suspended, and nothing is made of them', async () => {
    const answer = async (accountId: string) => {
      const error = await signInAs(accountId).catch((thrown) => thrown);
      if (!(error instanceof ClientResponseError)) throw new Error('signed in');
      return JSON.stringify([error.status, error.response]);
    };
    const suspended = await stage.createPerson({ status: 'suspended', verified: true });
    const unknown = newAddress();
    const said = await answer(account(unknown));
    expect(said).toContain('400');
    expect(await answer(account(suspended.email))).toBe(said);
    expect(await personWith(unknown)).toBeUndefined();
  });

  test('can not make themselves up by what their browser sends', async () => {
    const email = newAddress();
    const wishes = { tenant: stage.north.id, role: 'platform_admin', kind: 'person', status: 'active' };
    expect(await statusOf(signInAs(account(email), stage.guest(), wishes))).toBe(400);
    expect(await personWith(email)).toBeUndefined();
  });

  test('come in where they were invited, as what they were invited for, once', async () => {
    const email = newAddress();
    const admin = await stage.superuser.collection('users').impersonate(stage.people.admin.id, 3600);
    const made = await admin.send('/api/invitations', {
      method: 'POST',
      body: { email, name: 'Ida Invited', product: stage.product.id, locale: 'en' },
    });
    const { record } = await signInAs(account(email), stage.guest(), { role: 'platform_admin' });
    const { name, role, tenant, product, locale, verified } = record;
    expect({ name, role, tenant, product, locale, verified }).toEqual({
      name: 'Ida Invited',
      role: 'member',
      tenant: stage.north.id,
      product: stage.product.id,
      locale: 'en',
      verified: true,
    });
    expect(await statusOf(admin.collection('invitations').getOne(made.id))).toBe(404);
  });

  test('come in from a domain whose tenant takes people in, and from no other', async () => {
    const sign_up_domain = 'south.example';
    const tenants = stage.superuser.collection('tenants');
    await tenants.update(stage.south.id, { sign_up_domain });
    expect(await statusOf(tenants.update(stage.north.id, { sign_up_domain }))).toBe(400);
    expect(await statusOf(signInAs(account(newAddress('south.example'))))).toBe(400);
    await tenants.update(stage.south.id, { sign_up_product: stage.product.id });
    const email = newAddress('south.example');
    const { record } = await signInAs(account(email, { name: 'Sören Süd' }));
    expect(record).toMatchObject({
      name: 'Sören Süd',
      role: 'member',
      tenant: stage.south.id,
      product: stage.product.id,
    });
    expect(await statusOf(signInAs(account(newAddress('sub.south.example'))))).toBe(400);
    expect(await statusOf(signInAs(account(newAddress('north.example'))))).toBe(400);
    expect(await statusOf(signInAs(account(newAddress('south.example'), { email_verified: false })))).toBe(400);
  });
});

test('a code of the provider is good once, and only with its verifier', async () => {
  const person = await stage.createPerson({ verified: true });
  const [method] = await methods();
  const code = await provider.signIn(method?.authURL ?? '', account(person.email));
  const users = stage.guest().collection('users');
  expect(await statusOf(users.authWithOAuth2Code('oidc', code, 'x'.repeat(43), REDIRECT_URL))).toBe(400);
});

describe.each(['google', 'microsoft'] as const)('by OAuth2 of %s', (name: ProviderName) => {
  let standIn: OAuth2Provider;
  let putBack: () => Promise<void>;
  beforeAll(async () => {
    standIn = await startOAuth2Provider();
    putBack = await offer(stage.superuser, [standIn.entry(name)]);
  });
  afterAll(async () => {
    await putBack?.();
    await standIn?.stop();
  });

  async function come(email: string, fields: { isVerified?: boolean; id?: string; verifier?: string } = {}) {
    const method = (await methods()).find((offered) => offered.name === name);
    if (!method) throw new Error('the provider is not offered');
    const { isVerified = true, id = randomUUID(), verifier = method.codeVerifier } = fields;
    const code = await standIn.signIn(method.authURL, REDIRECT_URL, { id, email, name: 'Pia Provider', isVerified });
    return stage.guest().collection('users').authWithOAuth2Code(name, code, verifier, REDIRECT_URL);
  }

  test('people who exist come in by their address, later by the link alone', async () => {
    const person = await stage.createPerson({ verified: true });
    const id = randomUUID();
    expect((await come(person.email.toUpperCase(), { id })).record.id).toBe(person.id);
    expect((await come(newAddress(), { id })).record.id).toBe(person.id);
  });

  test('nobody else does, nor anybody with a code that was begun elsewhere', async () => {
    const stranger = newAddress();
    expect(await statusOf(come(stranger))).toBe(400);
    expect(await personWith(stranger)).toBeUndefined();
    const person = await stage.createPerson({ verified: true });
    expect(await statusOf(come(person.email, { verifier: 'x'.repeat(43) }))).toBe(400);
    const suspended = await stage.createPerson({ verified: true, status: 'suspended' });
    expect(await statusOf(come(suspended.email))).toBe(400);
    expect(await statusOf(come(''))).toBe(400);
  });

  // Microsoft's directory names only addresses that it has confirmed.
  if (name === 'google')
    test('an address that it has not confirmed opens nothing', async () => {
      const person = await stage.createPerson({ verified: true });
      expect(await statusOf(come(person.email, { isVerified: false }))).toBe(400);
    });
});

test('a provider that can not be reached at the start is left out; the others stay', async () => {
  const env = {
    OIDC_1_ISSUER: 'http://127.0.0.1:9',
    OIDC_1_CLIENT_ID: 'router',
    OIDC_1_CLIENT_SECRET: 'secret',
    GOOGLE_CLIENT_ID: 'google-client',
    GOOGLE_CLIENT_SECRET: 'google-secret',
  };
  const other = await setMailStage(env);
  try {
    const { oauth2, password } = await other.guest().collection('users').listAuthMethods();
    expect(oauth2.providers.map(({ name }) => name)).toEqual(['google']);
    expect(password.enabled).toBe(true);
  } finally {
    await other.stop();
  }
});
