/** Usage added up, narrowed down and taken home: totals are the sums of the rows, whatever happened to them. */
import { formatEur, type LedgerOperation } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvText } from '../src/usage/export-usage.ts';
import { describeFirstTokens } from '../src/usage/first-token.ts';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { expire, history, newScene, toOperation } from './model/scene.ts';
import { model, newId, nextRev, reserveOf, settleOf, user } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

type Person = Awaited<ReturnType<typeof newPerson>>;
const adminOf = ({ tenant }: Person) =>
  fixture.identity.sign({ sub: newId(), tenant: tenant.id, role: 'tenant_admin', locale: 'de' }, 'billing');

async function get(url: string, bearer: string) {
  const response = await fixture.billing.app.inject({ url, headers: { authorization: `Bearer ${bearer}` } });
  return { status: response.statusCode, text: response.body, headers: response.headers };
}
const items = async (url: string, bearer: string) => JSON.parse((await get(url, bearer)).text).items;

async function use(person: Person, subjectId: string, outputTokens: number): Promise<void> {
  const reserve = reserveOf({ type: 'subject', subjectId });
  await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, { output_text: outputTokens })]);
}

/** Rows that count, with what the tables beside them are made of. */
const COUNTED = `
  SELECT u.tenant_id, (u.settled_at AT TIME ZONE p.time_zone)::date AS day, u.subject_id,
    coalesce(u.api_key_id, '') AS api_key_id, coalesce(u.product_id, '') AS product_id, u.model, u.provider,
    u.cost_centre, (u.outcome = 'upstream_error')::int AS error,
    coalesce(u.uncached_input, 0) AS input_tokens, coalesce(u.output_text, 0) AS output_tokens,
    u.charge_nano_eur, u.cost_nano_eur, u.streamed, u.first_byte_ms
  FROM usage_records u JOIN budget_periods p USING (tenant_id, period_start)
  WHERE u.superseded_at IS NULL AND u.outcome <> 'lost' AND u.tenant_id = $1`;
const SUMS = 'sum(input_tokens), sum(output_tokens), sum(charge_nano_eur), sum(cost_nano_eur)';
const SUM_COLUMNS = 'requests, errors, input_tokens, output_tokens, charge_nano_eur, cost_nano_eur';

/** What a table and the rows do not agree on. */
function differences(table: string, key: string, sums: string, columns: string): string {
  const kept = `SELECT ${key}, ${columns} FROM ${table} WHERE tenant_id = $1 AND requests <> 0`;
  const counted = `SELECT ${key}, ${sums} FROM counted GROUP BY ${key}`;
  return `WITH counted AS (${COUNTED}) (${counted} EXCEPT ${kept}) UNION ALL (${kept} EXCEPT ${counted})`;
}
const SUMMED = `count(*), sum(error), ${SUMS}`;
const PERSON_KEY = 'tenant_id, day, subject_id, api_key_id, product_id, model, provider, cost_centre';
const DIFFERENCES = [
  differences('usage_totals', PERSON_KEY, SUMMED, SUM_COLUMNS),
  differences('usage_days', 'tenant_id, day, product_id, model, provider', SUMMED, SUM_COLUMNS),
  `WITH counted AS (${COUNTED}), found AS (
     SELECT day, first_token_bucket(first_byte_ms) AS bucket, count(*) AS requests FROM counted
     WHERE streamed AND first_byte_ms IS NOT NULL GROUP BY 1, 2
   ), kept AS (SELECT day, bucket, requests FROM usage_first_tokens WHERE tenant_id = $1 AND requests <> 0)
   (SELECT * FROM found EXCEPT SELECT * FROM kept) UNION ALL (SELECT * FROM kept EXCEPT SELECT * FROM found)`,
  // Nothing is left of what was taken back.
  `SELECT 1 FROM usage_totals WHERE tenant_id = $1 AND requests = 0 AND (errors, charge_nano_eur, input_tokens) <> (0, 0, 0)`,
];

test('totals are the sums of the rows, after settlements, expiries, corrections and voids in any order', async () => {
  let used = 0;
  const property = fc.asyncProperty(history, async (played) => {
    const scene = await newScene(fixture, played);
    const asked: LedgerOperation[] = [];
    for (const taken of played.commands) {
      if (taken.do === 'expire') await expire(fixture, scene, scene.ids[taken.which] ?? '');
      else if (taken.do !== 'repeat') asked.push(toOperation(scene, played.scale, taken));
      if (asked.length >= 4) await fixture.batch(scene.token, asked.splice(0));
    }
    for (const difference of DIFFERENCES) {
      const { rows } = await fixture.owner.query(difference, [scene.tenantId]);
      expect(rows, 'rows and totals differ').toEqual([]);
    }
    const totals = await fixture.owner.query('SELECT 1 FROM usage_totals WHERE tenant_id = $1', [scene.tenantId]);
    used += totals.rowCount ?? 0;
  });
  await fc.assert(property, { numRuns: 40, endOnFailure: true });
  expect(used, 'totals, or the histories prove nothing').toBeGreaterThan(3);
}, 120_000);

