import { randomUUID } from 'node:crypto';
import type PocketBase from 'pocketbase';
import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, type Stage, setStage, statusOf } from './stage.ts';

let stage: Stage;
let member: PocketBase;
let admin: PocketBase;
let platformAdmin: PocketBase;
let self: Person;

beforeAll(async () => {
  stage = await setStage();
  self = stage.people.member;
  member = await stage.signIn(self);
  admin = await stage.signIn(stage.people.admin);
  platformAdmin = await stage.signIn(stage.people.platformAdmin);
});
afterAll(() => stage.server.stop());

const read = (person: RecordModel) => stage.superuser.collection('users').getOne(person.id);
const update = (client: PocketBase, person: RecordModel, body: Record<string, unknown> | FormData) =>
  client.collection('users').update(person.id, body);

/** The attempt fails, or it passes and has changed none of the protected fields. */
async function expectHarmless(attempt: () => Promise<unknown>, person: RecordModel): Promise<void> {
  const before = await read(person);
  await statusOf(attempt());
  const after = await read(person);
  const limits = ['requests_per_minute', 'tokens_per_minute', 'parallel_requests'];
  const money = ['budget_override_eur', 'cost_centre'];
  for (const field of ['role', 'tenant', 'product', 'status', 'kind', 'verified', ...money, ...limits])
    expect(after[field], field).toEqual(before[field]);
}

describe('a member can raise nothing of their own', () => {
  test('but may change name, locale and password', async () => {
    const person = await stage.createPerson({});
    const session = await stage.signIn(person);
    const changed = await update(session, person, { name: 'Neo', locale: 'en', role: 'member' });
    expect(changed).toMatchObject({ name: 'Neo', locale: 'en', role: 'member' });
    const password = { password: 'another-password', passwordConfirm: 'another-password' };
    expect(await statusOf(update(session, person, password))).toBe(400);
    await update(session, person, { ...password, oldPassword: 'a-long-enough-password' });
  });

  test.each([
    ['role', 'platform_admin'],
    ['role', 'tenant_admin'],
    ['role+', 'platform_admin'],
    ['role-', 'member'],
    ['role', null],
    ['role', ['platform_admin']],
    ['role', ['member', 'platform_admin']],
    ['status', 'suspended'],
    ['kind', 'service_account'],
    ['budget_override_eur', '9000'],
    ['budget_override_eur', 9000],
    ['budget_override_eur', ''],
    ['requests_per_minute', 9000],
    ['tokens_per_minute', 1],
    ['parallel_requests', 9000],
    ['cost_centre', '1'],
    ['verified', true],
  ])('%s = %j is refused', async (field, value) => {
    const status = await statusOf(update(member, self, { [field]: value }));
    expect([400, 404]).toContain(status);
    await expectHarmless(() => update(member, self, { [field]: value }), self);
  });

  test('not the tenant or product, by value, modifier or array', async () => {
    for (const body of [
      { tenant: stage.south.id },
      { 'tenant+': stage.south.id },
      { tenant: [stage.south.id] },
      { tenant: [stage.north.id, stage.south.id] },
      { product: stage.otherProduct.id },
      { 'product+': stage.otherProduct.id },
    ]) {
      expect(await statusOf(update(member, self, body)), JSON.stringify(body)).toBe(404);
      await expectHarmless(() => update(member, self, body), self);
    }
  });

  test('not through another spelling of the body', async () => {
    const form = (...entries: [string, string][]) => {
      const data = new FormData();
      for (const [name, value] of entries) data.append(name, value);
      return data;
    };
    for (const body of [
      form(['role', 'platform_admin']),
      form(['@jsonPayload', '{"role":"platform_admin"}']),
      form(['role', 'member'], ['role', 'platform_admin']),
      form(['@jsonPayload', '{"role":"member"}'], ['role', 'platform_admin']),
      { '+role': 'platform_admin' },
      { Role: 'platform_admin', ROLE: 'platform_admin' },
      { tokenKey: 'x'.repeat(50) },
      { rev: 1 },
    ])
      await expectHarmless(() => update(member, self, body), self);
    const raw = (contentType: string, body: string) =>
      fetch(`${stage.server.url}/api/collections/users/records/${self.id}`, {
        method: 'PATCH',
        headers: { authorization: member.authStore.token, 'content-type': contentType },
        body,
      });
    await expectHarmless(() => raw('application/x-www-form-urlencoded', 'role=platform_admin'), self);
    await expectHarmless(() => raw('application/json', '{"role":"member","role":"platform_admin"}'), self);
    expect((await raw('application/x-www-form-urlencoded', 'role=platform_admin')).status).toBe(404);
  });

  test('not by batch, impersonation, deletion or sign-up', async () => {
    const batch = member.createBatch();
    batch.collection('users').update(self.id, { role: 'platform_admin' });
    expect(await statusOf(batch.send())).toBe(403);
    expect(await statusOf(member.collection('users').impersonate(stage.people.admin.id, 60))).toBe(403);
    expect(await statusOf(member.collection('users').delete(self.id))).toBeGreaterThanOrEqual(400);
    const body = {
      email: 'new@example.test',
      password: 'a-long-enough-password',
      passwordConfirm: 'a-long-enough-password',
      tenant: stage.north.id,
    };
    expect(await statusOf(stage.client().collection('users').create(body))).toBe(400);
    expect(await statusOf(member.collection('users').create(body))).toBe(400);
    expect(await statusOf(update(member, stage.people.colleague, { name: 'x' }))).toBe(404);
  });

  test('tenants, products and models are read-only for member and tenant admin', async () => {
    for (const client of [member, admin]) {
      const attempts = [
        () => client.collection('tenants').update(stage.north.id, { monthly_budget_eur: '9' }),
        () => client.collection('products').update(stage.product.id, { monthly_budget_eur: '9' }),
        () => client.collection('models').update(stage.model.id, { enabled: false }),
        () => client.collection('tenants').create({ name: 'x', slug: 'xx', type: 'dev' }),
        () => client.collection('usage_logs').create({ request_id: 'x' }),
        () => client.collection('audit_logs').create({ actor: 'x' }),
        () => client.collection('outbox').create({ rev: 1 }),
        () => client.collection('api_keys').create({ user: self.id, tenant: stage.north.id, key_hash: 'a'.repeat(64) }),
      ];
      for (const attempt of attempts) expect([400, 403, 404]).toContain(await statusOf(attempt()));
    }
    expect((await stage.superuser.collection('tenants').getOne(stage.north.id)).monthly_budget_eur).toBe('500');
  });
});

