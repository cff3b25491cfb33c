import { randomUUID } from 'node:crypto';
import { principalOfSession } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INTERNAL_SECRET, type Stage, setStage, startServer, usageRow } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.server.stop());

const ROUTES = [
  ['GET', 'directory-pages'],
  ['POST', 'usage-logs'],
  ['POST', 'api-keys'],
  ['POST', 'outbox/flush'],
  ['POST', 'mails'],
  ['POST', 'audit-logs'],
] as const;

describe('the door', () => {
  test.each(ROUTES)('%s %s is closed without the secret and to sessions', async (method, route) => {
    const session = (await stage.signIn(stage.people.platformAdmin)).authStore.token;
    for (const authorization of ['', 'Bearer ', 'Bearer wrong', `Bearer ${session}`, stage.superuser.authStore.token]) {
      const response = await fetch(`${stage.server.url}/api/internal/${route}`, { method, headers: { authorization } });
      expect(response.status, authorization.slice(0, 12)).toBe(401);
    }
  });

  test('everything is closed (503) where INTERNAL_SECRET is not set', async () => {
    const server = await startServer({});
    try {
      for (const [method, route] of ROUTES)
        for (const authorization of ['', 'Bearer ', 'Bearer undefined']) {
          const response = await fetch(`${server.url}/api/internal/${route}`, { method, headers: { authorization } });
          expect(response.status).toBe(503);
        }
    } finally {
      await server.stop();
    }
  });

  test('flush says what is missing where no webhook is configured', async () => {
    const response = await stage.internal('POST', 'outbox/flush');
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('BILLING_WEBHOOK_URL');
  });
});

test('POST mails: without a mail server nothing is sent, and billing is told so', async () => {
  const values = { outcome: 'declined', amount: '1.00', note: '' };
  const asked = { subjectId: stage.people.member.id, template: 'budget_decision', values };
  const response = await stage.internal('POST', 'mails', asked);
  expect([response.status, await response.json()]).toEqual([200, { sent: false }]);
});

