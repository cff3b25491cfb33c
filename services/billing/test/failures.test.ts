/** Failed requests: kept for a while, found by admins alone, grouped with answers that broke off, gone with the person. */
import { randomUUID } from 'node:crypto';
import {
  billingExport,
  type FailureReport,
  failureGroups,
  failurePage,
  principalResolveResponse,
} from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgetFailures } from '../src/failures/failures.store.ts';
import { type Fixture, newPerson, signed, startFixture } from './billing-fixture.ts';
import { MODEL, model, newId, nextRev, reserveOf, settleOf } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

type Made = Awaited<ReturnType<typeof newPerson>>;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function failure({ user, keyRecord }: Made, fields: Partial<FailureReport> = {}): FailureReport {
  return {
    id: randomUUID(),
    code: 'insufficient_quota',
    errorKind: null,
    subjectId: user.id,
    apiKeyId: keyRecord.id,
    model: MODEL,
    provider: 'openai',
    deployment: MODEL,
    requests: 1,
    firstAt: minutesAgo(5),
    lastAt: minutesAgo(5),
    requestIds: [`req-${randomUUID()}`],
    budget: null,
    limit: null,
    attempts: [],
    totalMs: 12,
    ...fields,
  };
}

async function call(method: 'GET' | 'POST', url: string, bearer: string, body?: object) {
  const headers = { authorization: `Bearer ${bearer}` };
  const response = await fixture.billing.app.inject({ method, url, headers, ...(body && { body }) });
  return { status: response.statusCode, json: () => response.json(), text: response.body };
}
const tell = (token: string, failures: FailureReport[]) => call('POST', '/v1/failures', token, { failures });
const adminOf = (tenant: string) =>
  fixture.identity.sign({ sub: newId(), tenant, role: 'tenant_admin', locale: 'de' }, 'billing');
async function listOf({ tenant }: Made, query = '') {
  const answer = await call('GET', `/v1/tenants/${tenant.id}/failures${query}`, await adminOf(tenant.id));
  return failurePage.parse(answer.json());
}

test('are kept once, with the plan and cost centre of then; of strangers nothing is', async () => {
  const made = await newPerson(fixture, { user: { costCentre: '4711' } });
  const stranger = await newPerson(fixture);
  const one = failure(made);
  expect((await tell(made.token, [one, one, failure(stranger)])).json()).toEqual({ accepted: 1 });
  expect((await tell(made.token, [one])).json()).toEqual({ accepted: 0 });
  expect((await listOf(made)).items).toEqual([{ ...one, productId: made.product.id, costCentre: '4711' }]);
  expect((await listOf(stranger)).items).toEqual([]);
});

test.each([
  [{ subjectId: 'me' }, 'subjectId'],
  [{ requestIds: [] }, 'requestIds'],
  [{ code: 'You said: hello' }, 'code'],
  [{ errorKind: 'The model said no.' }, 'errorKind'],
])('%j is refused by name and leaves nothing behind', async (fields, field) => {
  const made = await newPerson(fixture);
  const answer = await tell(made.token, [failure(made), failure(made, fields as Partial<FailureReport>)]);
  expect(answer).toMatchObject({ status: 400, text: expect.stringContaining(field) });
  expect((await listOf(made)).items).toEqual([]);
});

