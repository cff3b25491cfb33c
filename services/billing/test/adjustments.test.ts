/** Money beside requests: top-ups, corrections and requests for more. */
import { randomUUID } from 'node:crypto';
import type { AdjustmentCreateRequest, BudgetRequest } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, newId, nextRev, product, reserveOf, settleOf, user } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

type Person = Awaited<ReturnType<typeof newPerson>>;
type Role = 'member' | 'tenant_admin' | 'platform_admin';

const tokenOf = (sub: string, tenant: string, role: Role) =>
  fixture.identity.sign({ sub, tenant, role, locale: 'de' }, 'billing');

async function adminsOf({ tenant }: Person) {
  const admin = user({ tenantId: tenant.id, role: 'tenant_admin' });
  await fixture.announce({ users: [admin] });
  return {
    admin,
    ofTenant: await tokenOf(admin.id, tenant.id, 'tenant_admin'),
    ofPlatform: await tokenOf(newId(), newId(), 'platform_admin'),
  };
}

async function call(method: 'GET' | 'POST', url: string, bearer: string, body?: object) {
  const headers = { authorization: `Bearer ${bearer}` };
  const response = await fixture.billing.app.inject({ method, url, headers, ...(body && { body }) });
  return { status: response.statusCode, body: response.json() };
}

const topUp = (person: Person, fields: Partial<AdjustmentCreateRequest> = {}): AdjustmentCreateRequest => ({
  id: randomUUID(),
  kind: 'top_up',
  level: 'user',
  ownerId: person.user.id,
  amount: '5.00',
  reason: 'a project',
  ...fields,
});
const adjustmentsOf = ({ tenant }: Person) => `/v1/tenants/${tenant.id}/adjustments`;
const budgetOf = async (person: Person) => (await call('GET', '/v1/budget', person.key)).body;

/** Law 3 with allowances: posted and allowance are the sums of their entries. */
async function expectSums({ tenant }: Person): Promise<void> {
  const { rows } = await fixture.owner.query(
    `SELECT b.level FROM budget_balances b LEFT JOIN entries e USING (tenant_id, level, owner_id, period_start)
     WHERE b.tenant_id = $1 GROUP BY b.tenant_id, b.level, b.owner_id, b.period_start
     HAVING b.posted_nano_eur <> coalesce(sum(e.amount_nano_eur) FILTER (WHERE e.kind NOT IN ('top_up', 'carry_over')), 0)
       OR b.allowance_nano_eur <> coalesce(sum(e.amount_nano_eur) FILTER (WHERE e.kind IN ('top_up', 'carry_over')), 0)`,
    [tenant.id],
  );
  expect(rows, 'balances that are not the sums of their entries').toEqual([]);
}

