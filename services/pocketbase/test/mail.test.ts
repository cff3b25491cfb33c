/** Mails as a mail server gets them: verification, reset, change of address, notices; German and English. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MailStage, setMailStage, tokenOf } from './mail-stage.ts';
import { statusOf } from './stage.ts';

let stage: MailStage;
beforeAll(async () => {
  stage = await setMailStage();
});
afterAll(() => stage?.stop());

const users = () => stage.guest().collection('users');
const NEW_PASSWORD = 'another-long-password';

describe('password reset', () => {
  test('a member gets a link to the chat of their tenant, in German; it works once and ends sessions', async () => {
    const person = await stage.createPerson({ name: 'Jörg Größe' });
    const before = await stage.signIn(person);
    await users().requestPasswordReset(person.email);
    const mail = await stage.sink.mailTo(person.email);
    expect(mail.subject).toBe('Neues Passwort wählen');
    expect(mail.text).toContain('Guten Tag Jörg Größe,');
    expect(mail.text).toContain('gilt 60 Minuten');
    expect(mail.link).toMatch(/^https:\/\/north\.chat\.example\.test\/reset-password\?token=/);
    expect(mail.html).toContain(mail.link);
    expect(mail.headers.get('from')).toMatchObject({ text: '"CloudFreedom Österreich" <router@example.test>' });
    const token = tokenOf(mail);
    await users().confirmPasswordReset(token, NEW_PASSWORD, NEW_PASSWORD);
    await users().authWithPassword(person.email, NEW_PASSWORD);
    expect(await statusOf(before.collection('users').authRefresh())).toBe(401);
    expect(await statusOf(users().confirmPasswordReset(token, NEW_PASSWORD, NEW_PASSWORD))).toBe(400);
    await stage.sendNotices();
    const notice = await stage.sink.mailTo(person.email, 'Ihr Passwort wurde geändert');
    expect(notice.link).toBe('https://north.chat.example.test/forgot-password');
  });

  test('a member of a tenant with a domain of its own is led there, its admin to the portal', async () => {
    const tenant = await stage.superuser.collection('tenants').create({
      name: 'Acme',
      slug: 'acme',
      type: 'dev',
      domains: ['localhost', 'ai.acme.example', 'app.acme.example'],
    });
    const member = await stage.createPerson({ tenant: tenant.id });
    const admin = await stage.createPerson({ tenant: tenant.id, role: 'tenant_admin' });
    const linkTo = async ({ email }: { email: string }) => {
      await users().requestPasswordReset(email);
      return new URL((await stage.sink.mailTo(email)).link).origin;
    };
    expect(await linkTo(member)).toBe('https://app.acme.example');
    expect(await linkTo(admin)).toBe('https://portal.example.test');
    await stage.superuser
      .collection('tenants')
      .update(tenant.id, { domains: ['ai.acme.example', 'chat.acme.example'] });
    expect(await linkTo(await stage.createPerson({ tenant: tenant.id }))).toBe('https://acme.chat.example.test');
  });

  test('an admin is led to the portal, in English', async () => {
    const person = await stage.createPerson({ role: 'tenant_admin', locale: 'en', name: 'Ann Admin' });
    await users().requestPasswordReset(person.email);
    const mail = await stage.sink.mailTo(person.email);
    expect(mail.subject).toBe('Choose a new password');
    expect(mail.text).toContain('Hello Ann Admin,');
    expect(mail.link).toMatch(/^https:\/\/portal\.example\.test\/reset-password\?token=/);
  });

  test.each(['password-reset', 'verification'])(
    '%s for nobody and somebody suspended: the same answer, no mail',
    async (link) => {
      const suspended = await stage.createPerson({ status: 'suspended' });
      const ask = (email: string) =>
        fetch(`${stage.server.url}/api/collections/users/request-${link}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': '10.9.8.7' },
          body: JSON.stringify({ email }),
        });
      const active = await stage.createPerson({});
      for (const email of ['nobody@example.test', suspended.email, active.email]) {
        const answer = await ask(email);
        expect([answer.status, await answer.text()]).toEqual([204, '']);
      }
      await stage.sink.mailTo(active.email);
      expect(stage.sink.mails.filter(({ recipients }) => recipients.includes(suspended.email))).toEqual([]);
    },
  );

  test('the time of the answer tells nothing: it has a floor above what a mail costs', async () => {
    const person = await stage.createPerson({});
    for (const email of [person.email, 'nobody@example.test'])
      for (const collection of ['users', '_pb_users_auth_']) {
        const startedAt = performance.now();
        await stage.guest().collection(collection).requestPasswordReset(email);
        expect(performance.now() - startedAt).toBeGreaterThanOrEqual(299);
      }
  });

  test('a password that is too short is refused by name', async () => {
    const person = await stage.createPerson({});
    await users().requestPasswordReset(person.email);
    const token = tokenOf(await stage.sink.mailTo(person.email));
    const error = await users()
      .confirmPasswordReset(token, 'short', 'short')
      .catch((thrown) => thrown);
    expect(error.status).toBe(400);
    expect(Object.keys(error.response.data)).toContain('password');
  });
});

test('verification: the address counts as confirmed after the link, for the one it was sent to only', async () => {
  const person = await stage.createPerson({ locale: 'en' });
  await users().requestVerification(person.email);
  const mail = await stage.sink.mailTo(person.email);
  expect(mail.subject).toBe('Please confirm your e-mail address');
  expect(mail.link).toMatch(/\/verify-email\?token=/);
  await users().confirmVerification(tokenOf(mail));
  expect((await stage.superuser.collection('users').getOne(person.id)).verified).toBe(true);
  const other = await stage.createPerson({});
  await users().requestVerification(other.email);
  const token = tokenOf(await stage.sink.mailTo(other.email));
  await stage.superuser.collection('users').update(other.id, { email: `changed-${other.email}` });
  expect(await statusOf(users().confirmVerification(token))).toBe(400);
});

test('change of address: confirmed at the new one with the password; the old one hears of it', async () => {
  const person = await stage.createPerson({});
  const client = await stage.signIn(person);
  const next = `new-${person.email}`;
  await client.collection('users').requestEmailChange(next);
  const mail = await stage.sink.mailTo(next);
  expect(mail.subject).toBe('Bitte bestätigen Sie Ihre neue E-Mail-Adresse');
  expect(mail.link).toMatch(/\/confirm-email\?token=/);
  expect(await statusOf(users().confirmEmailChange(tokenOf(mail), 'not-the-password'))).toBe(400);
  await users().confirmEmailChange(tokenOf(mail), 'a-long-enough-password');
  expect(await statusOf(client.collection('users').authRefresh())).toBe(401);
  expect(await statusOf(users().confirmEmailChange(tokenOf(mail), 'a-long-enough-password'))).toBe(400);
  await stage.sendNotices();
  await stage.sink.mailTo(person.email, 'Ihre E-Mail-Adresse wurde geändert');
});

test('whoever asks for another address does not learn whether somebody has it', async () => {
  const person = await stage.createPerson({});
  const client = await stage.signIn(person);
  const ask = (email: string) => statusOf(client.collection('users').requestEmailChange(email));
  expect(await ask(stage.people.southMember.email)).toBe(0);
  expect(await ask(`free-${person.email}`)).toBe(0);
  await stage.sink.mailTo(`free-${person.email}`);
  expect(stage.sink.mails.some(({ recipients }) => recipients.includes(stage.people.southMember.email))).toBe(false);
  expect(await ask('no-address')).toBe(400);
});

test('a name that tries to write headers, markup or paragraphs stays a name', async () => {
  const name = 'Eve\r\nBcc: thief@example.test\r\n\r\n<b>free</b>';
  const person = await stage.createPerson({ name });
  await users().requestPasswordReset(person.email);
  const mail = await stage.sink.mailTo(person.email);
  expect(mail.recipients).toEqual([person.email]);
  expect(mail.headers.has('bcc')).toBe(false);
  expect(mail.text).toContain('Guten Tag Eve Bcc: thief@example.test <b>free</b>,');
  expect(mail.html).not.toContain('<b>free</b>');
});

test('the link of a mail is nowhere in the log', async () => {
  const person = await stage.createPerson({});
  await users().requestPasswordReset(person.email);
  const token = tokenOf(await stage.sink.mailTo(person.email));
  const logs = await stage.superuser.logs.getList(1, 500);
  expect(JSON.stringify(logs.items)).not.toContain(token);
});

test('a mail server that never answers holds up an invitation for seconds only', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const held = await setMailStage({ SMTP_PORT: String(port) });
  try {
    const admin = await held.signIn(held.people.admin);
    const body = { email: 'new@example.test', name: 'New' };
    const made = await admin.send('/api/invitations', { method: 'POST', body });
    expect(made).toMatchObject({ mailSent: false });
    expect(await statusOf(admin.collection('users').requestEmailChange('next@example.test'))).toBe(0);
  } finally {
    for (const socket of sockets) socket.destroy();
    await held.stop();
    silent.close();
  }
}, 60_000);
