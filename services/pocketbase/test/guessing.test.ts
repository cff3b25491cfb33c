/** Wrong passwords: how often, for whom, from where; behind a proxy and after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type PocketBase from 'pocketbase';
import { ClientResponseError } from 'pocketbase';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type MailStage, setMailStage, tokenOf } from './mail-stage.ts';
import { startServer, statusOf } from './stage.ts';

// Each wrong password costs a hash, and machines differ.
vi.setConfig({ testTimeout: 120_000 });

let stage: MailStage;
beforeAll(async () => {
  stage = await setMailStage();
});
afterAll(() => stage?.stop());

const RIGHT = 'a-long-enough-password';
const tryPassword = (email: string, password: string, client: PocketBase = stage.guest()) =>
  statusOf(client.collection('users').authWithPassword(email, password));

async function guess(email: string, times: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let round = 0; round < times; round++) statuses.push(await tryPassword(email, `wrong-${round}`));
  return statuses;
}

describe('per account, from ever new addresses', () => {
  test('the eleventh attempt waits, the right password too; others sign in; the owner hears of it once', async () => {
    const person = await stage.createPerson({});
    expect(await guess(person.email, 10)).toEqual(Array(10).fill(400));
    expect(await tryPassword(person.email, RIGHT)).toBe(429);
    expect(await tryPassword(person.email.toUpperCase(), RIGHT)).toBe(429);
    expect(await tryPassword(stage.people.colleague.email, RIGHT)).toBe(0);
    await stage.sendNotices();
    const subject = 'Viele falsche Passwörter für Ihr Konto';
    expect((await stage.sink.mailTo(person.email, subject)).link).toContain('/forgot-password');
    await guess(person.email, 3);
    await stage.sendNotices();
    expect(stage.sink.mails.filter((mail) => mail.recipients.includes(person.email))).toHaveLength(1);
  });

  test('unknown and suspended accounts answer exactly as one with a wrong password', async () => {
    const suspended = await stage.createPerson({ status: 'suspended' });
    const person = await stage.createPerson({});
    const answers = async (email: string, password: string) => {
      const seen: string[] = [];
      for (let round = 0; round < 12; round++) {
        const error = await stage
          .guest()
          .collection('users')
          .authWithPassword(email, password)
          .catch((thrown) => thrown);
        if (!(error instanceof ClientResponseError)) throw new Error('signed in');
        seen.push(JSON.stringify([error.status, error.response]));
      }
      return seen;
    };
    const wrong = await answers(person.email, 'wrong');
    expect(new Set(wrong).size).toBe(2);
    expect(await answers('nobody-at-all@example.test', 'wrong')).toEqual(wrong);
    expect(await answers(suspended.email, RIGHT)).toEqual(wrong);
  });

  test('guesses in parallel do not slip through', async () => {
    const person = await stage.createPerson({});
    const statuses = await Promise.all(Array.from({ length: 30 }, () => tryPassword(person.email, 'wrong')));
    expect(statuses.filter((status) => status === 400)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  });

  test('an address may be typed in capitals', async () => {
    const person = await stage.createPerson({});
    expect(await tryPassword(person.email.toUpperCase(), RIGHT)).toBe(0);
    expect(await statusOf(stage.createPerson({ email: person.email.toUpperCase() }))).toBe(400);
  });

  test('a success starts the count anew', async () => {
    const person = await stage.createPerson({});
    await guess(person.email, 9);
    expect(await tryPassword(person.email, RIGHT)).toBe(0);
    expect(await guess(person.email, 9)).toEqual(Array(9).fill(400));
    expect(await tryPassword(person.email, RIGHT)).toBe(0);
  });

  test('a new password by mail opens the account at once', async () => {
    const person = await stage.createPerson({});
    await guess(person.email, 11);
    await stage.guest().collection('users').requestPasswordReset(person.email);
    const token = tokenOf(await stage.sink.mailTo(person.email, 'Neues Passwort wählen'));
    await stage.guest().collection('users').confirmPasswordReset(token, 'the-next-password', 'the-next-password');
    expect(await tryPassword(person.email, 'the-next-password')).toBe(0);
  });

  test('an open session does not find out the password by changing it', async () => {
    const person = await stage.createPerson({});
    const people = (await stage.signIn(person)).collection('users');
    const change = (oldPassword: string, password = 'the-next-password') =>
      statusOf(people.update(person.id, { oldPassword, password, passwordConfirm: password }));
    for (let round = 0; round < 10; round++) expect(await change(`wrong-${round}`)).toBe(400);
    expect(await change(RIGHT)).toBe(429);
    expect(await tryPassword(person.email, RIGHT)).toBe(429);
    const other = await stage.createPerson({});
    const theirs = (await stage.signIn(other)).collection('users');
    const password = 'the-next-password';
    await theirs.update(other.id, { oldPassword: RIGHT, password, passwordConfirm: password });
    expect(await statusOf(theirs.authRefresh())).toBe(401);
  });

  test('nor by confirming another address, from whatever address', async () => {
    const person = await stage.createPerson({});
    const next = `next-${person.email}`;
    await (await stage.signIn(person)).collection('users').requestEmailChange(next);
    const token = tokenOf(await stage.sink.mailTo(next));
    const confirm = (password: string) =>
      statusOf(stage.guest().collection('users').confirmEmailChange(token, password));
    for (let round = 0; round < 10; round++) expect(await confirm(`wrong-${round}`)).toBe(400);
    expect(await confirm(RIGHT)).toBe(429);
    expect(await tryPassword(person.email, RIGHT)).toBe(429);
  });

  test("a superuser's door can't be locked from another address", async () => {
    const { email, password } = stage.server.superuser;
    const admin = (guest: PocketBase, secret: string) =>
      statusOf(guest.collection('_superusers').authWithPassword(email, secret));
    const guesser = stage.guest('10.66.66.66');
    for (let round = 0; round < 10; round++) expect(await admin(guesser, 'wrong')).toBe(400);
    expect(await admin(guesser, password)).toBe(429);
    expect(await admin(stage.guest(), password)).toBe(0);
  });
});

describe('per address, over all accounts', () => {
  const flood = async (client: PocketBase) => {
    let refused = 0;
    for (let round = 0; round < 70; round++)
      if ((await tryPassword(`nobody-${round}@example.test`, 'x', client)) === 429) refused++;
    return refused;
  };

  test('behind the proxy it is the address that the proxy tells, and nobody else is held up', async () => {
    expect(await flood(stage.guest('10.5.5.5'))).toBeGreaterThan(0);
    expect(await tryPassword(stage.people.member.email, RIGHT, stage.guest('10.5.5.6'))).toBe(0);
  });

  test('what the client itself wrote into the header before the proxy is not believed', async () => {
    const spoofing = stage.client();
    let turn = 0;
    spoofing.beforeSend = (url, options) => ({
      url,
      options: { ...options, headers: { ...options.headers, 'X-Forwarded-For': `10.99.0.${turn++}, 10.5.5.7` } },
    });
    expect(await flood(spoofing)).toBeGreaterThan(0);
  });
});

test('without the proxy, a forged header does not help', async () => {
  const server = await startServer({
    TRUSTED_PROXY_HEADER: 'X-Forwarded-For',
    TRUSTED_PROXY_ADDRESSES: '192.0.2.1 10.0.0.0/8',
  });
  try {
    const ask = (round: number) =>
      fetch(`${server.url}/api/collections/users/auth-with-password`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.0.0.${round}` },
        body: JSON.stringify({ identity: `nobody-${round}@example.test`, password: 'x' }),
      });
    const statuses: number[] = [];
    for (let round = 0; round < 70; round++) statuses.push((await ask(round)).status);
    expect(statuses).toContain(429);
  } finally {
    await server.stop();
  }
});

test('an account that waits goes on waiting after a restart', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-guessing-'));
  const ask = (url: string) =>
    fetch(`${url}/api/collections/users/auth-with-password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identity: 'somebody@example.test', password: 'x' }),
    });
  try {
    const first = await startServer({}, dataDir);
    for (let round = 0; round < 11; round++) await ask(first.url);
    await first.kill();
    const second = await startServer({}, dataDir);
    expect((await ask(second.url)).status).toBe(429);
    await second.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