describe('are found', () => {
  test('newest first, page by page, by every filter', async () => {
    const made = await newPerson(fixture);
    const ago = [1, 2, 3].map((minutes) => {
      const at = minutesAgo(minutes);
      return failure(made, { firstAt: at, lastAt: at, code: minutes === 2 ? 'rate_limit_exceeded' : 'budget_held' });
    });
    await tell(made.token, ago.toReversed());
    const first = await listOf(made, '?limit=2');
    expect(first.items.map(({ id }) => id)).toEqual([ago[0]?.id, ago[1]?.id]);
    const rest = await listOf(made, `?limit=2&cursor=${first.nextCursor}`);
    expect(rest).toMatchObject({ items: [{ id: ago[2]?.id }], nextCursor: null });
    const found = async (query: string) => (await listOf(made, `?${query}`)).items.map(({ id }) => id);
    expect(await found('code=rate_limit_exceeded')).toEqual([ago[1]?.id]);
    expect(await found(`requestId=${ago[2]?.requestIds[0]}`)).toEqual([ago[2]?.id]);
    expect(await found(`subjectId=${newId()}`)).toEqual([]);
    expect(await found(`apiKeyId=${made.keyRecord.id}&model=${MODEL}&provider=openai`)).toHaveLength(3);
    expect(await found(`productId=${made.product.id}&deployment=${MODEL}`)).toHaveLength(3);
    expect(await found(`from=${minutesAgo(1.5)}`)).toEqual([ago[0]?.id]);
    expect(await found(`to=${minutesAgo(2.5)}`)).toEqual([ago[2]?.id]);
  });

  test('by reason, together with answers that broke off and were charged', async () => {
    const made = await newPerson(fixture);
    const timeout = { code: 'upstream_timeout', errorKind: 'timeout' };
    await tell(made.token, [
      failure(made, { requests: 40, lastAt: minutesAgo(1) }),
      failure(made, { requests: 2 }),
      failure(made, timeout),
    ]);
    const reserve = reserveOf({ type: 'subject', subjectId: made.user.id });
    const end = settleOf(reserve.reservationId, { output_text: 9 }, { outcome: 'upstream_error', errorKind: 'cut' });
    await fixture.batch(made.token, [reserve, end]);
    const url = `/v1/tenants/${made.tenant.id}/failures/groups`;
    const { items } = failureGroups.parse((await call('GET', url, await adminOf(made.tenant.id))).json());
    expect(items).toMatchObject([
      { code: null, outcome: 'upstream_error', errorKind: 'cut', requests: 1, people: 1 },
      { code: 'insufficient_quota', outcome: null, requests: 42, people: 1, model: MODEL },
      { ...timeout, outcome: null, requests: 1 },
    ]);
  });

  test("by nobody but the tenant's admins and the platform's", async () => {
    const made = await newPerson(fixture);
    const stranger = await newPerson(fixture);
    for (const path of ['failures', 'failures/groups']) {
      const url = `/v1/tenants/${made.tenant.id}/${path}`;
      expect((await call('GET', url, await adminOf(stranger.tenant.id))).status).toBe(403);
      expect((await call('GET', url, made.key)).status).toBe(403);
      expect((await call('GET', url, made.token)).status).toBe(401);
    }
    expect((await tell(made.key, [failure(made)])).status).toBe(401);
  });
});

test('a refused credential names whose it is to the proxy', async () => {
  const made = await newPerson(fixture, { user: { status: 'suspended' } });
  const credential = { type: 'api_key', sha256: made.keyRecord.sha256 };
  const answer = await call('POST', '/v1/principals/resolve', made.token, { credential });
  expect(principalResolveResponse.parse(answer.json())).toMatchObject({
    code: 'subject_suspended',
    bearer: { subjectId: made.user.id, apiKeyId: made.keyRecord.id },
  });
});

describe('go', () => {
  test('after 90 days, sooner where the tenant keeps its logs for less', async () => {
    const [made, brief] = [await newPerson(fixture), await newPerson(fixture, { tenant: { retentionDays: 7 } })];
    for (const person of [made, brief]) await tell(person.token, [failure(person), failure(person), failure(person)]);
    for (const [days, code] of [
      [91, 'budget_held'],
      [8, 'rate_limit_exceeded'],
    ])
      await fixture.owner.query(
        `UPDATE request_failures SET recorded_at = now() - make_interval(days => $1), code = $2
         WHERE ctid IN (SELECT min(ctid) FROM request_failures WHERE code = 'insufficient_quota'
           AND tenant_id = ANY ($3) GROUP BY tenant_id)`,
        [days, code, [made.tenant.id, brief.tenant.id]],
      );
    await forgetFailures(fixture.service, 90);
    const codes = async (of: Made) => (await listOf(of)).items.map(({ code }) => code).sort();
    expect(await codes(made)).toEqual(['insufficient_quota', 'rate_limit_exceeded']);
    expect(await codes(brief)).toEqual(['insufficient_quota']);
  });

  test("with the person; until then they are in the person's export; the service can't change them", async () => {
    const made = await newPerson(fixture);
    const one = failure(made);
    await tell(made.token, [one]);
    const self = { sub: made.user.id, tenant: made.tenant.id, role: 'member', locale: 'de' } as const;
    const url = `/v1/people/${made.user.id}/export`;
    const answer = await call('GET', url, await fixture.identity.sign(self, 'billing'));
    expect(billingExport.parse(answer.json()).failures).toMatchObject([{ id: one.id }]);
    await expect(fixture.service.query('DELETE FROM request_failures')).rejects.toThrow('permission denied');
    await expect(fixture.service.query(`UPDATE request_failures SET code = 'x'`)).rejects.toThrow('permission denied');
    const erasure = { subjectId: made.user.id, tenantId: made.tenant.id, at: new Date().toISOString(), by: newId() };
    const body = JSON.stringify({ erasures: [erasure] });
    const headers = { 'content-type': 'application/json', 'x-signature': signed(body) };
    const done = await fixture.billing.app.inject({ method: 'POST', url: '/internal/erasures', headers, body });
    expect(done.statusCode, done.body).toBe(200);
    expect((await listOf(made)).items).toEqual([]);
  });
});
