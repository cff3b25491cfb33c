/** Alerts at parts of a budget: once per threshold and month, by mail and by signed webhook, never in the ledger's way. */
import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { budgetAlertEvent } from '@cloudfreedom/contracts';
import { isPublicAddress } from '@cloudfreedom/service-kit/public-address';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookAtAll } from '../src/alerts/raise-alerts.ts';
import { waitAfter } from '../src/notices/deliver-notices.ts';
import { sendWebhook } from '../src/notices/send-webhook.ts';
import { resolveTarget } from '../src/notices/webhook-target.ts';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, newId, nextRev, reserveOf, settleOf, user } from './records.ts';

let fixture: Fixture;
let hook: {
  server: Server;
  url: string;
  calls: { headers: IncomingMessage['headers']; body: string }[];
  failing: number;
};
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (hook.failing > 0) {
      hook.failing -= 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
      return;
    }
    hook.calls.push({ headers: request.headers, body });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hook = { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, calls: [], failing: 0 };
});
afterAll(async () => {
  hook?.server.close();
  await fixture?.stop();
});

const PATIENCE = { timeout: 15_000 };
type Person = Awaited<ReturnType<typeof newPerson>>;
/** One output token is 516 nano-euro. */
async function spend({ token, user: { id } }: Person, outputTokens: number): Promise<void> {
  const reserve = reserveOf({ type: 'subject', subjectId: id }, { inputTokensMax: 0, outputTokensCap: 100_000 });
  const results = await fixture.batch(token, [reserve, settleOf(reserve.reservationId, { output_text: outputTokens })]);
  expect(results.at(-1)?.status).toBe('settled');
}

const mailsTo = (subjectId: string) =>
  fixture.pocketbase.mails
    .filter((mail) => mail.subjectId === subjectId)
    .map(({ template, values }) => `${template} ${values.threshold}`);

async function settings(person: Person, role: 'tenant_admin' | 'member', body?: object) {
  const claims = { sub: newId(), tenant: person.tenant.id, role, locale: 'de' } as const;
  const response = await fixture.billing.app.inject({
    method: body ? 'PUT' : 'GET',
    url: `/v1/tenants/${person.tenant.id}/alert-settings`,
    headers: { authorization: `Bearer ${await fixture.identity.sign(claims, 'billing')}` },
    ...(body && { body }),
  });
  return { status: response.statusCode, body: response.json() };
}

test('a person at 50, 80, 95 and 100 %, the tenant’s admins at the tenant’s, each once', async () => {
  const person = await newPerson(fixture, {
    product: { monthlyBudgetEur: '0.000516' },
    tenant: { monthlyBudgetEur: '0.001032' },
  });
  const admin = user({ tenantId: person.tenant.id, role: 'tenant_admin' });
  await fixture.announce({ users: [admin] });
  await spend(person, 499);
  await spend(person, 1);
  await expect.poll(() => mailsTo(person.user.id), PATIENCE).toEqual(['budget_alert 50']);
  await spend(person, 300);
  await expect.poll(() => mailsTo(person.user.id), PATIENCE).toEqual(['budget_alert 50', 'budget_alert 80']);
  // 95 and 100 at once: only the highest is told.
  await spend(person, 200);
  await expect
    .poll(() => mailsTo(person.user.id), PATIENCE)
    .toEqual(['budget_alert 50', 'budget_alert 80', 'budget_alert 100']);
  await expect.poll(() => mailsTo(admin.id), PATIENCE).toEqual(['tenant_budget_alert 50']);
  await Promise.all([lookAtAll(fixture.service, person.tenant.id), lookAtAll(fixture.service, person.tenant.id)]);
  const { rows } = await fixture.owner.query('SELECT count(*) FROM alerts WHERE tenant_id = $1', [person.tenant.id]);
  expect(rows[0].count, 'nothing is told again').toBe(5n);
});

test('what a crash forgot is found by the next whole look', async () => {
  const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.000516' } });
  await fixture.owner.query(
    `INSERT INTO budget_periods (tenant_id, period_start, period_end, time_zone)
     SELECT $1, period_start, period_end, time_zone FROM budget_period_at($1, now())`,
    [person.tenant.id],
  );
  await fixture.owner.query(
    `INSERT INTO budget_balances (tenant_id, level, owner_id, period_start, posted_nano_eur)
     SELECT $1, 'user', $2, period_start, 490000 FROM budget_periods WHERE tenant_id = $1`,
    [person.tenant.id, person.user.id],
  );
  await lookAtAll(fixture.service, person.tenant.id);
  await expect.poll(() => mailsTo(person.user.id), PATIENCE).toEqual(['budget_alert 80']);
});

