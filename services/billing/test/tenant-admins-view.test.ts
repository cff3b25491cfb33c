/** What a tenant's admins see of their proxies and of what the models cost them. */
import { randomUUID } from 'node:crypto';
import { knownProxies, type ProxyReport, tenantPrices } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { MODEL, model, newId, nextRev, reserveOf, settleOf } from './records.ts';

let fixture: Fixture;
const CUSTOM = model({ name: 'own-model', provider: 'custom', prices: { uncached_input: '0', output_text: '2' } });
const FOREIGN = model({ name: 'foreign-model', tenants: [newId()] });
const UNPRICED = model({ name: 'unpriced-model', upstreamModel: 'nobody-knows-it' });
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model(), FOREIGN, UNPRICED] });
  await fixture.announce({ models: [CUSTOM] });
});
afterAll(() => fixture?.stop());

async function ask(tenantId: string, what: string, role: 'tenant_admin' | 'platform_admin', ownTenant = tenantId) {
  const token = await fixture.identity.sign({ sub: newId(), tenant: ownTenant, role, locale: 'en' }, 'billing');
  const url = `/v1/tenants/${tenantId}/${what}`;
  const response = await fixture.billing.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
  return { status: response.statusCode, body: response.json() };
}

describe('proxies', () => {
  const report = (fields: Partial<ProxyReport> = {}): ProxyReport => ({
    instance: randomUUID(),
    version: '1.2.3',
    startedAt: '2026-11-01T00:00:00.000Z',
    outboxDepth: 3,
    deployments: [{ deployment: MODEL, servedBy: 'simulator', circuit: 'open' }],
    ...fields,
  });
  async function tell(serviceToken: string, content: object): Promise<number> {
    const headers = { authorization: `Bearer ${serviceToken}` };
    const response = await fixture.billing.app.inject({
      method: 'POST',
      url: '/v1/proxy-reports',
      headers,
      body: content,
    });
    return response.statusCode;
  }
  const silentFor = (instance: string, time: string) =>
    fixture.owner.query('UPDATE proxy_reports SET reported_at = now() - $2::interval WHERE instance = $1', [
      instance,
      time,
    ]);

  test('admins read what each last said of itself; those that fell silent are passed over while one is up', async () => {
    const { token, tenant } = await newPerson(fixture);
    const [silent, up] = [report(), report({ outboxDepth: null })];
    expect(await tell(token, silent)).toBe(200);
    expect(await tell(token, up)).toBe(200);
    expect(await tell(token, { ...silent, outboxDepth: 4 })).toBe(200);
    const both = await ask(tenant.id, 'proxies', 'tenant_admin');
    expect(knownProxies.parse(both.body).items).toMatchObject([
      { ...silent, outboxDepth: 4, up: true },
      { ...up, up: true },
    ]);
    await silentFor(silent.instance, '40 seconds');
    const one = await ask(tenant.id, 'proxies', 'platform_admin', newId());
    expect(one.body.items).toMatchObject([{ instance: up.instance, up: true }]);
    await silentFor(up.instance, '2 minutes');
    expect((await ask(tenant.id, 'proxies', 'tenant_admin')).body.items).toMatchObject([
      { instance: silent.instance, up: false },
    ]);
  });

  test('a proxy tells of itself alone: no other tenant sees it, and what it says is checked', async () => {
    const [one, other] = [await newPerson(fixture), await newPerson(fixture)];
    await tell(one.token, report());
    expect((await ask(other.tenant.id, 'proxies', 'tenant_admin')).body).toEqual({ items: [] });
    expect((await ask(one.tenant.id, 'proxies', 'tenant_admin', other.tenant.id)).status).toBe(403);
    expect((await ask(newId(), 'proxies', 'platform_admin')).status).toBe(404);
    expect(await tell(one.token, { ...report(), outboxDepth: -1 })).toBe(400);
    expect(await tell('cfs-nobody', report())).toBe(401);
  });
});

describe('prices of a tenant', () => {
  test('are those that a charge comes from: euro per million, with and without mark-up', async () => {
    const { token, tenant, keyRecord } = await newPerson(fixture, { tenant: { markupPercent: '20' } });
    const { status, body } = await ask(tenant.id, 'prices', 'tenant_admin');
    expect(status).toBe(200);
    const prices = tenantPrices.parse(body);
    expect(prices).toMatchObject({ markupPercent: '20', exchangeRate: { eurPerUsd: '0.86', stale: false } });
    const standard = prices.items
      .find(({ deploymentId }) => deploymentId === model().id)
      ?.steps.find(({ serviceTier, aboveInputTokens }) => serviceTier === 'standard' && aboveInputTokens === 0);
    expect(standard).toMatchObject({
      cost: { uncached_input: '0.129', output_text: '0.516' },
      charge: { uncached_input: '0.1548', output_text: '0.6192' },
    });
    const reserve = reserveOf({ type: 'api_key', sha256: keyRecord.sha256 }, { inputTokensMax: 1_000_000 });
    const used = { uncached_input: 1_000_000, output_text: 0 };
    const [, settled] = await fixture.batch(token, [reserve, settleOf(reserve.reservationId, used)]);
    expect(settled).toMatchObject({ status: 'settled', charge: standard?.charge.uncached_input });
  });

  test('include a custom server, and neither what has no price nor what other tenants are served', async () => {
    const { tenant } = await newPerson(fixture);
    const { items } = tenantPrices.parse((await ask(tenant.id, 'prices', 'platform_admin', newId())).body);
    const ids = items.map(({ deploymentId }) => deploymentId);
    expect(items.find(({ deploymentId }) => deploymentId === CUSTOM.id)?.steps[0]?.cost).toEqual({
      uncached_input: '0.00',
      output_text: '1.72',
    });
    expect(ids).not.toContain(FOREIGN.id);
    expect(ids).not.toContain(UNPRICED.id);
    expect((await ask(tenant.id, 'prices', 'tenant_admin', newId())).status).toBe(403);
  });
});