describe('a tenant admin', () => {
  test('edits people of the own tenant: status, product, budget, name, cost centre, role up to tenant admin', async () => {
    const colleague = await stage.createPerson({});
    for (const body of [
      { role: 'member' },
      { product: stage.otherProduct.id },
      { budget_override_eur: '0' },
      { tokens_per_minute: 7_000, parallel_requests: 3 },
      { name: 'Carl', cost_centre: '4711' },
      { status: 'suspended' },
      { status: 'active' },
      { role: 'tenant_admin' },
    ])
      expect(await update(admin, colleague, body)).toMatchObject(body);
  });

  test('lifts no other admin: neither budget, product nor the way round through another role; a platform admin does', async () => {
    const other = await stage.createPerson({ role: 'tenant_admin', budget_override_eur: '5' });
    for (const body of [
      { budget_override_eur: '9' },
      { budget_override_eur: '' },
      { requests_per_minute: 9000 },
      { product: stage.otherProduct.id },
      { role: 'member' },
      { role: 'member', budget_override_eur: '9' },
    ])
      expect(await statusOf(update(admin, other, body)), JSON.stringify(body)).toBe(404);
    expect(await read(other)).toMatchObject({ role: 'tenant_admin', budget_override_eur: '5' });
    expect(await update(admin, other, { name: 'Other', cost_centre: '1', status: 'suspended' })).toMatchObject({
      status: 'suspended',
    });
    const lifted = { role: 'member', budget_override_eur: '9', product: stage.otherProduct.id };
    expect(await update(platformAdmin, other, lifted)).toMatchObject(lifted);
  });

  test.each([
    { role: 'platform_admin' },
    { 'role+': 'platform_admin' },
    { role: ['platform_admin'] },
    { role: ['member', 'platform_admin'] },
    { role: ['platform_admin', 'member'] },
    { role: null },
    { kind: 'service_account' },
    { verified: true },
  ])('is refused %j', async (body) => {
    const { colleague } = stage.people;
    await statusOf(update(admin, colleague, body));
    expect(await read(colleague)).toMatchObject({ role: 'member', kind: 'person', verified: false });
  });

  test("can't move people, reach other tenants, platform admins or themselves, or set passwords", async () => {
    const { colleague, southMember, admin: own, platformAdmin: platform } = stage.people;
    expect(await statusOf(update(admin, colleague, { tenant: stage.south.id }))).toBe(404);
    expect(await statusOf(update(admin, southMember, { name: 'x' }))).toBe(404);
    expect(await statusOf(update(admin, platform, { status: 'suspended' }))).toBe(404);
    for (const body of [{ budget_override_eur: '9' }, { product: stage.otherProduct.id }, { role: 'platform_admin' }])
      await expectHarmless(() => update(admin, own, body), own);
    expect(await statusOf(update(admin, own, { budget_override_eur: '9' }))).toBe(404);
    const password = { password: 'another-password', passwordConfirm: 'another-password' };
    expect(await statusOf(update(admin, colleague, password))).toBe(400);
    expect(await statusOf(admin.collection('users').delete(colleague.id))).toBeGreaterThanOrEqual(400);
  });

  test('adds people to the own tenant only, and never a platform admin', async () => {
    const create = (fields: Record<string, unknown>) =>
      admin.collection('users').create({
        email: `${Math.random().toString(36).slice(2)}@example.test`,
        password: 'a-long-enough-password',
        passwordConfirm: 'a-long-enough-password',
        tenant: stage.north.id,
        ...fields,
      });
    expect(await create({ role: 'tenant_admin' })).toMatchObject({ role: 'tenant_admin', status: 'active' });
    expect(await create({})).toMatchObject({ role: 'member', kind: 'person', locale: 'de', tenant: stage.north.id });
    for (const fields of [
      { role: 'platform_admin' },
      { role: ['member', 'platform_admin'] },
      { 'role+': 'platform_admin' },
      { role: 'member', 'role+': 'platform_admin' },
      { tenant: stage.south.id },
      { tenant: [stage.north.id, stage.south.id] },
      { 'tenant+': stage.south.id },
      { kind: 'service_account' },
      { tenant: '' },
      { role: 'tenant_admin', budget_override_eur: '9000' },
    ])
      expect(await statusOf(create(fields)), JSON.stringify(fields)).toBeGreaterThanOrEqual(400);
    const people = await stage.superuser.collection('users').getFullList({ filter: 'role = "platform_admin"' });
    expect(people.map((person) => person.id)).toEqual([stage.people.platformAdmin.id]);
  });
});