describe('top-ups and corrections', () => {
  test('a top-up raises the limit of this month at once, for reservations too', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0' } });
    const { ofTenant, admin } = await adminsOf(person);
    const reserve = () => reserveOf({ type: 'subject', subjectId: person.user.id });
    expect(await fixture.batch(person.token, [reserve()])).toMatchObject([{ code: 'insufficient_quota' }]);
    const wanted = topUp(person);
    const first = await call('POST', adjustmentsOf(person), ofTenant, wanted);
    expect(first).toMatchObject({ status: 200, body: { ...wanted, author: admin.id } });
    expect(await fixture.batch(person.token, [reserve()])).toMatchObject([{ status: 'granted' }]);
    expect(await budgetOf(person)).toMatchObject({ limit: '5.00', spent: '0.00', remaining: '4.9997678' });
    expect(await call('POST', adjustmentsOf(person), ofTenant, wanted)).toEqual(first);
    expect(await call('POST', adjustmentsOf(person), ofTenant, { ...wanted, amount: '6.00' })).toMatchObject({
      status: 409,
      body: { error: { code: 'idempotency_conflict' } },
    });
    expect((await call('GET', adjustmentsOf(person), ofTenant)).body.items).toEqual([first.body]);
    const ofOwner = async (id: string) =>
      (await call('GET', `${adjustmentsOf(person)}?ownerId=${id}`, ofTenant)).body.items;
    expect(await ofOwner(person.user.id)).toEqual([first.body]);
    expect(await ofOwner(admin.id)).toEqual([]);
    await expectSums(person);
  });

  test('a correction gives back what was spent, with reason and author', async () => {
    const person = await newPerson(fixture);
    const { ofPlatform } = await adminsOf(person);
    const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
    await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, { output_text: 100 })]);
    const wanted = topUp(person, { kind: 'correction', amount: '-0.00005', reason: 'the provider gave it back' });
    expect((await call('POST', adjustmentsOf(person), ofPlatform, wanted)).status).toBe(200);
    expect(await budgetOf(person)).toMatchObject({ spent: '0.0000016', limit: '10.00' });
    await expectSums(person);
  });

  test('a tenant’s admin: people of the own tenant, top-ups only, within what the tenant has left', async () => {
    const person = await newPerson(fixture, { tenant: { monthlyBudgetEur: '7' } });
    const { ofTenant, ofPlatform } = await adminsOf(person);
    const stranger = await newPerson(fixture);
    const attempts: [string, AdjustmentCreateRequest, number, string][] = [
      [ofTenant, topUp(person, { amount: '7.01' }), 409, 'beyond_tenant_budget'],
      [ofTenant, topUp(person, { kind: 'correction', amount: '-1' }), 403, 'forbidden'],
      [ofTenant, topUp(person, { level: 'tenant', ownerId: person.tenant.id }), 403, 'forbidden'],
      [ofTenant, topUp(stranger), 404, 'subject_not_found'],
      [ofPlatform, topUp(person, { level: 'tenant' }), 404, 'subject_not_found'],
      [ofPlatform, topUp(person, { amount: '9999999999' }), 400, 'amount_too_large'],
      [ofPlatform, topUp(person, { amount: '0.00' }), 400, 'invalid_request'],
      [await tokenOf(person.user.id, person.tenant.id, 'member'), topUp(person), 403, 'forbidden'],
    ];
    for (const [bearer, body, status, code] of attempts)
      expect(await call('POST', adjustmentsOf(person), bearer, body)).toMatchObject({
        status,
        body: { error: { code } },
      });
    expect(
      (await call('POST', `/v1/tenants/${stranger.tenant.id}/adjustments`, ofTenant, topUp(stranger))).status,
    ).toBe(403);
    expect((await call('GET', adjustmentsOf(person), ofTenant)).body.items).toEqual([]);
    const ofHome = topUp(person, { level: 'tenant', ownerId: person.tenant.id, amount: '3' });
    expect((await call('POST', adjustmentsOf(person), ofPlatform, ofHome)).status).toBe(200);
    expect((await call('POST', adjustmentsOf(person), ofTenant, topUp(person, { amount: '9.99' }))).status).toBe(200);
    await expectSums(person);
  });

  test('a product changed in mid-month counts at once; what was spent stays', async () => {
    const person = await newPerson(fixture);
    const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
    await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, { output_text: 1_000_000 })]);
    expect(await budgetOf(person)).toMatchObject({ limit: '10.00', spent: '0.516', remaining: '9.484' });
    const smaller = product({ monthlyBudgetEur: '0.50' });
    await fixture.announce({ products: [smaller], users: [{ ...person.user, productId: smaller.id, rev: nextRev() }] });
    expect(await budgetOf(person)).toMatchObject({ limit: '0.50', spent: '0.516', remaining: '-0.016' });
    const next = reserveOf({ type: 'subject', subjectId: person.user.id });
    expect(await fixture.batch(person.token, [next])).toMatchObject([{ code: 'insufficient_quota' }]);
  });
});