describe('POST usage-logs', () => {
  const write = async (rows: unknown[]) => {
    const response = await stage.internal('POST', 'usage-logs', { rows });
    return { status: response.status, body: (await response.json()) as { written?: number; message?: string } };
  };

  test('writes each row once, alone, repeated in a batch and at the same time', async () => {
    const [first, second] = [usageRow({ requestId: 'once' }), usageRow({ requestId: 'once' })];
    expect(await write([first])).toEqual({ status: 200, body: { written: 1 } });
    expect(await write([first, second, second])).toEqual({ status: 200, body: { written: 1 } });
    const third = usageRow({ requestId: 'once' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => write([third])));
    expect(answers.reduce((sum, answer) => sum + (answer.body.written ?? 0), 0)).toBe(1);
    const rows = await stage.superuser.collection('usage_logs').getFullList({ filter: 'request_id = "once"' });
    expect(rows).toHaveLength(3);
  });

  test('a correction is a second row of its reservation, once, and is no use of the key', async () => {
    const key = await stage.internal('POST', 'api-keys', {
      userId: stage.people.member.id,
      name: 'corrected',
      sha256: randomUUID().replaceAll('-', '').repeat(2),
      prefix: 'cf-Ab12',
      expiresAt: '',
      monthlyBudgetEur: '',
      models: [],
    });
    const { id: apiKeyId } = (await key.json()) as { id: string };
    const at = '2026-05-06T07:08:09.000Z';
    const expired = usageRow({ apiKeyId, at, outcome: 'expired', charge: '0.0002322' });
    const corrected = {
      ...expired,
      at: '2026-05-06T07:08:09.001Z',
      outcome: 'corrected',
      charge: '-0.0000516',
      usage: { basis: 'exact', meters: {} },
    };
    expect(await write([corrected])).toEqual({ status: 200, body: { written: 1 } });
    expect(await write([expired, corrected])).toEqual({ status: 200, body: { written: 1 } });
    const again = { ...expired, reservationId: String(expired.reservationId).toUpperCase() };
    expect(await write([again, corrected])).toEqual({ status: 200, body: { written: 0 } });
    const filter = `reservation_id = "${expired.reservationId}"`;
    const rows = await stage.superuser.collection('usage_logs').getFullList({ filter, sort: 'at' });
    expect(rows).toMatchObject([
      { outcome: 'expired', charge_eur: '0.0002322', tokens_in: 120 },
      { outcome: 'corrected', charge_eur: '-0.0000516', charge_eur_rounded: -0.000052, tokens_in: 0, tokens_out: 0 },
    ]);
    expect(await stage.superuser.collection('api_keys').getOne(apiKeyId)).toMatchObject({
      last_used: at.replace('T', ' '),
    });
  });

  test('keeps the exact charge, summed tokens and what is unknown as unknown; no cost', async () => {
    const at = '2026-05-06T07:08:09.123Z';
    const row = usageRow({ requestId: 'exact', at });
    await write([row, usageRow({ requestId: 'correction', charge: '-1.5', firstByteMs: 0, finishReason: null })]);
    const [kept] = await stage.superuser.collection('usage_logs').getFullList({ filter: 'request_id = "exact"' });
    expect(kept).toMatchObject({
      reservation_id: row.reservationId,
      at: at.replace('T', ' '),
      charge_eur: '0.000421700',
      charge_eur_rounded: 0.000422,
      tokens_in: 120,
      tokens_out: 10,
      meters: { uncached_input: 100, cache_read: 20, output_text: 7, reasoning: 3 },
      basis: 'exact',
      first_byte_ms: null,
      api_key: '',
    });
    expect(JSON.stringify(kept)).not.toContain('cost');
    const [other] = await stage.superuser.collection('usage_logs').getFullList({ filter: 'request_id = "correction"' });
    expect(other).toMatchObject({ charge_eur: '-1.5', first_byte_ms: 0, finish_reason: '' });
  });

  test('takes 200 rows, not 201, and nothing of a batch with a bad row', async () => {
    const many = Array.from({ length: 201 }, () => usageRow({ requestId: 'many' }));
    expect((await write(many)).body.message).toContain('1 to 200');
    expect(await write(many.slice(0, 200))).toEqual({ status: 200, body: { written: 200 } });
    expect((await write([])).status).toBe(400);
    const good = usageRow({ requestId: 'with-bad' });
    for (const [field, value] of Object.entries({
      reservationId: 'x',
      charge: 0.5,
      at: 'yesterday',
      subjectId: 'someone',
      provider: '',
      totalMs: -1,
      firstByteMs: '3',
      usage: { basis: 'exact', meters: { output_text: -1 } },
    })) {
      const answer = await write([good, usageRow({ [field]: value })]);
      expect(answer.status).toBe(400);
      expect(answer.body.message).toContain(`rows.1.${field}`);
    }
    expect((await write([good, usageRow({ provider: 'acme' })])).status).toBe(400);
    const rows = await stage.superuser.collection('usage_logs').getFullList({ filter: 'request_id = "with-bad"' });
    expect(rows).toEqual([]);
  });

  test('malformed JSON is a 400', async () => {
    const response = await fetch(`${stage.server.url}/api/internal/usage-logs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${INTERNAL_SECRET}`, 'content-type': 'application/json' },
      body: '{',
    });
    expect(response.status).toBe(400);
  });
});

