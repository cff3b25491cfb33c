import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stage, setStage, statusOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.server.stop());

const rowsAbout = (id: string): Promise<RecordModel[]> =>
  stage.superuser.collection('audit_logs').getFullList({ filter: `target_id = "${id}"`, sort: 'created' });

test('an update names who, from where, and the changed fields only', async () => {
  const admin = await stage.signIn(stage.people.admin);
  const { colleague } = stage.people;
  await admin.collection('users').update(colleague.id, { status: 'suspended', budget_override_eur: '7' });
  expect((await rowsAbout(colleague.id)).at(-1)).toMatchObject({
    tenant: stage.north.id,
    actor: stage.people.admin.id,
    actor_role: 'tenant_admin',
    ip: '127.0.0.0/24',
    action: 'update',
    target_collection: 'users',
    before: { status: 'active' },
    after: { status: 'suspended', budget_override_eur: '7' },
  });
});

test('create and delete are kept too, for every collection', async () => {
  const platformAdmin = await stage.signIn(stage.people.platformAdmin);
  const tenant = await platformAdmin.collection('tenants').create({ name: 'West', slug: 'west', type: 'dev' });
  await platformAdmin.collection('tenants').delete(tenant.id);
  const [created, deleted] = await rowsAbout(tenant.id);
  expect(created).toMatchObject({ action: 'create', tenant: tenant.id, after: { slug: 'west', status: 'active' } });
  expect(created?.before).toEqual({});
  expect(deleted).toMatchObject({ action: 'delete', before: { slug: 'west' }, after: {} });
  for (const record of [stage.product, stage.model])
    expect(await rowsAbout(record.id)).toMatchObject([{ action: 'create', actor_role: 'superuser', tenant: '' }]);
});

test('personal values and secrets never get in, only that they changed', async () => {
  const { member } = stage.people;
  const session = await stage.signIn(member);
  await session.collection('users').update(member.id, { name: 'Secret Name', locale: 'en' });
  await session.collection('users').update(member.id, {
    oldPassword: 'a-long-enough-password',
    password: 'brand-new-password',
    passwordConfirm: 'brand-new-password',
  });
  await stage.superuser.collection('users').update(member.id, { email: 'moved@example.test' });
  const response = await stage.internal('POST', 'api-keys', {
    userId: member.id,
    name: 'Key of Mia',
    sha256: 'f'.repeat(64),
    prefix: 'cf-Ab12',
    expiresAt: '',
    monthlyBudgetEur: '',
    models: [],
  });
  const { id: keyId } = (await response.json()) as { id: string };
  await stage.superuser.collection('users').delete(stage.people.colleague.id);
  const changes = (await rowsAbout(member.id)).map((row) => row.after);
  expect(changes.slice(1)).toEqual([
    { name: '[not kept]', locale: 'en' },
    { password: '[not kept]' },
    { email: '[not kept]' },
  ]);
  const [aboutKey] = await rowsAbout(keyId);
  expect(aboutKey).toMatchObject({ actor: member.id, action: 'create', after: { prefix: 'cf-Ab12' } });
  const everything = JSON.stringify(await stage.superuser.collection('audit_logs').getFullList());
  expect(everything).not.toMatch(/@example\.test|Mia|Carl|Secret Name|brand-new|f{64}|tokenKey|\$2[ab]\$/);
});

test('a refused change leaves no audit row, and a change that changes nothing neither', async () => {
  const before = (await rowsAbout(stage.north.id)).length;
  const tenants = stage.superuser.collection('tenants');
  expect(await statusOf(tenants.update(stage.north.id, { slug: 'south' }))).toBe(400);
  await tenants.update(stage.north.id, { slug: 'north' });
  expect(await rowsAbout(stage.north.id)).toHaveLength(before);
});

test('superusers leave their rows too: other superusers, settings, collections and their rules', async () => {
  const { superuser } = stage;
  const password = 'a-long-enough-password';
  const another = { email: 'another@example.test', password, passwordConfirm: password };
  const { id } = await superuser.collection('_superusers').create(another);
  await superuser.collection('_superusers').update(id, { password: `${password}-2`, passwordConfirm: `${password}-2` });
  await superuser.collection('_superusers').delete(id);
  expect((await rowsAbout(id)).map(({ action, before, after }) => [action, before, after])).toEqual([
    ['create', {}, { email: '[not kept]', verified: true }],
    ['update', { password: '[not kept]' }, { password: '[not kept]' }],
    ['delete', { email: '[not kept]', verified: true }, {}],
  ]);
  await superuser.settings.update({ meta: { appName: 'Renamed' } });
  expect((await rowsAbout('settings')).at(-1)).toMatchObject({
    actor_role: 'superuser',
    after: { meta: '[not kept]' },
  });
  const models = await superuser.collections.getOne('models');
  await superuser.collections.update('models', { listRule: '' });
  expect((await rowsAbout(models.id)).at(-1)).toMatchObject({
    before: { listRule: models.listRule },
    after: { name: 'models', listRule: '' },
  });
  await superuser.collections.update('models', { listRule: models.listRule });
  expect(await statusOf(superuser.collections.update('models', { listRule: 'no rule ===' }))).toBe(400);
  expect(await rowsAbout(models.id)).toHaveLength(2);
});