describe('what sums can not tell', () => {
  test('active people, times to the first token and answers that broke off, by day', async () => {
    const person = await newPerson(fixture);
    const other = user({ tenantId: person.tenant.id, productId: person.product.id });
    await fixture.announce({ users: [other] });
    const times = [100, 200, 300, 400, 500, 600, 700, 800, 900, 10_000];
    for (const [nth, firstByteMs] of times.entries()) {
      const reserve = reserveOf({ type: 'subject', subjectId: nth === 0 ? other.id : person.user.id });
      const outcome = nth < 2 ? 'upstream_error' : 'completed';
      await fixture.batch(person.token, [
        reserve,
        settleOf(reserve.reservationId, { output_text: 5 }, { firstByteMs, outcome }),
      ]);
    }
    const whole = reserveOf({ type: 'subject', subjectId: other.id }, { streamed: false });
    await fixture.batch(person.token, [whole, settleOf(whole.reservationId, { output_text: 5 })]);
    const [admin, base] = [await adminOf(person), `/v1/tenants/${person.tenant.id}/usage`];
    const activity = JSON.parse((await get(`${base}/activity`, admin)).text);
    expect(activity).toMatchObject({ people: 2, firstToken: { requests: 10 } });
    expect(Math.abs(activity.firstToken.medianMs / 500 - 1)).toBeLessThan(0.05);
    expect(Math.abs(activity.firstToken.slowMs / 10_000 - 1)).toBeLessThan(0.05);
    expect(activity.days).toEqual([{ day: activity.days[0].day, people: 2, firstToken: activity.firstToken }]);
    expect(JSON.parse((await get(`${base}/activity?to=2020-01-01`, admin)).text)).toEqual({
      people: 0,
      firstToken: { requests: 0, medianMs: null, slowMs: null },
      days: [],
    });
    expect(await items(`${base}/totals?by=provider,product`, admin)).toMatchObject([
      { provider: 'openai', productId: person.product.id, requests: 11, errors: 2 },
    ]);
    expect(await items(`${base}/totals?by=subject&productId=${person.product.id}&provider=openai`, admin)).toHaveLength(
      2,
    );
    expect(await items(`${base}/totals?by=subject&limit=1`, admin)).toMatchObject([{ subjectId: person.user.id }]);
    expect(await items(`${base}/totals?provider=gemini`, admin)).toMatchObject([{ requests: 0, errors: 0 }]);
    expect(await items(`${base}?outcome=upstream_error`, admin)).toHaveLength(2);
  });

  test('sums of all tenants are for platform admins alone', async () => {
    const person = await newPerson(fixture);
    await use(person, person.user.id, 100);
    const claims = { sub: newId(), tenant: person.tenant.id, locale: 'de' as const };
    const platform = await fixture.identity.sign({ ...claims, role: 'platform_admin' }, 'billing');
    const own = (await items('/v1/tenant-totals', platform)).filter(
      ({ tenantId }: { tenantId: string }) => tenantId === person.tenant.id,
    );
    expect(own).toEqual([
      {
        tenantId: person.tenant.id,
        ...{ requests: 1, errors: 0, inputTokens: 0, outputTokens: 100, charge: '0.0000516', cost: '0.0000516' },
      },
    ]);
    expect(await items('/v1/tenant-totals?to=2020-01-01', platform)).toEqual([]);
    expect((await get('/v1/tenant-totals', await adminOf(person))).status).toBe(403);
    expect((await get('/v1/tenant-totals', person.key)).status).toBe(403);
    expect((await get('/v1/tenant-totals?from=yesterday', platform)).status).toBe(400);
  });

  test('times are told to within five of a hundred, whatever they were', () => {
    const bucketOf = (ms: number) => Math.ceil(8 * Math.log2(Math.max(ms, 1)));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 4, max: 600_000 }), { minLength: 1 }), (times) => {
        const described = describeFirstTokens(times.map((ms) => ({ bucket: bucketOf(ms), requests: 1 })));
        const inOrder = times.toSorted((left, right) => left - right);
        const near = (told: number | null, share: number) => {
          const exact = inOrder[Math.max(1, Math.ceil(times.length * share)) - 1] ?? 0;
          expect(Math.abs((told ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.05 + 0.5);
        };
        near(described.medianMs, 0.5);
        near(described.slowMs, 0.95);
        expect(described.requests).toBe(times.length);
      }),
    );
  });
});

