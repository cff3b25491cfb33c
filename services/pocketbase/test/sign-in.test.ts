import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stage, setStage, statusOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.server.stop());

test('a dozen sign-ins within seconds pass; one address may try 60 a minute, over all accounts', async () => {
  for (let round = 0; round < 12; round++) await stage.signIn(stage.people.member);
  const guess = () =>
    statusOf(stage.client().collection('users').authWithPassword(`${randomUUID()}@example.test`, 'x'));
  let refusedAt = 0;
  for (let round = 0; round < 60 && refusedAt === 0; round++) if ((await guess()) === 429) refusedAt = round;
  expect(refusedAt).toBeGreaterThan(30);
  expect(refusedAt).toBeLessThanOrEqual(48);
});

test('where nothing is configured, password is the only way in and nothing sends an e-mail', async () => {
  const methods = await stage.client().collection('users').listAuthMethods();
  expect(methods).toMatchObject({
    password: { enabled: true, identityFields: ['email'] },
    oauth2: { enabled: false },
    otp: { enabled: false },
    mfa: { enabled: false },
  });
  await stage.client().collection('users').requestPasswordReset(stage.people.member.email);
  const notes = () => stage.superuser.logs.getList(1, 1, { filter: 'message ~ "e-mail not sent"' });
  await expect.poll(async () => (await notes()).totalItems, { timeout: 10_000 }).toBe(1);
});

test('the settings are ours: name, no batch API', async () => {
  const settings = await stage.superuser.settings.getAll();
  expect(settings).toMatchObject({
    meta: { appName: 'CloudFreedom' },
    batch: { enabled: false },
    smtp: { enabled: false },
    rateLimits: { enabled: true },
  });
});
