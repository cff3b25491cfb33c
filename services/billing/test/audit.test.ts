/** Whatever people change about money stands in the audit log: who, when, from where, what, and not what they wrote. */
import { randomUUID } from 'node:crypto';
import type { MoneyAuditEntry } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNetworkReader, isAddressOrSubnet, networkOf } from '../src/access/client-network.ts';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, newId, nextRev, reserveOf, settleOf, user } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

type Person = Awaited<ReturnType<typeof newPerson>>;
const SAID = 'my illness, as I told you';
const PATIENTLY = { timeout: 60_000 };

const bearerOf = (sub: string, tenant: string, role: 'member' | 'tenant_admin' | 'platform_admin') =>
  fixture.identity.sign({ sub, tenant, role, locale: 'de' }, 'billing');

async function actorsOf({ tenant, user: person }: Person) {
  const [admin, operator] = [user({ tenantId: tenant.id, role: 'tenant_admin' }), newId()];
  await fixture.announce({ users: [admin] });
  return {
    admin: { id: admin.id, bearer: await bearerOf(admin.id, tenant.id, 'tenant_admin') },
    operator: { id: operator, bearer: await bearerOf(operator, newId(), 'platform_admin') },
    member: { id: person.id, bearer: await bearerOf(person.id, tenant.id, 'member') },
  };
}

async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, bearer: string, body?: object) {
  const headers = { authorization: `Bearer ${bearer}` };
  const response = await fixture.billing.app.inject({ method, url, headers, ...(body && { body }) });
  expect(response.statusCode, response.body).toBeLessThan(300);
  return response.statusCode === 204 ? undefined : response.json();
}

/** What PocketBase has of one collection and target, in the order of the moments. */
const auditedOf = (collection: MoneyAuditEntry['collection'], targetId: string) =>
  [...fixture.pocketbase.audited.values()]
    .filter((entry) => entry.collection === collection && entry.targetId === targetId)
    .sort((a, b) => (a.at < b.at ? -1 : 1));

test('a look at what somebody asked stands there by its admin; a proxy tells of no others', async () => {
  const person = await newPerson(fixture);
  const { admin, member } = await actorsOf(person);
  const stranger = await newPerson(fixture);
  const reservationId = randomUUID();
  const look = { reservationId, subjectId: member.id, adminId: admin.id };
  await call('POST', '/v1/content-looks', person.token, look);
  await expect
    .poll(() => auditedOf('contents', reservationId), PATIENTLY)
    .toMatchObject([
      {
        ...{ tenantId: person.tenant.id, actor: admin.id, actorRole: 'tenant_admin', network: '', action: 'read' },
        ...{ before: {}, after: { subject: member.id } },
      },
    ]);
  const refused = async (bearer: string, adminId: string) => {
    const headers = { authorization: `Bearer ${bearer}` };
    const body = { ...look, adminId };
    const { app } = fixture.billing;
    return (await app.inject({ method: 'POST', url: '/v1/content-looks', headers, body })).statusCode;
  };
  expect(await refused(stranger.token, admin.id)).toBe(403);
  expect(await refused(person.token, member.id)).toBe(403);
  expect(await refused(person.token, newId())).toBe(403);
  expect(await refused(admin.bearer, admin.id)).toBe(401);
});

