/** What somebody gets of what is kept of them here, who gets it, and that no column is forgotten. */
import { personExport } from '@cloudfreedom/contracts';
import type PocketBase from 'pocketbase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, type Stage, setStage, statusOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.server.stop());

const ask = (client: PocketBase, id: string) => client.send(`/api/people/${id}/export`, { method: 'GET' });
const exported = async (client: PocketBase, id: string) => personExport.parse(await ask(client, id));

/**
 * Each column of each table: where it stands in the export, or why it does not. A new one has to be decided here.
 */
const WHOLE_TABLES_LEFT_OUT: Record<string, string> = {
  tenants: 'of the organisation',
  products: 'of the platform',
  models: 'of the platform',
  usage_logs: 'a copy of what billing exports',
  outbox: 'copies on their way to billing, gone in seconds',
  erasures: 'of people who are gone',
  _superusers: 'no people of a tenant',
  _otps: 'codes that live for minutes',
  _mfas: 'half a sign-in, lives for minutes',
};
const LEFT_OUT: Record<string, Record<string, string>> = {
  users: {
    password: 'secret',
    tokenKey: 'secret',
    emailVisibility: 'always true',
    rev: 'a counter of the directory',
    sessions_ended: 'stands in their history, as who ended them and when',
  },
  api_keys: { key_hash: 'secret', user: 'the person', rev: 'a counter of the directory' },
  invitations: { id: 'tells nothing', token_hash: 'secret', invited_by_name: 'somebody else' },
  audit_logs: { id: 'tells nothing', tenant: 'the tenant of the target' },
  _externalAuths: {
    id: 'tells nothing',
    collectionRef: 'the person',
    recordRef: 'the person',
    providerId: 'names the account at the provider, who tells of it',
    updated: 'never changes',
  },
  _authOrigins: { id: 'tells nothing', collectionRef: 'the person', recordRef: 'the person' },
};
const PARTS: Record<string, Record<string, string>> = {
  users: {
    id: 'id',
    email: 'email',
    verified: 'verified',
    name: 'name',
    tenant: 'tenant',
    product: 'product',
    role: 'role',
    kind: 'kind',
    status: 'status',
    budget_override_eur: 'budgetOverrideEur',
    requests_per_minute: 'requestsPerMinute',
    tokens_per_minute: 'tokensPerMinute',
    parallel_requests: 'parallelRequests',
    cost_centre: 'costCentre',
    locale: 'locale',
    created: 'created',
    updated: 'updated',
  },
  api_keys: {
    id: 'id',
    name: 'name',
    prefix: 'prefix',
    tenant: 'tenantId',
    models: 'models',
    monthly_budget_eur: 'monthlyBudgetEur',
    requests_per_minute: 'requestsPerMinute',
    tokens_per_minute: 'tokensPerMinute',
    parallel_requests: 'parallelRequests',
    expires: 'expires',
    last_used: 'lastUsed',
    revoked: 'revoked',
    created: 'created',
    updated: 'updated',
  },
  invitations: {
    email: 'email',
    name: 'name',
    tenant: 'tenantId',
    product: 'productId',
    role: 'role',
    locale: 'locale',
    invited_by: 'invitedBy',
    expires: 'expires',
    created: 'created',
    updated: 'updated',
  },
  audit_logs: {
    created: 'at',
    actor: 'actor',
    actor_role: 'actorRole',
    ip: 'network',
    action: 'action',
    target_collection: 'collection',
    target_id: 'targetId',
    before: 'before',
    after: 'after',
  },
  _externalAuths: { provider: 'provider', created: 'created' },
  _authOrigins: { fingerprint: 'fingerprint', created: 'created', updated: 'updated' },
};
const TABLES_WITHOUT_COLLECTION: Record<string, string> = {
  sign_in_notices: 'exported as notices: kind, address, at',
  sign_in_failures: 'a hash and a count that is forgotten within the hour',
  directory_revision: 'a counter',
};

/** Somebody with a row in everything that is exported. */
async function personWithEverything(): Promise<{ person: Person; session: PocketBase }> {
  const { superuser, north, model } = stage;
  const person = await stage.createPerson({ name: 'Quokka', email: 'Quokka@example.test', cost_centre: 'desk 7' });
  await stage.internal('POST', 'api-keys', {
    userId: person.id,
    name: 'laptop',
    sha256: 'c'.repeat(64),
    prefix: 'cf-Qu0k',
    expiresAt: '',
    monthlyBudgetEur: '2.50',
    models: [model.name],
  });
  const beside = { collectionRef: person.collectionId, recordRef: person.id };
  await superuser.collection('_externalAuths').create({ ...beside, provider: 'google', providerId: 'google-quokka' });
  await superuser.collection('_authOrigins').create({ ...beside, fingerprint: 'quokka-device' });
  const invitation = { tenant: north.id, role: 'member', locale: 'de', expires: '2099-01-01 00:00:00.000Z' };
  const toThem = { email: 'quokka@example.test', name: 'Q', invited_by: stage.people.admin.id };
  await superuser.collection('invitations').create({ ...invitation, ...toThem, token_hash: 'd'.repeat(64) });
  const byThem = { email: 'guest-of-q@example.test', name: 'Guest', invited_by: person.id, invited_by_name: 'Quokka' };
  await superuser.collection('invitations').create({ ...invitation, ...byThem, token_hash: 'e'.repeat(64) });
  await superuser.send('/api/sql', {
    method: 'POST',
    body: {
      query: `INSERT INTO sign_in_notices (person, kind, address, at) VALUES ('${person.id}', 'password', 'q@x.test', 9000000000000)`,
    },
  });
  const session = await stage.signIn(person);
  await session.collection('users').update(person.id, { locale: 'en' });
  return { person, session };
}

