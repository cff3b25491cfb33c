/** One-time codes by mail: as the only factor where that is switched on, as the second one for admins. */
import { ClientResponseError } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type MailStage, setMailStage, tokenOf } from './mail-stage.ts';
import { startServer, statusOf } from './stage.ts';

// Each password costs a hash, and machines differ.
vi.setConfig({ testTimeout: 120_000 });

const RIGHT = 'a-long-enough-password';
const CODE = 'Ihr Code für die Anmeldung';
const otherThan = (code: string) => String((Number(code) + 1) % 100_000_000).padStart(8, '0');

describe('MFA_REQUIRED=admins', () => {
  let stage: MailStage;
  beforeAll(async () => {
    stage = await setMailStage({ MFA_REQUIRED: 'admins' });
  });
  afterAll(() => stage?.stop());

  const users = () => stage.guest().collection('users');
  const secondFactorFor = async (email: string) => {
    const error = await users()
      .authWithPassword(email, RIGHT)
      .catch((thrown) => thrown);
    if (!(error instanceof ClientResponseError)) throw new Error('signed in with one factor');
    expect([error.status, Object.keys(error.response)]).toEqual([401, ['mfaId']]);
    return error.response.mfaId as string;
  };
  const requestCode = (mfaId: string) =>
    stage.guest().send<{ otpId: string }>('/api/sign-in/code', { method: 'POST', body: { mfaId } });

  test.each(['tenant_admin', 'platform_admin'])('a %s gets no session before the code', async (role) => {
    const admin = await stage.createPerson({ role });
    const mfaId = await secondFactorFor(admin.email);
    const { otpId } = await requestCode(mfaId);
    const mail = await stage.sink.mailTo(admin.email, CODE);
    const { code } = mail;
    expect(mail.subject).not.toContain(code);
    expect(await statusOf(users().authWithOTP(otpId, otherThan(code), { mfaId }))).toBe(400);
    const { token } = await users().authWithOTP(otpId, code, { mfaId });
    expect(token).not.toBe('');
    expect(await statusOf(users().authWithOTP(otpId, code, { mfaId }))).toBe(400);
  });

  test('the code of somebody else, or of another sign-in, opens nothing', async () => {
    const [admin, other] = [
      await stage.createPerson({ role: 'tenant_admin' }),
      await stage.createPerson({ role: 'tenant_admin' }),
    ];
    const mfaId = await secondFactorFor(admin.email);
    const { otpId } = await requestCode(await secondFactorFor(other.email));
    const { code } = await stage.sink.mailTo(other.email, CODE);
    expect(await statusOf(users().authWithOTP(otpId, code, { mfaId }))).toBe(400);
  });

  test('a member needs the password only, and nobody gets in by a code alone', async () => {
    await users().authWithPassword(stage.people.member.email, RIGHT);
    expect(await statusOf(users().requestOTP(stage.people.member.email))).toBe(403);
    expect(await statusOf(requestCode('not-an-id'))).toBe(400);
  });

  test('codes are asked for five times, then no more', async () => {
    const admin = await stage.createPerson({ role: 'tenant_admin' });
    const mfaId = await secondFactorFor(admin.email);
    for (let round = 0; round < 5; round++) await requestCode(mfaId);
    expect(await statusOf(requestCode(mfaId))).toBe(429);
  });

  test('the password was right: it does not count as a wrong one', async () => {
    const admin = await stage.createPerson({ role: 'tenant_admin' });
    for (let round = 0; round < 12; round++) await secondFactorFor(admin.email);
  });

  test('somebody who becomes an admin needs a code from then on', async () => {
    const person = await stage.createPerson({});
    await users().authWithPassword(person.email, RIGHT);
    await stage.superuser.collection('users').update(person.id, { role: 'tenant_admin' });
    await secondFactorFor(person.email);
  });
});

