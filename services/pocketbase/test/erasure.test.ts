/** Somebody is erased: what goes, what stays, who may ask for it, and what a restored backup is told. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Erasure, erasureList, erasureResponse } from '@cloudfreedom/contracts';
import type PocketBase from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INTERNAL_SECRET, type Person, type Stage, setStage, signInSuperuser, startServer, statusOf } from './stage.ts';

let stage: Stage;
let dataDir: string;
const PASSWORD = 'a-long-enough-password';

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-erasure-'));
  stage = await setStage({}, dataDir);
});
afterAll(async () => {
  await stage.server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const erase = (client: PocketBase, id: string, body: object = {}) =>
  client.send(`/api/people/${id}/erasure`, { method: 'POST', body }).then((answer) => erasureResponse.parse(answer));
const messageOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => '',
    (error: { response: { message: string } }) => error.response.message,
  );
const unite = async (erasures: Erasure[]) => {
  const response = await stage.internal('POST', 'erasures', { erasures });
  expect(response.status).toBe(200);
  return erasureList.parse(await response.json()).erasures;
};

/** Everything that can hold a word of somebody: record, key, outside account, one-time code, audit rows, request log. */
async function leaveTraces(person: Person, word: string): Promise<void> {
  const { superuser } = stage;
  await superuser.collection('users').update(person.id, { name: `${word} name`, cost_centre: `${word} desk` });
  await superuser.collection('users').update(person.id, { email: `${word}@traces.test` });
  const session = stage.client();
  await session.collection('users').authWithPassword(`${word}@traces.test`, PASSWORD);
  await session.collection('users').update(person.id, { locale: 'en' });
  await stage.internal('POST', 'api-keys', {
    userId: person.id,
    name: `${word} key`,
    sha256: 'a'.repeat(64),
    prefix: 'cf-Ab12',
    expiresAt: '',
    monthlyBudgetEur: '',
    models: [],
  });
  const invitation = { tenant: stage.north.id, role: 'member', locale: 'de', expires: '2099-01-01 00:00:00.000Z' };
  const ofThem = {
    email: `new-${person.id}@example.test`,
    name: 'New',
    invited_by: person.id,
    invited_by_name: `${word} name`,
  };
  await superuser.collection('invitations').create({ ...invitation, ...ofThem, token_hash: 'b'.repeat(64) });
  const beside = { collectionRef: person.collectionId, recordRef: person.id };
  await superuser.collection('_externalAuths').create({ ...beside, provider: 'google', providerId: `${word}-google` });
  await superuser.collection('_otps').create({ ...beside, password: '12345678', sentTo: `${word}@traces.test` });
  await superuser.collection('_mfas').create({ ...beside, method: 'password' });
  await superuser.collection('_authOrigins').create({ ...beside, fingerprint: `${word}-device` });
  await superuser.collection('users').getFullList({ filter: `email = "${word}@traces.test"` });
  await superuser.collection('users').getFullList({ filter: `name ~ "${word}"` });
  await session.collection('users').requestPasswordReset(`unknown-${word}@traces.test`);
}

/** Files of the data folder in which the bytes of a word stand, backups apart. */
function filesWith(word: string): string[] {
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.includes('backups') && statSync(path.join(dataDir, file)).isFile())
    .filter((file) => readFileSync(path.join(dataDir, file)).includes(word));
}

async function everything(): Promise<string> {
  const collections = await stage.superuser.collections.getFullList();
  const records = await Promise.all(collections.map(({ name }) => stage.superuser.collection(name).getFullList()));
  return JSON.stringify([records, await stage.superuser.logs.getList(1, 1000)]);
}