describe('each kind of change', () => {
  test('a request for more, its decision and the top-up that it is', async () => {
    const person = await newPerson(fixture);
    const { admin, member } = await actorsOf(person);
    const asked = await call('POST', '/v1/budget/requests', member.bearer, { amount: '3.00', reason: SAID });
    const url = `/v1/tenants/${person.tenant.id}/budget-requests/${asked.id}/decision`;
    await call('POST', url, admin.bearer, { decision: 'approve', amount: '2.50', note: SAID });
    await expect.poll(() => auditedOf('budget_requests', asked.id), PATIENTLY).toHaveLength(2);
    const about = { tenantId: person.tenant.id, network: '127.0.0.0/24' };
    expect(auditedOf('budget_requests', asked.id)).toMatchObject([
      {
        ...about,
        actor: member.id,
        actorRole: 'member',
        action: 'create',
        after: { subject: member.id, amount_eur: '3.00', reason: '[not kept]' },
      },
      {
        ...about,
        actor: admin.id,
        actorRole: 'tenant_admin',
        action: 'update',
        before: { state: 'pending', amount_eur: '3.00' },
        after: { state: 'approved', subject: member.id, granted_eur: '2.50', note: '[not kept]' },
      },
    ]);
    expect(auditedOf('adjustments', asked.id)).toMatchObject([
      { ...about, actor: admin.id, after: { kind: 'top_up', level: 'user', owner: member.id, amount_eur: '2.50' } },
    ]);
  });

  test('a request declined, a top-up repeated (once), a correction', async () => {
    const person = await newPerson(fixture);
    const { admin, operator, member } = await actorsOf(person);
    const asked = await call('POST', '/v1/budget/requests', member.bearer, { amount: '3.00', reason: SAID });
    const decision = `/v1/tenants/${person.tenant.id}/budget-requests/${asked.id}/decision`;
    await call('POST', decision, admin.bearer, { decision: 'decline', note: SAID });
    const url = `/v1/tenants/${person.tenant.id}/adjustments`;
    const topUp = { id: randomUUID(), kind: 'top_up', level: 'user', ownerId: member.id, amount: '5.00', reason: SAID };
    await call('POST', url, admin.bearer, topUp);
    await call('POST', url, admin.bearer, topUp);
    const correction = { ...topUp, id: randomUUID(), kind: 'correction', amount: '-0.25' };
    await call('POST', url, operator.bearer, correction);
    await expect.poll(() => auditedOf('adjustments', correction.id), PATIENTLY).toHaveLength(1);
    expect(auditedOf('budget_requests', asked.id).at(-1)).toMatchObject({
      before: { state: 'pending' },
      after: { state: 'declined', note: '[not kept]' },
    });
    expect(auditedOf('adjustments', topUp.id)).toMatchObject([{ actor: admin.id, after: { amount_eur: '5.00' } }]);
    expect(auditedOf('adjustments', correction.id)).toMatchObject([
      { actor: operator.id, actorRole: 'platform_admin', after: { kind: 'correction', amount_eur: '-0.25' } },
    ]);
  });

  test('alert settings: what changed, the webhook without its address, nothing where nothing changed', async () => {
    const person = await newPerson(fixture);
    const { admin } = await actorsOf(person);
    const url = `/v1/tenants/${person.tenant.id}/alert-settings`;
    const webhookUrl = 'https://hooks.example.com/services/a-secret-path';
    await call('PUT', url, admin.bearer, { thresholdsPercent: [95, 50, 80, 100], webhookUrl: null });
    await call('PUT', url, admin.bearer, { thresholdsPercent: [70], webhookUrl });
    await call('PUT', url, admin.bearer, { thresholdsPercent: [70], webhookUrl, rotateSecret: true });
    await call('PUT', url, admin.bearer, { thresholdsPercent: [70], webhookUrl: null });
    await expect.poll(() => auditedOf('alert_settings', person.tenant.id), PATIENTLY).toHaveLength(3);
    expect(auditedOf('alert_settings', person.tenant.id).map(({ before, after }) => [before, after])).toEqual([
      [{ thresholds_percent: [50, 80, 95, 100] }, { thresholds_percent: [70], webhook_url: '[not kept]' }],
      [{ webhook_secret: '[not kept]' }, { webhook_secret: '[not kept]' }],
      [{ webhook_url: '[not kept]' }, {}],
    ]);
  });

  test('prices and exchange rates, before and after; of the platform', async () => {
    const { operator } = await actorsOf(await newPerson(fixture));
    const name = `audited-${newId()}`;
    const version = (output: string, effectiveFrom?: string) => ({
      provider: 'openai',
      model: name,
      source: SAID,
      effectiveFrom,
      steps: [{ usdPerMillion: { uncached_input: '1.00', output_text: output } }],
    });
    const first = await call('POST', '/v1/prices', operator.bearer, version('2.00', '2026-01-01T00:00:00Z'));
    const second = await call('POST', '/v1/prices', operator.bearer, version('3.00'));
    const rates = await call('POST', '/v1/exchange-rates', operator.bearer, { eurPerUsd: '0.91', source: SAID });
    const [rate] = rates.items;
    await expect.poll(() => auditedOf('exchange_rates', rate.id), PATIENTLY).toHaveLength(1);
    expect(auditedOf('prices', first.id)).toMatchObject([
      { tenantId: '', actor: operator.id, before: {}, after: { provider: 'openai', model: name, output_text: '2' } },
    ]);
    const [change] = auditedOf('prices', second.id);
    expect(change?.before).toEqual({ output_text: '2' });
    expect(change?.after).toEqual({
      provider: 'openai',
      model: name,
      effective_from: second.effectiveFrom,
      output_text: '3',
    });
    expect(auditedOf('exchange_rates', rate.id)).toMatchObject([
      { tenantId: '', before: { eur_per_usd: '0.86' }, after: { eur_per_usd: '0.91' } },
    ]);
  });

  test('service tokens, made and revoked (once)', async () => {
    const person = await newPerson(fixture);
    const { operator } = await actorsOf(person);
    const url = `/v1/tenants/${person.tenant.id}/service-tokens`;
    const { id, token } = await call('POST', url, operator.bearer, { name: SAID });
    await call('DELETE', `${url}/${id}`, operator.bearer);
    await call('DELETE', `${url}/${id}`, operator.bearer);
    await expect.poll(() => auditedOf('service_tokens', id), PATIENTLY).toHaveLength(2);
    expect(auditedOf('service_tokens', id)).toMatchObject([
      { action: 'create', tenantId: person.tenant.id, after: { name: '[not kept]' } },
      { action: 'delete', actor: operator.id },
    ]);
    expect(JSON.stringify([...fixture.pocketbase.audited.values()])).not.toContain(token);
  });

  test('a re-rating: asked for, and what it did; a dry run changes nothing and says nothing', async () => {
    const person = await newPerson(fixture);
    const { operator } = await actorsOf(person);
    const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
    await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, { output_text: 10 })]);
    const order = {
      id: randomUUID(),
      from: '2020-01-01T00:00:00Z',
      to: new Date(Date.now() - 1).toISOString(),
      reason: SAID,
    };
    const url = `/v1/tenants/${person.tenant.id}/re-ratings`;
    await call('POST', url, operator.bearer, { ...order, id: randomUUID() });
    await call('POST', url, operator.bearer, { ...order, apply: true });
    await call('POST', url, operator.bearer, { ...order, apply: true });
    await expect.poll(() => auditedOf('re_ratings', order.id), PATIENTLY).toHaveLength(2);
    expect(auditedOf('re_ratings', order.id)).toMatchObject([
      { action: 'create', actor: operator.id, after: { from: '2020-01-01T00:00:00.000Z', reason: '[not kept]' } },
      { action: 'update', actor: operator.id, after: { changed: 0, difference_eur: '0.00' } },
    ]);
    const ofTenant = [...fixture.pocketbase.audited.values()].filter((entry) => entry.tenantId === person.tenant.id);
    expect(ofTenant.filter(({ collection }) => collection === 're_ratings')).toHaveLength(2);
  });

  test('no entry holds what anybody wrote', () => {
    expect(fixture.pocketbase.audited.size).toBeGreaterThan(10);
    expect(JSON.stringify([...fixture.pocketbase.audited.values()])).not.toContain(SAID);
  });
});

