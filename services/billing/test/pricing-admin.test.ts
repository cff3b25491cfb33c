import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { exchangeRates, priceList } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkPlausible, readEcbFile, updateFromEcb } from '../src/pricing/ecb-rates.ts';
import { comparePrices, describeChange } from '../src/pricing/price-differences.ts';
import { updatePrices } from '../src/pricing/update-prices.ts';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, newId, nextRev, reserveOf, settleOf } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

const ROLES = { platform: 'platform_admin', tenant: 'tenant_admin' } as const;
async function ask(method: 'GET' | 'POST', url: string, body?: object, as: keyof typeof ROLES = 'platform') {
  const token = await fixture.identity.sign(
    { sub: newId(), tenant: newId(), role: ROLES[as], locale: 'en' },
    'billing',
  );
  const headers = { authorization: `Bearer ${token}` };
  const response = await fixture.billing.app.inject({ method, url, headers, ...(body && { body }) });
  return { status: response.statusCode, body: response.json() };
}
const steps = (input: string, output: string) => [{ usdPerMillion: { uncached_input: input, output_text: output } }];
const MINI = { provider: 'openai', model: 'gpt-4o-mini', source: 'a test' };

async function chargeOf(meters: { uncached_input: number; output_text: number }): Promise<string> {
  const person = await newPerson(fixture);
  const reserve = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 });
  const [, settled] = await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, meters)]);
  return settled?.status === 'settled' ? settled.charge : String(settled?.status);
}

describe('prices', () => {
  test('a platform admin sees them with source and versions, nobody else', async () => {
    const { status, body } = await ask('GET', '/v1/prices?provider=openai&model=4o-mini&limit=500');
    expect(status).toBe(200);
    const mini = priceList.parse(body).items.find((item) => item.model === 'gpt-4o-mini');
    expect(mini).toMatchObject({ current: true, author: null, source: expect.stringMatching(/as of/) });
    expect(mini?.steps[0]).toEqual({
      serviceTier: 'standard',
      aboveInputTokens: 0,
      usdPerMillion: { uncached_input: '0.15', cache_read: '0.075', output_text: '0.6' },
    });
    expect((await ask('GET', '/v1/prices', undefined, 'tenant')).status).toBe(403);
    expect((await ask('POST', '/v1/prices', { ...MINI, steps: steps('1', '1') }, 'tenant')).status).toBe(403);
  });

  test('a new price counts from its moment on: at once, or not before it', async () => {
    const used = { uncached_input: 1_000, output_text: 100 };
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const before = await chargeOf(used);
    expect(before).toBe('0.0001806');
    const future = await ask('POST', '/v1/prices', { ...MINI, effectiveFrom: tomorrow, steps: steps('9', '9') });
    expect(future.body).toMatchObject({ current: false, effectiveFrom: tomorrow, author: expect.any(String) });
    expect(await chargeOf(used)).toBe(before);
    const now = await ask('POST', '/v1/prices', { ...MINI, steps: steps('0.30', '1.2') });
    expect(now.body).toMatchObject({ current: true });
    expect(await chargeOf(used)).toBe('0.0003612');
    const all = await ask('GET', '/v1/prices?provider=openai&model=gpt-4o-mini&versions=all');
    const own = priceList.parse(all.body).items.filter((item) => item.model === 'gpt-4o-mini');
    expect(own.map((item) => item.current)).toEqual([false, true, false]);
    expect((await ask('POST', '/v1/prices', { ...MINI, effectiveFrom: tomorrow, steps: steps('1', '1') })).status).toBe(
      409,
    );
  });

  test.each([
    ['a price that is no number', { ...MINI, steps: steps('cheap', '1') }, /uncached_input/],
    ['a negative price', { ...MINI, steps: steps('-1', '1') }, /uncached_input/],
    ['no price of output', { ...MINI, steps: [{ usdPerMillion: { uncached_input: '1' } }] }, /steps/],
    ['two steps from the same size on', { ...MINI, steps: [...steps('1', '1'), ...steps('2', '2')] }, /steps/],
    [
      'an unknown meter',
      { ...MINI, steps: [{ usdPerMillion: { uncached_input: '1', output_text: '1', thoughts: '1' } }] },
      /steps/,
    ],
    ['no source', { ...MINI, source: ' ', steps: steps('1', '1') }, /source/],
  ])('%s is refused by its field', async (_name, body, message) => {
    const answer = await ask('POST', '/v1/prices', body);
    expect(answer.status).toBe(400);
    expect(`${answer.body.error.param} ${answer.body.error.message}`).toMatch(message);
  });

  test('a custom model may cost nothing', async () => {
    const request = { provider: 'custom', model: newId(), source: 'own server', steps: steps('0', '0') };
    expect((await ask('POST', '/v1/prices', request)).status).toBe(200);
  });
});