test('the person goes, to the last byte; the list of erasures and who did it stay', async () => {
  const person = await stage.createPerson({ name: 'Mia' });
  await leaveTraces(person, 'quokka');
  expect(await everything()).toContain('quokka');
  const admin = await stage.signIn(stage.people.admin);
  const answer = await erase(admin, person.id);
  expect(answer).toMatchObject({
    status: 'erased',
    subjectId: person.id,
    tenantId: stage.north.id,
    by: stage.people.admin.id,
  });
  expect(await everything()).not.toMatch(/quokka|traces\.test/);
  expect(filesWith('quokka')).toEqual([]);
  const about = await stage.superuser.collection('audit_logs').getFullList({ filter: `target_id = "${person.id}"` });
  expect(about.map(({ action }) => action).sort()).toEqual(['create', 'delete', 'update', 'update', 'update']);
  expect(about.find(({ action }) => action === 'delete')).toMatchObject({
    actor: stage.people.admin.id,
    ip: '127.0.0.0/24',
  });
  const own = about.find(({ actor }) => actor === person.id);
  expect(own).toMatchObject({ ip: '', before: { locale: '[erased]' }, after: { locale: '[erased]' } });
  const [tombstone, ...others] = await stage.superuser
    .collection('outbox')
    .getFullList({ filter: `record_id = "${person.id}"` });
  expect(tombstone?.payload).toMatchObject({ id: person.id, record: null });
  expect(others).toEqual([]);
});

describe('who may ask', () => {
  test('a tenant admin for members of their tenant, not for admins; nobody for others; strangers see nobody', async () => {
    const { member, colleague, southAdmin, admin, platformAdmin } = stage.people;
    const status = async (asker: Person, target: string) => statusOf(erase(await stage.signIn(asker), target));
    expect(await status(colleague, member.id)).toBe(404);
    expect(await status(southAdmin, member.id)).toBe(404);
    expect(await status(admin, platformAdmin.id)).toBe(403);
    expect(await status(admin, (await stage.createPerson({ role: 'tenant_admin' })).id)).toBe(403);
    expect(await status(admin, 'unknownunknown1')).toBe(404);
    expect(await statusOf(erase(stage.client(), member.id))).toBe(401);
    expect(await stage.superuser.collection('users').getOne(member.id)).toMatchObject({ id: member.id });
  });

  test('oneself with the password, and in one`s own language', async () => {
    const person = await stage.createPerson({ locale: 'de' });
    const session = await stage.signIn(person);
    expect(await messageOf(erase(session, person.id))).toMatch(/^Das Feld password fehlt/);
    expect(await messageOf(erase(session, person.id, { password: 'wrong' }))).toBe('Das Passwort stimmt nicht.');
    expect(await erase(session, person.id, { password: PASSWORD })).toMatchObject({ status: 'erased', by: person.id });
    expect(await statusOf(session.collection('users').authRefresh())).toBe(401);
    const rows = await stage.superuser.collection('audit_logs').getFullList({ filter: `actor = "${person.id}"` });
    expect(rows).toMatchObject([{ action: 'delete', ip: '', before: {}, after: {} }]);
  });

  test('twice: said so to those who may read the list', async () => {
    const person = await stage.createPerson({});
    const admin = await stage.signIn(stage.people.admin);
    const first = await erase(admin, person.id);
    expect(await erase(admin, person.id)).toEqual({ ...first, status: 'already_erased' });
    expect(await erase(stage.superuser, person.id)).toEqual({ ...first, status: 'already_erased' });
    expect(await statusOf(erase(await stage.signIn(stage.people.southAdmin), person.id))).toBe(404);
  });

  test('the last active platform admin stays, by the records API too', async () => {
    const session = await stage.signIn(stage.people.platformAdmin);
    const { id } = stage.people.platformAdmin;
    const last = /^Das ist der letzte aktive Plattform-Admin/;
    expect(await messageOf(erase(session, id, { password: PASSWORD }))).toMatch(last);
    expect(await messageOf(session.collection('users').delete(id))).toMatch(last);
    const second = await stage.createPerson({ role: 'platform_admin' });
    expect(await erase(session, second.id)).toMatchObject({ status: 'erased' });
  });
});

test('a deletion by the records API is an erasure as well', async () => {
  const person = await stage.createPerson({ name: 'numbat' });
  await stage.superuser.collection('users').delete(person.id);
  const [row] = await stage.superuser.collection('erasures').getFullList({ filter: `subject = "${person.id}"` });
  expect(row).toMatchObject({ tenant: stage.north.id, erased_by: stage.superuser.authStore.record?.id });
  expect(await everything()).not.toContain('numbat');
});