describe('on the way', () => {
  const topUp = async (person: Person) => {
    const { operator } = await actorsOf(person);
    const id = randomUUID();
    const wanted = { id, kind: 'top_up', level: 'user', ownerId: person.user.id, amount: '1.00', reason: SAID };
    await call('POST', `/v1/tenants/${person.tenant.id}/adjustments`, operator.bearer, wanted);
    return id;
  };

  test('PocketBase down, its answer lost, another entry refused: each arrives all the same, once', async () => {
    const person = await newPerson(fixture);
    const { pocketbase } = fixture;
    pocketbase.down = true;
    const [first, bad] = [await topUp(person), await topUp(person)];
    pocketbase.refused.add(bad);
    pocketbase.losesAnswers = true;
    pocketbase.down = false;
    await expect.poll(() => auditedOf('adjustments', first), PATIENTLY).toHaveLength(1);
    const calls = pocketbase.auditCalls;
    pocketbase.losesAnswers = false;
    await expect.poll(() => pocketbase.auditCalls, PATIENTLY).toBeGreaterThan(calls);
    expect(auditedOf('adjustments', bad)).toEqual([]);
    pocketbase.refused.delete(bad);
    await expect.poll(() => auditedOf('adjustments', bad), PATIENTLY).toHaveLength(1);
    const waiting = () => fixture.owner.query('SELECT FROM audit_outbox').then(({ rowCount }) => rowCount);
    await expect.poll(waiting, PATIENTLY).toBe(0);
    expect(auditedOf('adjustments', first)).toHaveLength(1);
  });

  test('what is taken back leaves no entry', async () => {
    const person = await newPerson(fixture, { tenant: { monthlyBudgetEur: '1' } });
    const { admin } = await actorsOf(person);
    const id = randomUUID();
    const body = { id, kind: 'top_up', level: 'user', ownerId: person.user.id, amount: '2.00', reason: SAID };
    const response = await fixture.billing.app.inject({
      method: 'POST',
      url: `/v1/tenants/${person.tenant.id}/adjustments`,
      headers: { authorization: `Bearer ${admin.bearer}` },
      body,
    });
    expect(response.json().error.code).toBe('beyond_tenant_budget');
    const { rows } = await fixture.owner.query(`SELECT FROM audit_outbox WHERE entry ->> 'targetId' = $1`, [id]);
    expect([rows, auditedOf('adjustments', id)]).toEqual([[], []]);
  });
});

