/** Keeping requests and answers: who switches it on for a tenant, and that it stands in the audit log and at billing. */
import { directoryPage, personExport } from '@cloudfreedom/contracts';
import type { RecordModel } from 'pocketbase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, type Stage, setStage, statusOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.server.stop());

const days = async () => (await stage.superuser.collection('tenants').getOne(stage.north.id)).content_log_days;
const audited = (filter: string): Promise<RecordModel[]> =>
  stage.superuser.collection('audit_logs').getFullList({ filter, sort: 'created' });
async function set(person: Person, body: Record<string, unknown>, tenant = stage.north): Promise<unknown> {
  return (await stage.signIn(person)).send(`/api/tenants/${tenant.id}/content-log`, { method: 'POST', body });
}

test('an admin of the tenant switches it on and off, which the audit log and billing`s copy tell', async () => {
  const { admin } = stage.people;
  expect(await days()).toBe(0);
  expect(await set(admin, { days: 30, confirmed: true })).toEqual({ days: 30 });
  expect(await set(admin, { days: 30, confirmed: true })).toEqual({ days: 30 });
  const page = await stage.internal('GET', 'directory-pages?limit=100');
  const copied = directoryPage.parse(await page.json()).tenants;
  expect(copied.map(({ id, contentLogDays }) => [id === stage.north.id, contentLogDays]).sort()).toEqual([
    [false, 0],
    [true, 30],
  ]);
  expect(await set(admin, { days: 0, confirmed: false })).toEqual({ days: 0 });
  const about = { actor: admin.id, actor_role: 'tenant_admin', tenant: stage.north.id, action: 'update' };
  expect(await audited(`target_id = "${stage.north.id}" && action = "update"`)).toMatchObject([
    { ...about, before: { content_log_days: 0 }, after: { content_log_days: 30 } },
    { ...about, before: { content_log_days: 30 }, after: { content_log_days: 0 } },
  ]);
});

test('nobody else does: members, other tenants, the operator, or anybody by the record itself', async () => {
  const { member, southAdmin, admin } = stage.people;
  const operator = await stage.createPerson({ tenant: stage.south.id, role: 'platform_admin' });
  const on = { days: 30, confirmed: true };
  expect(await statusOf(set(member, on))).toBe(403);
  expect(await statusOf(set(southAdmin, on))).toBe(404);
  expect(await statusOf(set(operator, on))).toBe(403);
  expect(await statusOf(stage.client().send(`/api/tenants/${stage.north.id}/content-log`, { method: 'POST' }))).toBe(
    401,
  );
  const record = (await stage.signIn(operator)).collection('tenants');
  await record.update(stage.north.id, { content_log_days: 30, name: 'North again' });
  await record.update(stage.north.id, { 'content_log_days+': 30 });
  const made = await record.create({ name: 'New', slug: 'new', type: 'dev', content_log_days: 30 });
  expect([await days(), made.content_log_days]).toEqual([0, 0]);
  // The operator may end it.
  await set(admin, on);
  expect(await set(operator, { days: 0 })).toEqual({ days: 0 });
});

test('it wants whole days within its bounds, and the confirmation', async () => {
  for (const body of [{}, { days: -1 }, { days: 91 }, { days: 1.5 }, { days: '30' }, { days: 30 }, { days: null }])
    expect(await statusOf(set(stage.people.admin, { confirmed: body.days === 30 ? 'yes' : true, ...body }))).toBe(400);
  expect(await days()).toBe(0);
});

test('a look at a request is told in the export of the person whose it was', async () => {
  const { member, colleague, admin } = stage.people;
  const entry = {
    id: '0f8fad5b-d9cb-469f-a165-70867728950e',
    at: '2026-11-01T10:00:00.000Z',
    ...{ tenantId: stage.north.id, actor: admin.id, actorRole: 'tenant_admin', network: '' },
    ...{ action: 'read', collection: 'contents', targetId: '7c9e6679-7425-40de-944b-e07fc1f90ae7' },
    ...{ before: {}, after: { subject: member.id } },
  };
  expect((await stage.internal('POST', 'audit-logs', { entries: [entry] })).status).toBe(200);
  const looksAt = async (person: Person) => {
    const session = await stage.signIn(person);
    const all = personExport.parse(await session.send(`/api/people/${person.id}/export`, {}));
    return all.auditEntries.filter(({ collection }) => collection === 'contents');
  };
  expect(await looksAt(member)).toMatchObject([{ actor: admin.id, action: 'read', after: { subject: member.id } }]);
  expect(await looksAt(colleague)).toEqual([]);
});
