import { catalogue, type LedgerResult, type ModelRecord, usagePage } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { MODEL, model, newId, nextRev, reserveOf, settleOf } from './records.ts';

let fixture: Fixture;
const OTHER_TENANT = newId();
const custom = model({
  id: newId(),
  name: MODEL,
  deployment: 'our-vllm',
  provider: 'custom',
  upstreamModel: 'llama',
  region: 'eu',
  baseUrl: 'https://vllm.example/v1',
  priority: 5,
  prices: { uncached_input: '2', output_text: '4.50' },
});
const free = model({
  name: 'llama-free',
  deployment: 'ollama',
  provider: 'custom',
  prices: { uncached_input: '0', output_text: '0' },
});
const unpriced = model({ name: 'llama-unpriced', provider: 'custom' });
const foreign = model({ name: 'theirs', tenants: [OTHER_TENANT] });
beforeAll(async () => {
  const models = [custom, model(), free, unpriced, foreign];
  fixture = await startFixture({ rev: nextRev(), models });
});
afterAll(() => fixture?.stop());

const code = (result: LedgerResult | undefined) => (result && 'code' in result ? result.code : result?.status);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const on = ({ id, name, provider }: ModelRecord) => ({ model: name, deploymentId: id, provider });

async function chargeOf(person: Awaited<ReturnType<typeof newPerson>>, fields: Parameters<typeof reserveOf>[1]) {
  const reserve = reserveOf({ type: 'subject', subjectId: person.user.id }, fields);
  const [, settled] = await fixture.batch(person.token, [
    reserve,
    settleOf(reserve.reservationId, { uncached_input: 1_000, output_text: 100 }),
  ]);
  if (settled?.status !== 'settled') throw new Error(JSON.stringify(settled));
  return settled.charge;
}

describe('several deployments of one public name', () => {
  test('each is charged by its own prices, and the usage row says which one served and where', async () => {
    const person = await newPerson(fixture);
    const rate = 0.86;
    expect(Number(await chargeOf(person, {}))).toBeCloseTo(((1_000 * 0.15 + 100 * 0.6) / 1e6) * rate, 9);
    expect(Number(await chargeOf(person, on(custom)))).toBeCloseTo(((1_000 * 2 + 100 * 4.5) / 1e6) * rate, 9);
    const response = await fixture.billing.app.inject({ url: '/v1/usage', headers: bearer(person.key) });
    expect(usagePage.parse(response.json()).items).toEqual([]);
    const { rows } = await fixture.owner.query(
      'SELECT deployment, region, upstream_model FROM usage_records WHERE tenant_id = $1 ORDER BY provider',
      [person.tenant.id],
    );
    expect(rows).toEqual([
      { deployment: 'our-vllm', region: 'eu', upstream_model: 'llama' },
      { deployment: MODEL, region: 'us', upstream_model: 'gpt-4o-mini' },
    ]);
  });

  test('a price of 0 is a price; without prices a custom model is not served; prices change with the directory', async () => {
    const person = await newPerson(fixture);
    const reserve = async (fields: Parameters<typeof reserveOf>[1]) =>
      code(
        (await fixture.batch(person.token, [reserveOf({ type: 'subject', subjectId: person.user.id }, fields)])).at(0),
      );
    expect(await chargeOf(person, on(free))).toBe('0.00');
    expect(await reserve(on(unpriced))).toBe('model_not_priced');
    const priced = { ...unpriced, rev: nextRev(), prices: { uncached_input: '1', output_text: '1' } };
    await fixture.announce({ models: [priced] });
    const dear = Number(await chargeOf(person, on(priced)));
    await fixture.announce({ models: [{ ...priced, rev: nextRev(), displayName: 'Same prices' }] });
    const versions = await fixture.owner.query(
      `SELECT count(*)::int AS count FROM price_versions WHERE provider = 'custom' AND model = $1`,
      [unpriced.id],
    );
    expect(versions.rows[0].count).toBe(1);
    await fixture.announce({
      models: [{ ...priced, rev: nextRev(), prices: { uncached_input: '2', output_text: '2.0' } }],
    });
    expect(Number(await chargeOf(person, on(priced)))).toBeCloseTo(2 * dear, 9);
    await fixture.announce({ models: [{ ...priced, rev: nextRev(), prices: null }] });
    expect(await reserve(on(priced))).toBe('model_not_priced');
  });

  test('a deployment of other tenants is not there', async () => {
    const person = await newPerson(fixture);
    const [refused] = await fixture.batch(person.token, [
      reserveOf({ type: 'subject', subjectId: person.user.id }, { model: foreign.name, deploymentId: foreign.id }),
    ]);
    expect(code(refused)).toBe('model_not_found');
    const listed = await fixture.billing.app.inject({ url: '/v1/catalogue', headers: bearer(person.token) });
    const { models } = catalogue.parse(listed.json());
    expect(models.filter(({ name }) => name === foreign.name)).toEqual([]);
    expect(models.filter(({ name }) => name === MODEL).map(({ deployment, priced }) => [deployment, priced])).toEqual([
      [MODEL, true],
      ['our-vllm', true],
    ]);
    const resolved = await fixture.billing.app.inject({
      method: 'POST',
      url: '/v1/principals/resolve',
      headers: bearer(person.token),
      body: { credential: { type: 'subject', subjectId: person.user.id } },
    });
    expect(resolved.json().principal.models).not.toContain(foreign.name);
    expect(resolved.json().principal.models).toContain(MODEL);
  });
});
