/** Inviting people: by whom, by mail, accepted once, nothing usable before. */
import { randomUUID } from 'node:crypto';
import type PocketBase from 'pocketbase';
import { ClientResponseError } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MailStage, setMailStage, tokenOf } from './mail-stage.ts';
import { type Person, setStage, statusOf } from './stage.ts';

let stage: MailStage;
beforeAll(async () => {
  stage = await setMailStage();
});
afterAll(() => stage?.stop());

const PASSWORD = 'a-password-of-my-own';
const newAddress = () => `${randomUUID()}@example.test`;
const post = <T>(client: PocketBase, route: string, body: Record<string, unknown> = {}) =>
  client.send<T>(`/api/invitations${route}`, { method: 'POST', body });

interface Made {
  id: string;
  expires: string;
  mailSent: boolean;
}

async function as(person: Person): Promise<PocketBase> {
  const client = stage.guest();
  client.authStore.save((await stage.signIn(person)).authStore.token);
  return client;
}

async function invite(fields: Record<string, unknown> = {}) {
  const email = newAddress();
  const made = await post<Made>(await as(stage.people.admin), '', { email, name: 'Nora Neu', ...fields });
  return { email, made, mail: await stage.sink.mailTo(email) };
}

async function faultOf(call: Promise<unknown>): Promise<[number, Record<string, { code: string }>]> {
  const error = await call.catch((thrown) => thrown);
  if (!(error instanceof ClientResponseError)) throw new Error('did not fail');
  return [error.status, error.response.data];
}