test('whole: a row of everything, no secret, nothing of others', async () => {
  const { person, session } = await personWithEverything();
  const all = await exported(session, person.id);
  expect(all.profile).toMatchObject({
    email: person.email,
    name: 'Quokka',
    costCentre: 'desk 7',
    tenant: { id: stage.north.id, name: 'North' },
  });
  expect(all.apiKeys).toMatchObject([{ name: 'laptop', prefix: 'cf-Qu0k', models: [stage.model.id] }]);
  expect(all.invitations).toMatchObject([{ email: 'quokka@example.test', invitedBy: stage.people.admin.id }]);
  expect(all.invitationsSent).toHaveLength(1);
  expect(all.notices).toEqual([{ kind: 'password', address: 'q@x.test', at: new Date(9e12).toISOString() }]);
  expect(all.externalSignIns).toMatchObject([{ provider: 'google' }]);
  expect(all.devices).toMatchObject([{ fingerprint: 'quokka-device' }]);
  const about = all.auditEntries.filter(({ collection }) => collection === 'users');
  expect(about.map(({ action }) => action)).toEqual(['create', 'update']);
  expect(about[0]).toMatchObject({ actor: stage.superuser.authStore.record?.id, network: '' });
  expect(about[1]).toMatchObject({ actor: person.id, network: '127.0.0.0/24', after: { locale: 'en' } });
  expect(all.auditEntries.map(({ collection }) => collection)).toContain('api_keys');
  const text = JSON.stringify(await ask(session, person.id));
  for (const secret of ['c'.repeat(64), 'd'.repeat(64), 'e'.repeat(64), 'guest-of-q@', 'google-quokka', 'tokenKey'])
    expect(text).not.toContain(secret);
});

test('of what an admin did with others, only that it was done', async () => {
  const { admin, member } = stage.people;
  const session = await stage.signIn(admin);
  await session.collection('users').update(member.id, { cost_centre: 'secret of Mia' });
  const { auditEntries } = await exported(session, admin.id);
  expect(auditEntries).toContainEqual(
    expect.objectContaining({ actor: admin.id, targetId: member.id, before: null, after: null }),
  );
  expect(JSON.stringify(auditEntries)).not.toContain('secret of Mia');
});

test('who may have it: oneself, one`s own admin for members, a platform admin; strangers see nobody', async () => {
  const { member, colleague, admin, southAdmin, platformAdmin } = stage.people;
  const status = async (asker: Person, id: string) => statusOf(ask(await stage.signIn(asker), id));
  expect(await status(member, member.id)).toBe(0);
  expect(await status(admin, member.id)).toBe(0);
  expect(await status(platformAdmin, admin.id)).toBe(0);
  expect(await status(colleague, member.id)).toBe(404);
  expect(await status(southAdmin, member.id)).toBe(404);
  expect(await status(member, 'unknownunknown1')).toBe(404);
  expect(await status(admin, (await stage.createPerson({ role: 'tenant_admin' })).id)).toBe(403);
  expect(await statusOf(ask(stage.client(), member.id))).toBe(401);
  await stage.superuser.collection('users').update(colleague.id, { status: 'suspended' });
  expect(await statusOf(ask(stage.superuser, colleague.id))).toBe(0);
});

test('no collection, table or column is forgotten', async () => {
  const { person, session } = await personOfEarlier();
  const all = await exported(session, person.id);
  const shown: Record<string, object | undefined> = {
    users: all.profile,
    api_keys: all.apiKeys[0],
    invitations: all.invitations[0],
    audit_logs: all.auditEntries[0],
    _externalAuths: all.externalSignIns[0],
    _authOrigins: all.devices[0],
  };
  const collections = (await stage.superuser.collections.getFullList()).filter(({ type }) => type !== 'view');
  for (const { name, fields } of collections) {
    if (name in WHOLE_TABLES_LEFT_OUT) continue;
    const decided = { ...PARTS[name], ...LEFT_OUT[name] };
    expect(Object.keys(decided).sort(), name).toEqual(fields.map((field: { name: string }) => field.name).sort());
    expect(Object.keys(shown[name] ?? {}).sort(), name).toEqual(Object.values(PARTS[name] ?? {}).sort());
  }
  const query = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`;
  const { rows } = await stage.superuser.send('/api/sql', { method: 'POST', body: { query } });
  const own = ['_collections', '_params', '_migrations', ...collections.map(({ name }) => name)];
  const others = (rows as { name: string }[] | string[][]).map((row) => (Array.isArray(row) ? row[0] : row.name));
  expect(others.filter((name) => !own.includes(`${name}`)).sort()).toEqual(
    Object.keys(TABLES_WITHOUT_COLLECTION).sort(),
  );
});

/** Whom the first test made. */
async function personOfEarlier() {
  const filter = 'email = "Quokka@example.test"';
  const person = await stage.superuser.collection('users').getFirstListItem<Person>(filter);
  return { person, session: await stage.signIn(person) };
}