test('everybody is looked at some at a time, by two replicas at once: each is told once', async () => {
  const PEOPLE = 2_000;
  const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.001' } });
  const { id: tenantId } = person.tenant;
  await fixture.owner.query(
    `INSERT INTO directory_users (id, rev, deleted, record)
     SELECT id, 1, false, jsonb_set($1::jsonb, '{id}', to_jsonb(id))
     FROM (SELECT 'many' || lpad(n::text, 11, '0') AS id FROM generate_series(1, $2) n) AS made`,
    [JSON.stringify(person.user), PEOPLE],
  );
  await fixture.owner.query(
    `INSERT INTO budget_periods (tenant_id, period_start, period_end, time_zone)
     SELECT $1, period_start, period_end, time_zone FROM budget_period_at($1, now())`,
    [tenantId],
  );
  await fixture.owner.query(
    `INSERT INTO budget_balances (tenant_id, level, owner_id, period_start, posted_nano_eur)
     SELECT $1, 'user', u.id, p.period_start, CASE WHEN right(u.id, 2) = '77' THEN 960000 ELSE 1 END
     FROM directory_users u JOIN budget_periods p USING (tenant_id) WHERE tenant_id = $1 AND u.id LIKE 'many%'`,
    [tenantId],
  );
  await Promise.all([lookAtAll(fixture.service, tenantId, 150), lookAtAll(fixture.service, tenantId, 170)]);
  const { rows } = await fixture.owner.query(
    'SELECT count(*)::int AS notes, count(DISTINCT owner_id)::int AS people FROM alerts WHERE tenant_id = $1',
    [tenantId],
  );
  // 50, 80 and 95 % are noted for each hundredth person.
  expect(rows).toEqual([{ notes: 3 * (PEOPLE / 100), people: PEOPLE / 100 }]);
  const told = () => fixture.pocketbase.mails.filter(({ subjectId }) => subjectId.startsWith('many')).length;
  await expect.poll(told, PATIENCE).toBe(PEOPLE / 100);
}, 60_000);

describe('the webhook', () => {
  test('is signed with a timestamp, tried again after a redirect, and the secret can be exchanged', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.000516' } });
    const change = { thresholdsPercent: [70, 30, 70], webhookUrl: hook.url };
    expect((await settings(person, 'member', change)).status).toBe(403);
    const { body: first } = await settings(person, 'tenant_admin', change);
    expect(first).toMatchObject({ thresholdsPercent: [30, 70], webhookUrl: hook.url });
    const { body: second } = await settings(person, 'tenant_admin', { ...change, rotateSecret: true });
    expect(second.webhookSecret).toMatch(/^whsec_[0-9a-f]{64}$/);
    expect(second.webhookSecret).not.toBe(first.webhookSecret);
    hook.failing = 1;
    await spend(person, 400);
    await expect.poll(() => hook.calls.length, PATIENCE).toBe(1);
    const [call] = hook.calls;
    const event = budgetAlertEvent.parse(JSON.parse(call?.body ?? ''));
    expect(event.data).toMatchObject({
      level: 'user',
      ownerId: person.user.id,
      thresholdPercent: 30,
      spent: '0.0002064',
    });
    const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(`${call?.headers['x-cloudfreedom-signature']}`) ?? [];
    expect(createHmac('sha256', second.webhookSecret).update(`${seconds}.${call?.body}`).digest('hex')).toBe(hex);
    expect((await settings(person, 'tenant_admin')).body).toEqual(second);
  });

  test('private, local and reserved addresses are refused, however they are written', async () => {
    const hidden = ['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'];
    hidden.push(
      '::1',
      '::',
      'fe80::1',
      'fc00::1',
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '2002:7f00:1::',
      '64:ff9b::7f00:1',
    );
    hidden.push('224.0.0.1', '255.255.255.255', 'ff02::1', 'nonsense');
    expect(hidden.filter(isPublicAddress)).toEqual([]);
    expect(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'].every(isPublicAddress)).toBe(true);
    for (const url of [
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://0x7f.1/',
      'https://[::1]/',
      'https://localhost/',
    ])
      await expect(resolveTarget(url, []), url).rejects.toThrow(/not public/);
    await expect(resolveTarget('http://8.8.8.8/', [])).rejects.toThrow(/only https/);
    await expect(resolveTarget(hook.url, ['127.0.0.1:1'])).rejects.toThrow(/only https/);
    const webhook = { url: hook.url, secret: randomUUID(), body: '{}' };
    await expect(sendWebhook(webhook, [])).rejects.toThrow(/only https/);
  });

  test('waits twice as long each time, an hour at most', () => {
    expect([1, 2, 3, 11, 12, 40].map(waitAfter)).toEqual([2_000, 4_000, 8_000, 2_048_000, 3_600_000, 3_600_000]);
  });

  test('settings that can’t be are refused', async () => {
    const person = await newPerson(fixture);
    const wrong = [
      { thresholdsPercent: [0], webhookUrl: null },
      { thresholdsPercent: [101], webhookUrl: null },
      { thresholdsPercent: [50], webhookUrl: 'ftp://example.com' },
      { thresholdsPercent: [50], webhookUrl: 'https://user:secret@example.com/' },
      { thresholdsPercent: [50], webhookUrl: 'http://example.com/' },
      { thresholdsPercent: [50], webhookUrl: 'https://localhost/' },
      { thresholdsPercent: [50], webhookUrl: 'https://10.1.2.3/' },
      { thresholdsPercent: [50], webhookUrl: 'https://[::1]/' },
    ];
    for (const body of wrong)
      expect((await settings(person, 'tenant_admin', body)).status, JSON.stringify(body)).toBe(400);
    expect((await settings(person, 'tenant_admin')).body).toEqual({
      thresholdsPercent: [50, 80, 95, 100],
      webhookUrl: null,
      webhookSecret: null,
    });
  });
});