describe('the list', () => {
  test('both sides become one: who came back with a backup goes, and the answer is the whole list', async () => {
    const person = await stage.createPerson({ name: 'bilby' });
    const other = await stage.createPerson({});
    await erase(stage.superuser, other.id);
    const told = { subjectId: person.id, tenantId: stage.north.id, at: '2026-01-02T03:04:05.678Z', by: '' };
    const never = { ...told, subjectId: 'neverheardofxxx' };
    const list = await unite([told, never]);
    expect(list).toEqual(expect.arrayContaining([told, never, expect.objectContaining({ subjectId: other.id })]));
    expect(await unite([told])).toEqual(list);
    expect(await statusOf(stage.superuser.collection('users').getOne(person.id))).toBe(404);
    expect(await everything()).not.toContain('bilby');
  });

  test('an erased id is never given again', async () => {
    const person = await stage.createPerson({});
    await erase(stage.superuser, person.id);
    expect(await messageOf(stage.createPerson({ id: person.id }))).toMatch(/never used again/);
  });

  test('what is not a list of erasures is refused by field', async () => {
    const response = await stage.internal('POST', 'erasures', { erasures: [{ subjectId: 'x', tenantId: '' }] });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('The field erasures.0')]);
  });

  test('is append-only, and audit rows are blacked out for erased people only', async () => {
    const sql = (query: string) => statusOf(stage.superuser.send('/api/sql', { method: 'POST', body: { query } }));
    expect(await sql("UPDATE erasures SET erased_by = ''")).toBeGreaterThanOrEqual(400);
    expect(await sql('DELETE FROM erasures')).toBeGreaterThanOrEqual(400);
    const { id } = stage.people.member;
    expect(await sql(`UPDATE audit_logs SET ip = '' WHERE target_id = '${id}'`)).toBeGreaterThanOrEqual(400);
    const erased = '(SELECT subject FROM erasures)';
    const forged = `UPDATE audit_logs SET after = '{"role":"member"}' WHERE target_id IN ${erased}`;
    expect(await sql(forged)).toBeGreaterThanOrEqual(400);
    expect(await sql(`UPDATE audit_logs SET action = 'create' WHERE target_id IN ${erased}`)).toBeGreaterThanOrEqual(
      400,
    );
  });
});

test('at its start, PocketBase asks billing who has to go, before it serves anybody', async () => {
  const { createServer } = await import('node:http');
  const person = await stage.createPerson({});
  await stage.server.stop();
  const told: Erasure = { subjectId: person.id, tenantId: stage.north.id, at: '2026-01-02T03:04:05.678Z', by: '' };
  const asked: string[] = [];
  const billing = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ erasures: [told] }));
  });
  await new Promise<void>((resolve) => billing.listen(0, '127.0.0.1', resolve));
  const { port } = billing.address() as { port: number };
  const server = await startServer(
    {
      INTERNAL_SECRET,
      BILLING_WEBHOOK_URL: `http://127.0.0.1:${port}/internal/directory`,
      BILLING_WEBHOOK_SECRET: INTERNAL_SECRET,
    },
    dataDir,
  );
  try {
    expect(asked[0]).toBe('/internal/erasures');
    const superuser = await signInSuperuser(server);
    expect(await statusOf(superuser.collection('users').getOne(person.id))).toBe(404);
  } finally {
    await server.stop();
    billing.closeAllConnections();
    billing.close();
    stage.server = await startServer({ INTERNAL_SECRET }, dataDir);
  }
});

test('the request log holds neither names that were searched for nor addresses, erased or not', async () => {
  const word = `Tapir${randomUUID().slice(0, 8)}`;
  const superuser = await signInSuperuser(stage.server);
  await superuser.collection('users').getFullList({ filter: `name ~ "${word}" || email = "${word}@traces.test"` });
  await superuser.collection('users').requestPasswordReset(`${word}@traces.test`);
  const marker = `/api/nothing-${randomUUID()}`;
  await superuser.send(marker, {}).catch(() => undefined);
  const lines = async () => JSON.stringify(await superuser.logs.getList(1, 500));
  // The request log is written every three seconds.
  await expect.poll(lines, { timeout: 15_000 }).toContain(marker);
  expect(await lines()).not.toContain(word);
  expect(filesWith(word)).toEqual([]);
});