describe('npm run prices', () => {
  const catalogue = path.join(import.meta.dirname, '../catalogue/prices.json');
  const run = async (apply: boolean) => {
    let text = '';
    const order = { place: catalogue, apply, databaseUrl: fixture.config.DATABASE_URL };
    const code = await updatePrices(order, (more) => {
      text += more;
    });
    return { code, text };
  };

  test('shows the differences, changes nothing without --apply, and then what it showed', async () => {
    const shown = await run(false);
    expect(shown.text).toMatch(/openai\/gpt-4o-mini {2}uncached_input: 0.3 -> 0.15/);
    expect(shown.text).toMatch(/cache_read: none -> 0.075/);
    expect(shown.text).toMatch(/1 models with other prices, \d+ unchanged/);
    expect(shown.text).toMatch(/Nothing was changed/);
    expect(await chargeOf({ uncached_input: 1_000, output_text: 100 })).toBe('0.0003612');
    expect((await run(true)).text).toMatch(/In effect since/);
    expect(await chargeOf({ uncached_input: 1_000, output_text: 100 })).toBe('0.0001806');
    expect((await run(true)).text).toMatch(/0 models with other prices/);
  });

  test('a platform admin does the same in the portal, and is told what is wrong with a file', async () => {
    const of = (usdPerMillion: object) => ({
      effectiveFrom: '2026-12-01T00:00:00.000Z',
      source: 'a newer list',
      models: [
        {
          provider: 'openai',
          model: 'gpt-4o-mini',
          steps: [{ serviceTier: 'standard', aboveInputTokens: 0, usdPerMillion }],
        },
      ],
    });
    const content = JSON.stringify(of({ uncached_input: '0.2', cache_read: '0.075', output_text: '0.6' }));
    const shown = await ask('POST', '/v1/price-catalogues', { content });
    expect(shown.body).toMatchObject({ source: 'a newer list', applied: false, models: 1 });
    const change = { provider: 'openai', model: 'gpt-4o-mini', serviceTier: 'standard', aboveInputTokens: 0 };
    expect(shown.body.prices).toContainEqual({ ...change, meter: 'uncached_input', from: '0.15', to: '0.2' });
    expect(await chargeOf({ uncached_input: 1_000, output_text: 0 })).toBe('0.000129');
    expect((await ask('POST', '/v1/price-catalogues', { content, apply: true })).body).toMatchObject({ applied: true });
    expect(await chargeOf({ uncached_input: 1_000, output_text: 0 })).toBe('0.000172');
    expect((await ask('POST', '/v1/price-catalogues', { content, apply: true })).body).toMatchObject({
      applied: false,
      prices: [],
    });
    for (const wrong of ['no json', '{}', JSON.stringify(of({ thoughts: '1' }))]) {
      const { status, body } = await ask('POST', '/v1/price-catalogues', { content: wrong });
      expect({ status, param: body.error.param }).toEqual({ status: 400, param: 'content' });
      expect(body.error.message).toMatch(/not a price catalogue/);
    }
    expect((await ask('POST', '/v1/price-catalogues', { content }, 'tenant')).status).toBe(403);
  });

  test('names what is new, other, gone and no longer there', () => {
    const of = (name: string, usdPerMillion: object) => ({
      provider: 'openai',
      model: name,
      steps: [{ serviceTier: 'flex' as const, aboveInputTokens: 200_000, usdPerMillion }],
    });
    const known = [of('a', { output_text: '1.50', reasoning: '2' }), of('b', {})];
    const { prices, missing, unchanged } = comparePrices(known, [of('a', { output_text: '1.5', cache_read: '1' })]);
    expect(prices.map(describeChange)).toEqual([
      'openai/a  reasoning flex above 200000 input tokens: 2 -> none',
      'openai/a  cache_read flex above 200000 input tokens: none -> 1',
    ]);
    expect({ missing, unchanged }).toEqual({ missing: ['openai/b'], unchanged: 0 });
  });
});