test('invited, accepted, signed in: with what the admin gave, and in German', async () => {
  const { email, made, mail } = await invite({ product: stage.product.id });
  expect(made.mailSent).toBe(true);
  expect(Date.parse(made.expires) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
  expect(mail.subject).toBe('Einladung zu North');
  expect(mail.text).toContain('Guten Tag Nora Neu,');
  expect(mail.text).toContain('gilt 7 Tage');
  expect(mail.link).toMatch(/^https:\/\/north\.chat\.example\.test\/accept-invitation\?token=/);
  const token = tokenOf(mail);
  expect(await post(stage.guest(), '/open', { token })).toEqual({
    email,
    name: 'Nora Neu',
    locale: 'de',
    tenant: 'North',
  });
  expect(await statusOf(stage.guest().collection('users').authWithPassword(email, PASSWORD))).toBe(400);
  await post(stage.guest(), '/accept', { token, password: PASSWORD });
  const { record } = await stage.guest().collection('users').authWithPassword(email, PASSWORD);
  const { tenant, product, role, kind, status, verified } = record;
  expect({ tenant, product, role, kind, status, verified }).toEqual({
    tenant: stage.north.id,
    product: stage.product.id,
    role: 'member',
    kind: 'person',
    status: 'active',
    verified: true,
  });
  const [status2, data] = await faultOf(post(stage.guest(), '/accept', { token, password: PASSWORD }));
  expect([status2, data.token?.code]).toEqual([400, 'invitation_invalid']);
});

test('an admin in English is led to the portal', async () => {
  const { mail } = await invite({ role: 'tenant_admin', locale: 'en' });
  expect(mail.subject).toBe('Invitation to North');
  expect(mail.link).toMatch(/^https:\/\/portal\.example\.test\/accept-invitation\?token=/);
});

test('no token is kept or shown, and the audit log keeps no personal values', async () => {
  const { email, made, mail } = await invite();
  const shown = await (await as(stage.people.admin)).collection('invitations').getOne(made.id);
  expect(shown).toMatchObject({ email, role: 'member' });
  expect(JSON.stringify(shown)).not.toContain('token_hash');
  const kept = await stage.superuser.collection('invitations').getOne(made.id);
  expect(JSON.stringify(kept)).not.toContain(tokenOf(mail));
  const audit = await stage.superuser.collection('audit_logs').getFirstListItem(`target_id = "${made.id}"`);
  expect(audit).toMatchObject({ actor: stage.people.admin.id, action: 'create', tenant: stage.north.id });
  expect(JSON.stringify(audit)).not.toContain(email);
});

describe('who may invite', () => {
  test('tenant admins into their own tenant, nobody above; members not at all', async () => {
    const body = { email: newAddress(), name: 'X' };
    const [admin, member, platform] = [
      await as(stage.people.admin),
      await as(stage.people.member),
      await as(stage.people.platformAdmin),
    ];
    expect(await statusOf(post(stage.guest(), '', body))).toBe(401);
    expect(await statusOf(post(member, '', body))).toBe(403);
    expect(await statusOf(post(admin, '', { ...body, tenant: stage.south.id }))).toBe(403);
    expect(await statusOf(post(admin, '', { ...body, role: 'platform_admin' }))).toBe(403);
    expect(await statusOf(post(platform, '', { ...body, tenant: stage.south.id, role: 'platform_admin' }))).toBe(0);
  });

  test("another tenant's admin neither sees, sends nor withdraws it", async () => {
    const { made } = await invite();
    const other = await as(stage.people.southAdmin);
    expect((await other.collection('invitations').getFullList()).map(({ id }) => id)).not.toContain(made.id);
    expect(await statusOf(post(other, `/${made.id}/send`))).toBe(404);
    expect(await statusOf(other.collection('invitations').delete(made.id))).toBe(404);
  });
});

describe('bad input names the field, and nothing is kept of it', () => {
  test.each([
    [{ email: 'no-address' }, 'email'],
    [{ email: 'a@b.test\r\nBcc: c@d.test' }, 'email'],
    [{ name: '' }, 'name'],
    [{ name: 'n'.repeat(121) }, 'name'],
    [{ locale: 'fr' }, 'locale'],
    [{ product: 'nothing' }, 'product'],
  ])('%o', async (fields, field) => {
    const admin = await as(stage.people.admin);
    const before = await admin.collection('invitations').getList(1, 1);
    const [status, data] = await faultOf(post(admin, '', { email: newAddress(), name: 'X', ...fields }));
    expect([status, Object.keys(data)]).toEqual([400, [field]]);
    expect((await admin.collection('invitations').getList(1, 1)).totalItems).toBe(before.totalItems);
  });

  test('an address with an account, or invited already, is said to the admin', async () => {
    const admin = await as(stage.people.admin);
    const { email } = await invite();
    const again = await faultOf(post(admin, '', { email: email.toUpperCase(), name: 'X' }));
    expect(again[1].email?.code).toBe('address_is_invited');
    const known = await faultOf(post(admin, '', { email: 'MIA@example.test', name: 'X' }));
    expect(known[1].email?.code).toBe('address_has_account');
  });

  test('a password that is too short; the link stays good', async () => {
    const token = tokenOf((await invite()).mail);
    const [status, data] = await faultOf(post(stage.guest(), '/accept', { token, password: 'short' }));
    expect([status, Object.keys(data)]).toEqual([400, ['password']]);
    await post(stage.guest(), '/accept', { token, password: PASSWORD });
  });
});

test('sent again: the new link is good, the old one is not', async () => {
  const { email, made, mail } = await invite();
  const sent = stage.sink.mails.length;
  await post(await as(stage.people.admin), `/${made.id}/send`);
  await expect.poll(() => stage.sink.mails.length).toBeGreaterThan(sent);
  const next = await stage.sink.mailTo(email);
  expect(await statusOf(post(stage.guest(), '/open', { token: tokenOf(mail) }))).toBe(400);
  await post(stage.guest(), '/accept', { token: tokenOf(next), password: PASSWORD });
});

test('withdrawn: the link is no longer good', async () => {
  const { made, mail } = await invite();
  await (await as(stage.people.admin)).collection('invitations').delete(made.id);
  const [status, data] = await faultOf(post(stage.guest(), '/open', { token: tokenOf(mail) }));
  expect([status, data.token?.code]).toEqual([400, 'invitation_invalid']);
});

test('expired: it says so, and whoever holds it may ask for a new one; a made-up one gets the same answer', async () => {
  const { email, made, mail } = await invite();
  const token = tokenOf(mail);
  await stage.superuser.collection('invitations').update(made.id, { expires: '2026-01-01 00:00:00.000Z' });
  const [status, data] = await faultOf(post(stage.guest(), '/open', { token }));
  expect([status, data.token?.code]).toEqual([400, 'invitation_expired']);
  expect(await statusOf(post(stage.guest(), '/accept', { token, password: PASSWORD }))).toBe(400);
  const sent = stage.sink.mails.length;
  await post(stage.guest(), '/renew', { token: 'made-up' });
  await post(stage.guest(), '/renew', { token });
  await expect.poll(() => stage.sink.mails.length).toBe(sent + 1);
  await post(stage.guest(), '/accept', { token: tokenOf(await stage.sink.mailTo(email)), password: PASSWORD });
});

test('two who accept at the same moment become one person', async () => {
  const { email, mail } = await invite();
  const accept = () => statusOf(post(stage.guest(), '/accept', { token: tokenOf(mail), password: PASSWORD }));
  expect((await Promise.all([accept(), accept(), accept()])).sort()).toEqual([0, 400, 400]);
  expect((await stage.superuser.collection('users').getList(1, 5, { filter: `email = "${email}"` })).totalItems).toBe(
    1,
  );
});

test('a name that tries to write headers stays a name in the mail of the invitation', async () => {
  const { mail, email } = await invite({ name: 'Eve\r\nBcc: thief@example.test', locale: 'en' });
  expect(mail.recipients).toEqual([email]);
  expect(mail.headers.has('bcc')).toBe(false);
  expect(mail.text).toContain('Hello Eve Bcc: thief@example.test,');
});

test('without a mail server nobody is invited', async () => {
  const bare = await setStage();
  try {
    const admin = await bare.signIn(bare.people.admin);
    expect(await statusOf(post(admin, '', { email: newAddress(), name: 'X' }))).toBe(503);
    expect((await admin.collection('invitations').getList()).totalItems).toBe(0);
  } finally {
    await bare.server.stop();
  }
});
