/** What a tenant's type and end, and a product's region rule, mean for the ledger and for those who ask billing. */
import type { LedgerResult, ModelRecord } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, nextRev, reserveOf } from './records.ts';

const STANDARD = model();
const EUROPEAN = model({ name: 'european', region: 'eu' });
const EVERYWHERE = model({ name: 'everywhere', region: 'global' });
const BOTH_US = model({ name: 'both', deployment: 'both-us', region: 'us' });
const BOTH_EU = model({ name: 'both', deployment: 'both-eu', region: 'eu', upstreamModel: 'gpt-4o' });
const on = ({ id, name }: ModelRecord) => ({ deploymentId: id, model: name });

let fixture: Fixture;
beforeAll(async () => {
  const models = [STANDARD, EUROPEAN, EVERYWHERE, BOTH_US, BOTH_EU];
  fixture = await startFixture({ rev: nextRev(), models });
});
afterAll(() => fixture?.stop());

type Person = Awaited<ReturnType<typeof newPerson>>;
const outcomeOf = (result: LedgerResult | undefined) =>
  result?.status === 'refused' ? result.code : (result?.status ?? 'none');

async function reserve(person: Person, fields: Parameters<typeof reserveOf>[1] = {}): Promise<string> {
  const credential = { type: 'api_key', sha256: person.keyRecord.sha256 } as const;
  return outcomeOf((await fixture.batch(person.token, [reserveOf(credential, fields)]))[0]);
}
async function resolve(person: Person) {
  const response = await fixture.billing.app.inject({
    method: 'POST',
    url: '/v1/principals/resolve',
    headers: { authorization: `Bearer ${person.token}` },
    body: { credential: { type: 'subject', subjectId: person.user.id } },
  });
  return response.json();
}

describe('a demo', () => {
  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

  test('is refused from its end on, with a reason of its own, for keys, people and lists alike', async () => {
    const person = await newPerson(fixture, { tenant: { type: 'demo', expiresAt: inMs(60_000) } });
    expect(await reserve(person, { simulated: true })).toBe('granted');
    await fixture.announce({ tenants: [{ ...person.tenant, rev: nextRev(), expiresAt: inMs(-1) }] });
    expect(await reserve(person, { simulated: true })).toBe('tenant_expired');
    expect(await resolve(person)).toMatchObject({ status: 'refused', code: 'tenant_expired' });
    const claims = { sub: person.user.id, tenant: person.tenant.id, role: 'member', locale: 'de' } as const;
    for (const bearer of [person.key, await fixture.identity.sign(claims, 'billing')]) {
      const headers = { authorization: `Bearer ${bearer}` };
      const answer = await fixture.billing.app.inject({ url: '/v1/budget', headers });
      expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'tenant_expired']);
    }
    await fixture.announce({ tenants: [{ ...person.tenant, rev: nextRev(), expiresAt: inMs(60_000) }] });
    expect(await reserve(person, { simulated: true })).toBe('granted');
  });

  test('is never charged for a real provider', async () => {
    const demo = await newPerson(fixture, { tenant: { type: 'demo' } });
    expect(await reserve(demo, { simulated: false })).toBe('model_not_allowed');
    expect(await reserve(demo, { simulated: true })).toBe('granted');
    expect(await reserve(await newPerson(fixture), { simulated: false })).toBe('granted');
  });
});

describe("a product's region rule", () => {
  test('eu: other regions are refused, and not among the models that one may use', async () => {
    const person = await newPerson(fixture, { product: { regionRule: 'eu' } });
    expect(await resolve(person)).toMatchObject({ principal: { regionRule: 'eu', models: ['both', 'european'] } });
    for (const model of [STANDARD, EVERYWHERE, BOTH_US])
      expect(await reserve(person, on(model))).toBe('model_not_allowed');
    for (const model of [EUROPEAN, BOTH_EU]) expect(await reserve(person, on(model))).toBe('granted');
  });

  test('any: all', async () => {
    const person = await newPerson(fixture);
    expect(await resolve(person)).toMatchObject({ principal: { regionRule: 'any' } });
    for (const model of [STANDARD, EVERYWHERE, EUROPEAN, BOTH_US])
      expect(await reserve(person, on(model))).toBe('granted');
  });
});