describe('requests for more', () => {
  /** What has reached PocketBase for these people: template, subject id, outcome. */
  const mailsTo = (...ids: string[]) =>
    fixture.pocketbase.mails
      .filter(({ subjectId }) => ids.includes(subjectId))
      .map(({ template, subjectId, values }) => [template, subjectId, values.outcome])
      .sort();

  test('asked, approved as a top-up, both told; nothing is decided twice', async () => {
    const person = await newPerson(fixture);
    const { admin, ofTenant } = await adminsOf(person);
    const deputy = user({ tenantId: person.tenant.id, role: 'tenant_admin' });
    await fixture.announce({ users: [deputy] });
    const own = await tokenOf(person.user.id, person.tenant.id, 'member');
    const asked = await call('POST', '/v1/budget/requests', own, { amount: '3.00', reason: 'a thesis' });
    expect(asked).toMatchObject({ status: 200, body: { state: 'pending', amount: '3.00', decision: null } });
    expect(await call('POST', '/v1/budget/requests', own, { amount: '1', reason: 'more' })).toMatchObject({
      status: 409,
      body: { error: { code: 'request_pending' } },
    });
    const list = `/v1/tenants/${person.tenant.id}/budget-requests`;
    expect((await call('GET', `${list}?state=pending`, ofTenant)).body.items).toEqual([asked.body]);
    const ofOne = async (id: string) => (await call('GET', `${list}?subjectId=${id}`, ofTenant)).body.items;
    expect([await ofOne(person.user.id), await ofOne(admin.id)]).toEqual([[asked.body], []]);
    const decision = `${list}/${(asked.body as BudgetRequest).id}/decision`;
    expect((await call('POST', decision, own, { decision: 'decline', note: 'no' })).status).toBe(403);
    const approve = { decision: 'approve', amount: '2.50', note: 'for this month' };
    const approved = await call('POST', decision, ofTenant, approve);
    expect(approved).toMatchObject({
      status: 200,
      body: { state: 'approved', decision: { by: admin.id, granted: '2.50' } },
    });
    expect(await call('POST', decision, ofTenant, approve)).toMatchObject({
      status: 409,
      body: { error: { code: 'request_decided' } },
    });
    expect((await budgetOf(person)).limit).toBe('12.50');
    expect((await call('GET', '/v1/budget/requests', own)).body.items).toEqual([approved.body]);
    await expect
      .poll(() => mailsTo(admin.id, deputy.id, person.user.id), { timeout: 30_000 })
      .toEqual(
        [
          ['budget_decision', person.user.id, 'approved'],
          ['budget_request', admin.id, undefined],
          ['budget_request', deputy.id, undefined],
          ['budget_request_decided', deputy.id, 'approved'],
        ].sort(),
      );
    await expectSums(person);
  });

  test('declined with a note: no entry; two admins at once decide once; an approval names no other measure', async () => {
    const person = await newPerson(fixture);
    const { ofTenant, ofPlatform } = await adminsOf(person);
    const own = await tokenOf(person.user.id, person.tenant.id, 'member');
    const ask = async () =>
      (await call('POST', '/v1/budget/requests', own, { amount: '3.00', reason: 'a thesis' })).body as BudgetRequest;
    const url = ({ id }: BudgetRequest) => `/v1/tenants/${person.tenant.id}/budget-requests/${id}/decision`;
    const declined = await call('POST', url(await ask()), ofTenant, { decision: 'decline', note: 'next month' });
    expect(declined.body).toMatchObject({ state: 'declined', decision: { note: 'next month', granted: null } });
    await expect
      .poll(() => mailsTo(person.user.id), { timeout: 30_000 })
      .toEqual([['budget_decision', person.user.id, 'declined']]);
    const contested = await ask();
    const override = { decision: 'approve', measure: 'override' };
    expect(await call('POST', url(contested), ofTenant, override)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('measure') } },
    });
    const top = { decision: 'approve' };
    const answers = await Promise.all(
      [ofTenant, ofPlatform].map((bearer) => call('POST', url(contested), bearer, top)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await budgetOf(person)).limit).toBe('13.00');
  });

  test('a key can’t ask, another tenant’s admin can’t decide, an admin not on the own request', async () => {
    const person = await newPerson(fixture, { user: { role: 'tenant_admin' } });
    const stranger = await adminsOf(await newPerson(fixture));
    expect((await call('POST', '/v1/budget/requests', person.key, { amount: '3', reason: 'x' })).status).toBe(403);
    const own = await tokenOf(person.user.id, person.tenant.id, 'tenant_admin');
    const { body } = await call('POST', '/v1/budget/requests', own, { amount: '3.00', reason: 'x' });
    const url = `/v1/tenants/${person.tenant.id}/budget-requests/${body.id}/decision`;
    for (const bearer of [stranger.ofTenant, own])
      expect((await call('POST', url, bearer, { decision: 'approve' })).status).toBe(403);
  });
});