describe('POST api-keys', () => {
  const create = (fields: Record<string, unknown>) =>
    stage.internal('POST', 'api-keys', {
      userId: stage.people.member.id,
      name: 'laptop',
      sha256: randomUUID().replaceAll('-', '').repeat(2),
      prefix: 'cf-Ab12',
      expiresAt: '',
      monthlyBudgetEur: '',
      models: [],
      ...fields,
    });

  test('keeps the hash for the person and their tenant, and notes when the key is used', async () => {
    const limits = { requestsPerMinute: 20, tokensPerMinute: 4_000, parallelRequests: 2 };
    const response = await create({ monthlyBudgetEur: '2.50', models: ['gpt-test'], ...limits });
    const { id } = (await response.json()) as { id: string };
    const keys = stage.superuser.collection('api_keys');
    const key = await keys.getOne(id);
    expect(key).toMatchObject({
      user: stage.people.member.id,
      tenant: stage.north.id,
      monthly_budget_eur: '2.50',
      requests_per_minute: 20,
      tokens_per_minute: 4_000,
      parallel_requests: 2,
      revoked: false,
      last_used: '',
    });
    const [late, early] = ['2026-05-06T07:08:09.000Z', '2026-05-06T07:00:00.000Z'];
    const rows = [usageRow({ apiKeyId: id, at: late }), usageRow({ apiKeyId: id, at: early })];
    await stage.internal('POST', 'usage-logs', { rows });
    expect(await keys.getOne(id)).toMatchObject({ last_used: late.replace('T', ' '), rev: key.rev });
  });

  test('an admin makes one for a service account of theirs, for nobody else; the log names the admin', async () => {
    const { admin, southAdmin, platformAdmin, member, colleague } = stage.people;
    const account = await stage.createPerson({ kind: 'service_account' });
    const statusFor = async (callerId: string, userId: string) => (await create({ callerId, userId })).status;
    expect(await statusFor(admin.id, account.id)).toBe(200);
    expect(await statusFor(platformAdmin.id, account.id)).toBe(200);
    for (const [caller, target] of [
      [southAdmin, account],
      [member, account],
      [admin, colleague],
      [platformAdmin, colleague],
    ] as const) {
      const response = await create({ callerId: caller.id, userId: target.id });
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('The field userId')]);
    }
    expect(await statusFor(admin.id, 'unknownunknown1')).toBe(400);
    const rows = await stage.superuser.collection('audit_logs').getFullList({
      filter: `target_collection = "api_keys" && actor = "${admin.id}"`,
    });
    expect(rows).toHaveLength(1);
    await stage.superuser.collection('users').update(account.id, { status: 'suspended' });
    expect(await statusFor(admin.id, account.id)).toBe(403);
  });

  test.each([
    [{ userId: 'nobody' }, 404, 'userId'],
    [{ models: ['no-such-model'] }, 400, 'no-such-model'],
    [{ models: 'gpt-test' }, 400, 'models'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 400, 'expiresAt'],
    [{ expiresAt: 'soon' }, 400, 'expiresAt'],
    [{ monthlyBudgetEur: 5 }, 400, 'monthlyBudgetEur'],
    [{ monthlyBudgetEur: '-5' }, 400, 'monthly_budget_eur'],
    [{ sha256: 'ABC' }, 400, 'key_hash'],
    [{ requestsPerMinute: -1 }, 400, 'requestsPerMinute'],
    [{ tokensPerMinute: 0.5 }, 400, 'tokensPerMinute'],
    [{ parallelRequests: '2' }, 400, 'parallelRequests'],
    [{ name: '' }, 400, 'name'],
  ])('%j is refused by name', async (fields, status, word) => {
    const response = await create(fields);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(word);
  });

  test('refuses a suspended person', async () => {
    const person = await stage.createPerson({ status: 'suspended' });
    expect((await create({ userId: person.id })).status).toBe(403);
  });
});

describe('GET principal', () => {
  const ask = (authorization: string) =>
    fetch(`${stage.server.url}/api/internal/principal`, { headers: { authorization } });

  test('names the person of a session', async () => {
    const session = (await stage.signIn(stage.people.admin)).authStore.token;
    for (const authorization of [session, `Bearer ${session}`]) {
      const response = await ask(authorization);
      expect(principalOfSession.parse(await response.json())).toEqual({
        id: stage.people.admin.id,
        tenantId: stage.north.id,
        role: 'tenant_admin',
        locale: 'de',
      });
    }
  });

  test('401 for guests, broken tokens, superusers and sessions ended by a suspension, of the person or the tenant', async () => {
    expect((await ask('')).status).toBe(401);
    expect((await ask('Bearer x.y.z')).status).toBe(401);
    expect((await ask(stage.superuser.authStore.token)).status).toBe(403);
    const person = await stage.createPerson({ tenant: stage.south.id });
    const session = (await stage.signIn(person)).authStore.token;
    await stage.superuser.collection('tenants').update(stage.south.id, { status: 'suspended' });
    expect((await ask(session)).status).toBe(401);
    await stage.superuser.collection('tenants').update(stage.south.id, { status: 'active' });
    const another = (await stage.signIn(person)).authStore.token;
    expect((await ask(another)).status).toBe(200);
    await stage.superuser.collection('users').update(person.id, { status: 'suspended' });
    expect((await ask(another)).status).toBe(401);
  });
});
