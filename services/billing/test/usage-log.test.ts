/** The usage log as admins read it: filters, the sum of what they leave, and one request with its charge reckoned out. */
import {
  type LoggedUsage,
  loggedUsagePage,
  modelCharges,
  tenantPrices,
  usageDetail,
  usageSum,
} from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { MODEL, model, newId, nextRev, reserveOf, settleOf, user } from './records.ts';

let fixture: Fixture;
let made: Awaited<ReturnType<typeof newPerson>>;
let admin: string;
let colleague: ReturnType<typeof user>;
const FAILED = { deployment: 'first', kind: 'overloaded', startedMs: 4, endedMs: 30, upstreamRequestId: null };

beforeAll(async () => {
  const second = model({ name: 'gpt-4o', deployment: 'second', upstreamModel: 'gpt-4o', region: 'eu' });
  fixture = await startFixture({ rev: nextRev(), models: [model(), second] });
  made = await newPerson(fixture, { tenant: { markupPercent: '12.5' }, user: { costCentre: '4100' } });
  const { tenant, token, keyRecord, product } = made;
  colleague = user({ tenantId: tenant.id, productId: product.id, costCentre: '4200' });
  await fixture.announce({ users: [colleague] });
  admin = await tokenOf(tenant.id);
  const ofKey = { type: 'api_key', sha256: keyRecord.sha256 } as const;
  const ofColleague = { type: 'subject', subjectId: colleague.id } as const;
  const first = reserveOf(ofKey, { requestId: 'req-first' });
  const broken = reserveOf(ofColleague, { requestId: 'req-broken' });
  const other = reserveOf(ofColleague, { model: 'gpt-4o', deploymentId: second.id, attempt: 2, task: 'title' });
  await fixture.batch(token, [
    ...[first, broken, other],
    settleOf(first.reservationId, { uncached_input: 701, cache_read: 33, output_text: 97, reasoning: 5 }),
    settleOf(broken.reservationId, { output_text: 3 }, { outcome: 'upstream_error', errorKind: 'cut' }),
    settleOf(other.reservationId, { output_text: 50 }, { waitedMs: 31, failedAttempts: [FAILED] }),
  ]);
});
afterAll(() => fixture?.stop());

const tokenOf = (tenant: string) =>
  fixture.identity.sign({ sub: newId(), tenant, role: 'tenant_admin', locale: 'de' }, 'billing');

async function get(path: string, bearer = admin) {
  const url = `/v1/tenants/${made.tenant.id}/usage${path}`;
  const response = await fixture.billing.app.inject({ url, headers: { authorization: `Bearer ${bearer}` } });
  return { status: response.statusCode, text: response.body };
}
const list = async (query: string): Promise<LoggedUsage[]> =>
  loggedUsagePage.parse(JSON.parse((await get(`?${query}`)).text)).items;

const NANO = 1_000_000_000n;
/** Decimal text of at most 9 places -> nano. */
const nano = (text: string) => {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole) * NANO + BigInt(fraction.padEnd(9, '0'));
};

describe('filters', () => {
  test.each([
    ['model=gpt-4o', 1],
    [`model=${MODEL}`, 2],
    ['provider=openai', 3],
    ['provider=gemini', 0],
    ['deployment=second', 1],
    ['region=eu', 1],
    ['outcome=upstream_error', 1],
    ['errorKind=cut', 1],
    ['basis=estimated', 0],
    ['requestId=req-first', 1],
    ['costCentre=4200', 2],
    ['costCentre=4200&outcome=completed', 1],
    ['without=apiKey', 2],
    ['without=apiKey&from=2020-01-01T00:00:00.000Z&outcome=completed', 1],
    ['without=costCentre', 0],
    ['without=product', 0],
    ['from=2020-01-01T00:00:00.000Z', 3],
    ['to=2020-01-01T00:00:00.000Z', 0],
  ])('%s leaves %i rows, and the sum is that of these rows', async (query, count) => {
    const rows = await list(query);
    expect(rows).toHaveLength(count);
    const sum = usageSum.parse(JSON.parse((await get(`/sum?${query}`)).text));
    expect(sum.requests).toBe(count);
    expect(nano(sum.charge)).toBe(rows.reduce((all, row) => all + nano(row.charge), 0n));
    expect(nano(sum.cost)).toBe(rows.reduce((all, row) => all + nano(row.cost), 0n));
    const csv = (await get(`.csv?${query}`)).text.trimEnd().split('\r\n').slice(1);
    expect(csv).toHaveLength(count);
    expect(csv.map((line) => line.split(',')[1])).toEqual(rows.map(({ requestId }) => requestId));
  });

  test('by person, key and plan', async () => {
    expect(await list(`subjectId=${colleague.id}`)).toHaveLength(2);
    expect(await list(`apiKeyId=${made.keyRecord.id}`)).toMatchObject([{ requestId: 'req-first', costCentre: '4100' }]);
    expect(await list(`productId=${made.product.id}`)).toHaveLength(3);
    expect(await list(`productId=${newId()}`)).toHaveLength(0);
  });

  test('a filter that is none says which', async () => {
    expect(await get('?outcome=fine')).toMatchObject({ status: 400, text: expect.stringContaining('outcome') });
    expect(await get('/sum?provider=acme')).toMatchObject({ status: 400, text: expect.stringContaining('provider') });
  });
});