describe('exchange rates', () => {
  const file = (rate: string, day = '2026-11-20') => `<?xml version="1.0" encoding="UTF-8"?>
    <gesmes:Envelope><Cube><Cube time='${day}'><Cube currency='USD' rate='${rate}'/><Cube currency='JPY' rate='160.1'/>
    </Cube></Cube></gesmes:Envelope>`;
  let server: Server;
  let text = file('1.1600');
  let url = '';
  beforeAll(async () => {
    server = createServer((_request, response) => response.end(text));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => server.close());
  const current = async () => {
    const { items, stale } = exchangeRates.parse((await ask('GET', '/v1/exchange-rates')).body);
    return { ...items.find((item) => item.current), stale };
  };

  test("the ECB's dollars per euro become euro per dollar, rounded up at the twelfth place", () => {
    expect(readEcbFile(file('1.25'))).toEqual({ eurPerUsd: '0.8', quotedAt: new Date('2026-11-20T00:00:00Z') });
    expect(readEcbFile(file('1.1')).eurPerUsd).toBe('0.909090909091');
    for (const bad of ['', '<html>', file('0'), file('x'), file('1.1', 'today')])
      expect(() => readEcbFile(bad)).toThrow(/the ECB's file/);
  });

  test('a rate that no dollar reaches within days is not taken', () => {
    expect(() => checkPlausible('0.9', '0.86')).not.toThrow();
    expect(() => checkPlausible('1.1', '0.86')).toThrow(/too far/);
    expect(() => checkPlausible('0.0086', '0.86')).toThrow(/too far/);
  });

  test('by the ECB: in effect at once, not twice, stale when it is old, kept when the file is broken', async () => {
    expect(await current()).toMatchObject({ eurPerUsd: '0.86', source: 'environment', stale: false });
    await updateFromEcb(fixture.service, url);
    expect(await current()).toMatchObject({ eurPerUsd: '0.862068965518', source: 'ecb', author: null });
    await updateFromEcb(fixture.service, url);
    const { items } = (await ask('GET', '/v1/exchange-rates')).body;
    expect(items.filter((item: { source: string }) => item.source === 'ecb')).toHaveLength(1);
    text = file('116');
    await expect(updateFromEcb(fixture.service, url)).resolves.toBeUndefined();
    text = file('116', '2026-11-21');
    await expect(updateFromEcb(fixture.service, url)).rejects.toThrow(/too far/);
    expect(await current()).toMatchObject({ eurPerUsd: '0.862068965518' });
    text = 'x'.repeat(300_000);
    await expect(updateFromEcb(fixture.service, url)).rejects.toThrow(/too large/);
    await fixture.owner.query(`UPDATE exchange_rates SET quoted_at = now() - interval '6 days' WHERE source = 'ecb'`);
    expect(await current()).toMatchObject({ stale: true });
    const { body } = await fixture.billing.app.inject({ url: '/metrics' });
    expect(Number(/^exchange_rate_age_seconds(?:\{[^}]*\})? (.+)$/m.exec(body)?.[1])).toBeGreaterThan(6 * 86_400 - 60);
  });

  test('by hand: with author and source, and refused where it can be no rate', async () => {
    const set = await ask('POST', '/v1/exchange-rates', { eurPerUsd: '0.9', source: 'the bank' });
    expect(set.status).toBe(200);
    expect(await current()).toMatchObject({
      eurPerUsd: '0.9',
      source: 'the bank',
      author: expect.any(String),
      stale: false,
    });
    for (const eurPerUsd of ['0', '-1', '86', '0,86', '1e1'])
      expect((await ask('POST', '/v1/exchange-rates', { eurPerUsd, source: 'x' })).status).toBe(400);
    expect((await ask('POST', '/v1/exchange-rates', { eurPerUsd: '0.9', source: 'x' }, 'tenant')).status).toBe(403);
  });
});