describe('who asks for what', () => {
  test('a sum over moments is that of the rows: whole days from the totals, and what juts out of them', async () => {
    const person = await newPerson(fixture);
    for (const tokens of [1, 20, 300, 4_000, 50_000]) await use(person, person.user.id, tokens);
    const { rows } = await fixture.owner.query<{ settled_at: Date; charge_nano_eur: bigint }>(
      `UPDATE usage_records SET settled_at = date_trunc('day', settled_at) - interval '5 days' + interval '17 hours' * (
         SELECT count(*) FROM usage_records earlier WHERE earlier.tenant_id = $1 AND earlier.settled_at < usage_records.settled_at
       ), superseded_at = NULL
       WHERE tenant_id = $1 RETURNING settled_at, charge_nano_eur`,
      [person.tenant.id],
    );
    await fixture.owner.query('DELETE FROM usage_totals WHERE tenant_id = $1', [person.tenant.id]);
    await fixture.owner.query('DELETE FROM usage_days WHERE tenant_id = $1', [person.tenant.id]);
    await fixture.owner.query('UPDATE usage_records SET superseded_at = NULL WHERE tenant_id = $1', [person.tenant.id]);
    const [admin, base] = [await adminOf(person), `/v1/tenants/${person.tenant.id}/usage/sum`];
    const moments = [undefined, ...rows.flatMap(({ settled_at: at }) => [at, new Date(at.getTime() + 3_600_000)])];
    for (const from of moments)
      for (const to of moments) {
        const within = rows.filter(({ settled_at: at }) => (!from || at >= from) && (!to || at < to));
        const query = [from && `from=${from.toISOString()}`, to && `to=${to.toISOString()}`].filter(Boolean).join('&');
        const sum = JSON.parse((await get(`${base}?${query}`, admin)).text);
        const charge = within.reduce((all, row) => all + row.charge_nano_eur, 0n);
        expect(sum, query).toMatchObject({ requests: within.length, charge: formatEur(charge) });
      }
  });

  test('sums by day, model and person; filters narrow, and never open what belongs to others', async () => {
    const person = await newPerson(fixture, { user: { costCentre: '4100' } });
    const other = user({ tenantId: person.tenant.id, productId: person.product.id, costCentre: '4200' });
    await fixture.announce({ users: [other] });
    await use(person, person.user.id, 100);
    await use(person, person.user.id, 50);
    await use(person, other.id, 10);
    const [admin, base] = [await adminOf(person), `/v1/tenants/${person.tenant.id}/usage/totals`];
    expect(await items(base, admin)).toEqual([
      { requests: 3, errors: 0, inputTokens: 0, outputTokens: 160, charge: '0.00008256', cost: '0.00008256' },
    ]);
    expect(await items(`${base}?by=subject,costCentre`, admin)).toMatchObject([
      { subjectId: person.user.id, costCentre: '4100', requests: 2, charge: '0.0000774' },
      { subjectId: other.id, costCentre: '4200', requests: 1, charge: '0.00000516' },
    ]);
    const [byDay] = await items(`${base}?by=day,model`, admin);
    expect(byDay).toMatchObject({ day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), model: 'gpt-4o-mini', requests: 3 });
    expect(await items(`${base}?from=${byDay.day}&costCentre=4200`, admin)).toMatchObject([{ requests: 1 }]);
    expect(await items(`${base}?to=${byDay.day}`, admin)).toMatchObject([{ requests: 0, charge: '0.00' }]);
    expect(await items('/v1/usage/totals?by=apiKey', person.key)).toEqual([]);
    const own = await fixture.identity.sign(
      { sub: other.id, tenant: person.tenant.id, role: 'member', locale: 'de' },
      'billing',
    );
    expect(await items('/v1/usage/totals', own)).toMatchObject([{ requests: 1 }]);
    expect(await items(`/v1/usage/totals?subjectId=${person.user.id}`, own)).toEqual([]);
    expect(await items(`/v1/usage?subjectId=${person.user.id}`, own)).toEqual([]);
    expect(
      await items(`/v1/tenants/${person.tenant.id}/usage?subjectId=${other.id}&model=gpt-4o-mini`, admin),
    ).toHaveLength(1);
    expect(await items(`/v1/tenants/${person.tenant.id}/usage?to=2020-01-01T00:00:00Z`, admin)).toEqual([]);
    expect((await get(base, own)).status).toBe(403);
    for (const wrong of ['?by=colour', '?from=yesterday', '?subjectId=x'])
      expect((await get(`${base}${wrong}`, admin)).status, wrong).toBe(400);
  });

  test('CSV: all rows over several pages, with either decimal sign; text is never a formula', async () => {
    const person = await newPerson(fixture);
    await use(person, person.user.id, 100);
    await use(person, person.user.id, 50);
    const admin = await adminOf(person);
    const url = `/v1/tenants/${person.tenant.id}/usage.csv`;
    const { text, headers } = await get(url, admin);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const [header, first, second, end] = text.split('\r\n');
    expect(header).toMatch(/^\uFEFFat,request_id,subject_id,/);
    expect([first?.split(',').length, second?.split(',').length, end]).toEqual([
      header?.split(',').length,
      header?.split(',').length,
      '',
    ]);
    expect(first).toContain(',0.0000258,');
    const german = await get(`${url}?decimal=comma`, admin);
    expect(german.text).toContain(';0,0000258;');
    expect((await get('/v1/usage.csv', person.key)).text.split('\r\n')).toHaveLength(2);
    expect((await get(url, person.key)).status).toBe(403);
    const cells = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', 'plain', 'a,b', 'say "hi"', 'two\nlines'];
    expect(cells.map((cell) => csvText(cell, ','))).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "'\tx",
      'plain',
      '"a,b"',
      '"say ""hi"""',
      '"two\nlines"',
    ]);
  });
});