describe('one request', () => {
  test('its charge is reckoned out, step by step, to the nano-euro', async () => {
    const [row] = await list('requestId=req-first');
    const detail = usageDetail.parse(JSON.parse((await get(`/${row?.reservationId}`)).text));
    const { calculation } = detail;
    if (!calculation) throw new Error('no calculation');
    const exact = (text: string) => {
      const [whole = '', fraction = ''] = text.split('.');
      return BigInt(whole) * 10n ** 60n + BigInt(fraction.padEnd(60, '0'));
    };
    for (const { units, usdPerMillion, usd } of calculation.lines)
      expect(exact(usd) * 1_000_000n).toBe(BigInt(units) * exact(usdPerMillion));
    expect(calculation.lines.map(({ meter }) => meter).sort()).toEqual(Object.keys(detail.usage.meters).sort());
    const usd = calculation.lines.reduce((sum, line) => sum + exact(line.usd), 0n);
    expect(exact(calculation.usd)).toBe(usd);
    const one = 10n ** 60n;
    expect(exact(calculation.eur) * one).toBe(usd * exact(calculation.eurPerUsd));
    expect(exact(calculation.eurWithMarkup) * 1_000n).toBe(exact(calculation.eur) * 1_125n);
    const up = (amount: bigint) => (amount + 10n ** 51n - 1n) / 10n ** 51n;
    expect(nano(detail.charge)).toBe(up(exact(calculation.eurWithMarkup)));
    expect(nano(detail.cost)).toBe(up(exact(calculation.eur)));
    expect([calculation.charge, calculation.cost]).toEqual([detail.charge, detail.cost]);
    expect(calculation.priceVersion).toMatchObject({ source: expect.stringMatching(/./) });
  });

  test('it tells its way: how long it waited, who was tried before and why that failed', async () => {
    const [row] = await list('model=gpt-4o');
    const detail = usageDetail.parse(JSON.parse((await get(`/${row?.reservationId}`)).text));
    expect(detail).toMatchObject({ attempt: 2, waitedMs: 31, failedAttempts: [FAILED], upstreamRequestId: 'up-1' });
  });

  test('not one of another tenant, by its id neither', async () => {
    const [row] = await list('requestId=req-first');
    const stranger = await newPerson(fixture);
    const bearer = await tokenOf(stranger.tenant.id);
    expect((await get(`/${row?.reservationId}`, bearer)).status).toBe(403);
    const url = `/v1/tenants/${stranger.tenant.id}/usage/${row?.reservationId}`;
    const headers = { authorization: `Bearer ${bearer}` };
    expect((await fixture.billing.app.inject({ url, headers })).statusCode).toBe(404);
  });
});

test('what a program asked by itself is named, in the list and the file; a question of somebody`s is not', async () => {
  const [titled] = await list('model=gpt-4o');
  expect(titled?.task).toBe('title');
  expect((await list('requestId=req-first'))[0]).not.toHaveProperty('task');
  const csv = (await get('.csv?from=2020-01-01T00:00:00.000Z&to=2100-01-01T00:00:00.000Z')).text.trim().split('\r\n');
  expect(csv.map((line) => line.split(',').at(-1)).sort()).toEqual(['', '', 'task', 'title']);
});

test('somebody reads the calculation of their own request; a colleague`s and one of another key are not there', async () => {
  const rows = await list('limit=10');
  const own = rows.find(({ requestId }) => requestId === 'req-first');
  const others = rows.find(({ subjectId }) => subjectId === colleague.id);
  const ask = async (reservationId: string | undefined, bearer: string) => {
    const url = `/v1/usage/${reservationId}`;
    const answer = await fixture.billing.app.inject({ url, headers: { authorization: `Bearer ${bearer}` } });
    return { status: answer.statusCode, body: answer.json() };
  };
  const signed = await fixture.identity.sign(
    { sub: made.user.id, tenant: made.tenant.id, role: 'member', locale: 'de' },
    'billing',
  );
  expect(others).toBeDefined();
  for (const bearer of [signed, made.key]) {
    const { status, body } = await ask(own?.reservationId, bearer);
    expect(status).toBe(200);
    expect(usageDetail.parse(body).calculation?.charge).toBe(own?.charge);
    expect((await ask(others?.reservationId, bearer)).status).toBe(404);
  }
  expect((await ask(own?.reservationId, admin)).status).toBe(404);
});

test('what models cost is said to everybody, with the mark-up, once per name', async () => {
  const headers = { authorization: `Bearer ${made.key}` };
  const answer = await fixture.billing.app.inject({ url: '/v1/model-charges', headers });
  const { items } = modelCharges.parse(answer.json());
  const { items: terms, exchangeRate } = tenantPrices.parse(
    (
      await fixture.billing.app.inject({
        url: `/v1/tenants/${made.tenant.id}/prices`,
        headers: { authorization: `Bearer ${admin}` },
      })
    ).json(),
  );
  expect(exchangeRate).not.toBeNull();
  expect(new Set(items.map(({ model: name }) => name)).size).toBe(items.length);
  const mini = items.find(({ model: name }) => name === MODEL);
  const plain = terms.flatMap(({ steps }) =>
    steps.filter(({ serviceTier, aboveInputTokens }) => serviceTier === 'standard' && aboveInputTokens === 0),
  );
  expect({ mini, plain: plain.map(({ charge }) => charge) }).toMatchObject({ mini: { model: MODEL } });
  expect(plain.some(({ charge }) => charge.uncached_input === mini?.inputEurPerMillion)).toBe(true);
  expect(plain.some(({ charge }) => charge.output_text === mini?.outputEurPerMillion)).toBe(true);
});