describe('where a change came from', () => {
  test.each([
    ['203.0.113.7', '203.0.113.0/24'],
    ['::ffff:203.0.113.7', '203.0.113.0/24'],
    ['2001:db8:85a3:8d3::1', '2001:db8:85a3::/48'],
    ['::1', '0:0:0::/48'],
    ['2001:db8::', '2001:db8:0::/48'],
    ['nowhere', ''],
    ['', ''],
  ])('%s -> %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  test('a trusted proxy’s header counts, its last address; anybody else’s doesn’t', () => {
    const read = createNetworkReader({ header: 'x-forwarded-for', addresses: ['10.0.0.0/8', '::1'] });
    const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' };
    expect(read({ ip: '10.1.2.3', headers })).toBe('203.0.113.0/24');
    expect(read({ ip: '::ffff:10.1.2.3', headers })).toBe('203.0.113.0/24');
    expect(read({ ip: '::1', headers: {} })).toBe('0:0:0::/48');
    expect(read({ ip: '192.0.2.9', headers })).toBe('192.0.2.0/24');
    expect(createNetworkReader({ header: '', addresses: [] })({ ip: '10.1.2.3', headers })).toBe('10.1.2.0/24');
    expect(['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'].every(isAddressOrSubnet)).toBe(true);
    expect(['10.0.0.0/33', 'proxy', '10.0.0.1/', '10.0.0.1/8/8', ''].some(isAddressOrSubnet)).toBe(false);
  });
});
