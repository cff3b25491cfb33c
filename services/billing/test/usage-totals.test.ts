/** Usage added up, narrowed down and taken home: totals are the sums of the rows, whatever happened to them. */
import type { LedgerOperation } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvText } from '../src/usage/export-usage.ts';
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

const DIFFERENCES = `
  WITH rows AS (
    SELECT u.tenant_id, (u.settled_at AT TIME ZONE p.time_zone)::date AS day, u.subject_id,
      coalesce(u.api_key_id, '') AS api_key_id, u.model, u.cost_centre, count(*) AS requests,
      sum(coalesce(u.uncached_input, 0)) AS input_tokens, sum(coalesce(u.output_text, 0)) AS output_tokens,
      sum(u.charge_nano_eur) AS charge_nano_eur, sum(u.cost_nano_eur) AS cost_nano_eur
    FROM usage_records u JOIN budget_periods p USING (tenant_id, period_start)
    WHERE u.superseded_at IS NULL AND u.outcome <> 'lost' AND u.tenant_id = $1 GROUP BY 1, 2, 3, 4, 5, 6
  ), totals AS (
    SELECT * FROM usage_totals WHERE tenant_id = $1
      AND (requests, input_tokens, output_tokens, charge_nano_eur, cost_nano_eur) <> (0, 0, 0, 0, 0)
  )
  (SELECT * FROM rows EXCEPT SELECT * FROM totals) UNION ALL (SELECT * FROM totals EXCEPT SELECT * FROM rows)`;

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
    const { rows } = await fixture.owner.query(DIFFERENCES, [scene.tenantId]);
    expect(rows, 'rows and totals differ').toEqual([]);
    const totals = await fixture.owner.query('SELECT 1 FROM usage_totals WHERE tenant_id = $1', [scene.tenantId]);
    used += totals.rowCount ?? 0;
  });
  await fc.assert(property, { numRuns: 12, endOnFailure: true });
  expect(used, 'totals, or the histories prove nothing').toBeGreaterThan(3);
}, 120_000);

describe('who asks for what', () => {
  test('sums by day, model and person; filters narrow, and never open what belongs to others', async () => {
    const person = await newPerson(fixture, { user: { costCentre: '4100' } });
    const other = user({ tenantId: person.tenant.id, productId: person.product.id, costCentre: '4200' });
    await fixture.announce({ users: [other] });
    await use(person, person.user.id, 100);
    await use(person, person.user.id, 50);
    await use(person, other.id, 10);
    const [admin, base] = [await adminOf(person), `/v1/tenants/${person.tenant.id}/usage/totals`];
    expect(await items(base, admin)).toEqual([
      { requests: 3, inputTokens: 0, outputTokens: 160, charge: '0.00008256', cost: '0.00008256' },
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
