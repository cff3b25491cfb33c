/** Ending somebody's sessions: who may, what is over at once, and what billing is told. */
import { directorySnapshot, endedSessions } from '@cloudfreedom/contracts';
import type PocketBase from 'pocketbase';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, type Stage, setStage, statusOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.server.stop());

const end = (client: PocketBase, { id }: Person) =>
  client.send(`/api/people/${id}/end-sessions`, { method: 'POST' }).then((answer) => endedSessions.parse(answer));
const refresh = (client: PocketBase) => statusOf(client.collection('users').authRefresh());
const sessionsEndedAt = async (person: Person) => {
  const snapshot = directorySnapshot.parse(await (await stage.internal('GET', 'directory-pages?limit=5000')).json());
  return snapshot.users.find(({ id }) => id === person.id)?.sessionsEndedAt;
};

test('every session is over at once, a new one is not; billing is told since when, the audit log by whom', async () => {
  const person = await stage.createPerson({ name: 'Two Devices' });
  const [phone, desk] = [await stage.signIn(person), await stage.signIn(person)];
  expect(await sessionsEndedAt(person)).toBe('');
  const { at } = await end(await stage.signIn(stage.people.admin), person);
  expect([await refresh(phone), await refresh(desk)]).toEqual([401, 401]);
  expect(await refresh(await stage.signIn(person))).toBe(0);
  expect(await sessionsEndedAt(person)).toBe(at);
  const filter = `target_id = "${person.id}" && action = "update"`;
  const row = await stage.superuser.collection('audit_logs').getFirstListItem(filter, { sort: '-created' });
  expect(row).toMatchObject({ actor: stage.people.admin.id, actor_role: 'tenant_admin', tenant: stage.north.id });
  expect(Object.keys(row.after)).toEqual(['sessions_ended']);
});

test('oneself, members of one`s tenant and fellow admins; no platform admin, nobody of another tenant', async () => {
  const { member, colleague, admin, southAdmin, southMember, platformAdmin } = stage.people;
  const fellow = await stage.createPerson({ role: 'tenant_admin' });
  const boss = await stage.createPerson({ role: 'platform_admin' });
  expect(await statusOf(end(await stage.signIn(member), member))).toBe(0);
  expect(await statusOf(end(await stage.signIn(member), colleague))).toBe(404);
  expect(await statusOf(end(await stage.signIn(admin), fellow))).toBe(0);
  expect(await statusOf(end(await stage.signIn(admin), boss))).toBe(403);
  expect(await statusOf(end(await stage.signIn(admin), southMember))).toBe(404);
  expect(await statusOf(end(await stage.signIn(southAdmin), member))).toBe(404);
  expect(await statusOf(end(await stage.signIn(platformAdmin), boss))).toBe(0);
  expect(await statusOf(end(stage.client(), member))).toBe(401);
});

test('nobody sets the moment by hand, not even a platform admin', async () => {
  const person = await stage.createPerson({});
  const future = '2099-01-01 00:00:00.000Z';
  for (const client of [await stage.signIn(person), await stage.signIn(stage.people.platformAdmin)])
    await client.collection('users').update(person.id, { sessions_ended: future, locale: 'en' });
  expect(await sessionsEndedAt(person)).toBe('');
  const { at } = await end(await stage.signIn(stage.people.admin), person);
  const again = await stage.signIn(person);
  await again.collection('users').update(person.id, { sessions_ended: '', locale: 'de' });
  expect(await sessionsEndedAt(person)).toBe(at);
});