describe('API keys', () => {
  test('are revoked by their owner and never come back; nothing else of them changes', async () => {
    const response = await stage.internal('POST', 'api-keys', {
      userId: self.id,
      name: 'laptop',
      sha256: 'd'.repeat(64),
      prefix: 'cf-Ab12',
      expiresAt: '',
      monthlyBudgetEur: '5',
      models: ['gpt-test'],
    });
    const { id } = (await response.json()) as { id: string };
    const keys = member.collection('api_keys');
    expect(await keys.update(id, { name: 'desktop' })).toMatchObject({ name: 'desktop' });
    for (const body of [
      { user: stage.people.colleague.id },
      { tenant: stage.south.id },
      { prefix: 'cf-zzzz' },
      { monthly_budget_eur: '500' },
      { models: [] },
      { 'models-': stage.model.id },
      { expires: '2040-01-01 00:00:00.000Z' },
    ])
      expect(await statusOf(keys.update(id, body)), JSON.stringify(body)).toBe(404);
    for (const body of [{ key_hash: 'e'.repeat(64) }, { 'key_hash+': 'e' }]) await keys.update(id, body);
    expect(await keys.update(id, { revoked: true })).toMatchObject({ revoked: true });
    for (const client of [member, admin, platformAdmin])
      expect(await statusOf(client.collection('api_keys').update(id, { revoked: false }))).toBe(404);
    expect(await statusOf(keys.delete(id))).toBeGreaterThanOrEqual(400);
    expect(await stage.superuser.collection('api_keys').getOne(id)).toMatchObject({
      key_hash: 'd'.repeat(64),
      revoked: true,
      monthly_budget_eur: '5',
      models: [stage.model.id],
    });
  });

  test('are limited by an admin of a member: neither by their owner nor by one admin for another', async () => {
    const limits = { requests_per_minute: 9, tokens_per_minute: 900, parallel_requests: 2 };
    const terms = { ...limits, monthly_budget_eur: '7', expires: '2040-01-01 00:00:00.000Z', models: [] };
    const keyOf = async (person: RecordModel) => {
      const sha256 = randomUUID().replaceAll('-', '').repeat(2);
      const fields = {
        name: 'key',
        sha256,
        prefix: 'cf-Ab12',
        expiresAt: '',
        monthlyBudgetEur: '',
        models: ['gpt-test'],
      };
      const body = { userId: person.id, ...fields, requestsPerMinute: 3, tokensPerMinute: 300, parallelRequests: 1 };
      const { id } = (await (await stage.internal('POST', 'api-keys', body)).json()) as { id: string };
      return id;
    };
    const attempt = (client: PocketBase, id: string, body: object) =>
      statusOf(client.collection('api_keys').update(id, body));
    const fellow = await stage.createPerson({ role: 'tenant_admin' });
    const account = await stage.createPerson({ kind: 'service_account' });
    for (const owner of [self, account]) {
      const id = await keyOf(owner);
      expect(await admin.collection('api_keys').update(id, terms)).toMatchObject(terms);
      expect(await attempt(await stage.signIn(stage.people.southAdmin), id, { requests_per_minute: 1 })).toBe(404);
      expect(await attempt(admin, id, { user: stage.people.colleague.id })).toBe(404);
      expect(await platformAdmin.collection('api_keys').update(id, { requests_per_minute: 0 })).toMatchObject({
        requests_per_minute: 0,
      });
    }
    for (const [client, owner] of [
      [member, self],
      [admin, stage.people.admin],
      [admin, fellow],
    ] as const) {
      const id = await keyOf(owner);
      for (const [field, value] of Object.entries(terms))
        expect(await attempt(client, id, { [field]: value }), `${owner.role} ${field}`).toBe(404);
      expect(await stage.superuser.collection('api_keys').getOne(id)).toMatchObject({
        requests_per_minute: 3,
        tokens_per_minute: 300,
        parallel_requests: 1,
        monthly_budget_eur: '',
      });
      expect(await platformAdmin.collection('api_keys').update(id, terms)).toMatchObject(terms);
    }
  });
});

describe('a platform admin', () => {
  test('edits everything: people of any tenant, tenants, products, models', async () => {
    const person = await stage.createPerson({ tenant: stage.south.id });
    const moved = { tenant: stage.north.id, role: 'platform_admin', budget_override_eur: '12.5', verified: true };
    expect(await update(platformAdmin, person, moved)).toMatchObject(moved);
    await platformAdmin.collection('tenants').update(stage.south.id, { markup_percent: '12.5' });
    await platformAdmin.collection('products').update(stage.otherProduct.id, { output_cap_tokens: 4000 });
    await platformAdmin.collection('models').update(stage.model.id, { display_name: 'Test model' });
    await platformAdmin.collection('users').delete(person.id);
    expect(await statusOf(read(person))).toBe(404);
  });
});