describe('SIGN_IN_BY_CODE=on', () => {
  let stage: MailStage;
  beforeAll(async () => {
    stage = await setMailStage({ SIGN_IN_BY_CODE: 'on' });
  });
  afterAll(() => stage?.stop());
  const users = () => stage.guest().collection('users');

  test('a code by mail instead of the password, in English', async () => {
    const person = await stage.createPerson({ locale: 'en', verified: true });
    const { otpId } = await users().requestOTP(person.email);
    const mail = await stage.sink.mailTo(person.email, 'Your code to sign in');
    const { record } = await users().authWithOTP(otpId, mail.code);
    expect(record.id).toBe(person.id);
  });

  test('nobody and somebody suspended: the same answer, no mail, nothing to enter', async () => {
    const suspended = await stage.createPerson({ status: 'suspended' });
    for (const email of ['nobody@example.test', suspended.email]) {
      const answer = await users().requestOTP(email);
      expect(Object.keys(answer)).toEqual(['otpId']);
      expect(answer.otpId).toMatch(/^[a-z0-9]{15}$/);
      expect(await statusOf(users().authWithOTP(answer.otpId, '12345678'))).toBe(400);
    }
    expect(stage.sink.mails.filter(({ recipients }) => recipients.includes(suspended.email))).toEqual([]);
  });

  test('a code is guessed five times, then no more', async () => {
    const person = await stage.createPerson({});
    const { otpId } = await users().requestOTP(person.email);
    const { code } = await stage.sink.mailTo(person.email, CODE);
    const guesser = stage.guest();
    const statuses: number[] = [];
    for (let round = 0; round < 6; round++)
      statuses.push(await statusOf(guesser.collection('users').authWithOTP(otpId, otherThan(code))));
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429]);
  });
});

test('codes are guessed ten times per account, from whatever address; a new password by mail helps', async () => {
  const stage = await setMailStage({ SIGN_IN_BY_CODE: 'on' });
  try {
    const users = () => stage.guest().collection('users');
    const person = await stage.createPerson({});
    const { otpId } = await users().requestOTP(person.email);
    const { code } = await stage.sink.mailTo(person.email, CODE);
    const guesses = await Promise.all(
      Array.from({ length: 12 }, () => statusOf(users().authWithOTP(otpId, otherThan(code)))),
    );
    expect(guesses.filter((status) => status === 400)).toHaveLength(10);
    expect(await statusOf(users().authWithOTP(otpId, code))).toBe(429);
    const next = await users().requestOTP(person.email);
    expect(await statusOf(users().authWithOTP(next.otpId, '12345678'))).toBe(429);
    const others = await users().requestOTP(stage.people.colleague.email);
    const mail = await stage.sink.mailTo(stage.people.colleague.email, CODE);
    expect(await statusOf(users().authWithOTP(others.otpId, mail.code))).toBe(0);
    await users().requestPasswordReset(person.email);
    const token = tokenOf(await stage.sink.mailTo(person.email, 'Neues Passwort wählen'));
    await users().confirmPasswordReset(token, 'the-next-password', 'the-next-password');
    const after = await users().requestOTP(person.email);
    expect(await statusOf(users().authWithOTP(after.otpId, '12345678'))).toBe(400);
  } finally {
    await stage.stop();
  }
});

describe('an environment that is not right', () => {
  test.each([
    [{ MFA_REQUIRED: 'admins' }, 'MFA_REQUIRED needs SMTP_HOST'],
    [{ MFA_REQUIRED: 'some' }, 'MFA_REQUIRED: one of off, admins, all'],
    [{ SMTP_HOST: 'mail.example.test' }, 'MAIL_FROM_ADDRESS: needed, because SMTP_HOST is set'],
    [{ TRUSTED_PROXY_HEADER: 'X-Real-IP' }, 'TRUSTED_PROXY_ADDRESSES: needed'],
    [
      { MICROSOFT_CLIENT_ID: 'a', MICROSOFT_CLIENT_SECRET: 'b', MICROSOFT_TENANT_ID: 'common' },
      'MICROSOFT_TENANT_ID: the id of your own directory',
    ],
  ])('%o is refused at the start, by name', async (env, message) => {
    await expect(startServer(env)).rejects.toThrow(message);
  });
});
