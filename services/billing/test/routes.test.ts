import { randomUUID } from 'node:crypto';
import {
  budget,
  catalogue,
  principalResolveResponse,
  serviceTokenList,
  tenantBudgets,
  usagePage,
} from '@cloudfreedom/contracts';
import { createSecret } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { MODEL, model, newId, nextRev, reserveOf, settleOf, user } from './records.ts';

const NO_LIMITS = { requestsPerMinute: 0, tokensPerMinute: 0, parallelRequests: 0 };

let fixture: Fixture;
beforeAll(async () => {
  const models = [
    model(),
    model({ name: 'no-price', upstreamModel: 'unheard-of' }),
    model({ name: 'off', enabled: false }),
  ];
  fixture = await startFixture({ rev: nextRev(), models });
});
afterAll(() => fixture?.stop());

type Person = Awaited<ReturnType<typeof newPerson>>;
const get = (url: string, bearer?: string) =>
  fixture.billing.app.inject({ url, headers: bearer ? { authorization: `Bearer ${bearer}` } : {} });
const post = (url: string, bearer: string, body: object) =>
  fixture.billing.app.inject({ method: 'POST', url, headers: { authorization: `Bearer ${bearer}` }, body });
const tokenOf = (person: Pick<Person, 'user'>, audience = 'billing') =>
  fixture.identity.sign(
    { sub: person.user.id, tenant: person.user.tenantId, role: person.user.role, locale: 'de' },
    audience,
  );
async function use(person: Person, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const reserve = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 });
    await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, { output_text: 1 })]);
    ids.push(reserve.reservationId);
  }
  return ids;
}

describe('POST /v1/ledger/batch', () => {
  test('401 without a service token, with a made-up one, with somebody’s API key', async () => {
    const person = await newPerson(fixture);
    for (const bearer of [createSecret('cfs-'), 'cfs-nonsense', person.key]) {
      const response = await post('/v1/ledger/batch', bearer, {
        operations: [reserveOf({ type: 'subject', subjectId: newId() })],
      });
      expect([response.statusCode, response.json().error.code]).toEqual([401, 'invalid_service_token']);
    }
  });

  test('400 names the path of what is wrong', async () => {
    const { token } = await newPerson(fixture);
    const good = reserveOf({ type: 'subject', subjectId: newId() });
    const cases: [object, string][] = [
      [{ operations: [{ ...good, inputTokensMax: -1 }] }, 'operations[0].inputTokensMax'],
      [{ operations: [good, { ...good, inputTokensMax: 1.5 }] }, 'operations[1].inputTokensMax'],
      [
        { operations: [{ ...good, credential: { type: 'subject', subjectId: 'x' } }] },
        'operations[0].credential.subjectId',
      ],
      [{ operations: [{ ...good, op: 'steal' }] }, 'operations[0].op'],
      [{ operations: [settleOf('no-uuid', {})] }, 'operations[0].reservationId'],
      [{ operations: [settleOf(good.reservationId, { output_text: -5 })] }, 'operations[0].usage.meters.output_text'],
      [{ operations: [] }, 'operations'],
    ];
    for (const [body, param] of cases) {
      const response = await post('/v1/ledger/batch', token, body);
      expect([response.statusCode, response.json().error.param], response.body).toEqual([400, param]);
    }
  });

  test('400, not 500, for what Postgres can’t keep: U+0000 and numbers beyond its integers; the most it can is kept', async () => {
    const person = await newPerson(fixture);
    const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
    const settle = settleOf(reserve.reservationId, { output_text: 1 });
    const most = 2_147_483_647;
    const cases: [object, string][] = [
      [{ ...reserve, requestId: 'a\0b' }, 'requestId'],
      [{ ...reserve, model: '\0' }, 'model'],
      [{ ...reserve, attempt: most + 1 }, 'attempt'],
      [{ ...settle, finishReason: 'stop\0' }, 'finishReason'],
      [{ ...settle, upstreamRequestId: '\0up' }, 'upstreamRequestId'],
      [{ ...settle, firstByteMs: most + 1 }, 'firstByteMs'],
      [{ ...settle, totalMs: most + 1 }, 'totalMs'],
      [{ ...settle, outcome: 'corrected' }, 'outcome'],
      [{ op: 'void', reservationId: reserve.reservationId, reason: 'a\0' }, 'reason'],
    ];
    for (const [operation, field] of cases) {
      const response = await post('/v1/ledger/batch', person.token, { operations: [reserve, operation] });
      const { param } = response.json().error;
      expect([response.statusCode, param], response.body).toEqual([400, `operations[1].${field}`]);
    }
    const results = await fixture.batch(person.token, [
      { ...reserve, attempt: most },
      { ...settle, firstByteMs: most, totalMs: most, finishReason: '\u0001' },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['granted', 'settled']);
  });

  test('more than one token may be valid at once', async () => {
    const person = await newPerson(fixture);
    const another = await fixture.serviceToken(person.tenant.id);
    for (const bearer of [person.token, another]) expect((await get('/v1/catalogue', bearer)).statusCode).toBe(200);
  });
});

test('GET /v1/catalogue: enabled models, whether they have a price, and no price', async () => {
  const person = await newPerson(fixture);
  const body = catalogue.parse((await get('/v1/catalogue', person.token)).json());
  expect(body.tenant).toMatchObject({ id: person.tenant.id, name: 'Acme', type: 'dev', status: 'active' });
  expect(body.models.map(({ name, priced }) => [name, priced])).toEqual([
    [MODEL, true],
    ['no-price', false],
  ]);
});

describe('POST /v1/principals/resolve', () => {
  const resolve = async (person: Person, credential: object) =>
    principalResolveResponse.parse((await post('/v1/principals/resolve', person.token, { credential })).json());

  test('a key: limits of the product, models that both product and key allow', async () => {
    const person = await newPerson(fixture, { key: { models: [MODEL, 'off'] } });
    expect(await resolve(person, { type: 'api_key', sha256: person.keyRecord.sha256 })).toEqual({
      status: 'known',
      principal: {
        subjectId: person.user.id,
        tenantId: person.tenant.id,
        apiKeyId: person.keyRecord.id,
        productId: person.product.id,
        role: 'member',
        locale: 'de',
        models: [MODEL],
        regionRule: 'any',
        limits: {
          api_key: NO_LIMITS,
          user: { requestsPerMinute: 60, tokensPerMinute: 0, parallelRequests: 4 },
          product: NO_LIMITS,
          tenant: NO_LIMITS,
        },
        outputCapTokens: 4096,
      },
    });
  });
  test("limits of each level; a person's own take the place of the product's", async () => {
    const person = await newPerson(fixture, {
      tenant: { parallelRequests: 500 },
      product: { sharedLimits: { ...NO_LIMITS, requestsPerMinute: 900 } },
      user: { tokensPerMinute: 7_000, requestsPerMinute: 5 },
      key: { requestsPerMinute: 2 },
    });
    expect(await resolve(person, { type: 'api_key', sha256: person.keyRecord.sha256 })).toMatchObject({
      principal: {
        limits: {
          api_key: { ...NO_LIMITS, requestsPerMinute: 2 },
          user: { requestsPerMinute: 5, tokensPerMinute: 7_000, parallelRequests: 4 },
          product: { ...NO_LIMITS, requestsPerMinute: 900 },
          tenant: { ...NO_LIMITS, parallelRequests: 500 },
        },
      },
    });
  });
  test('an unknown key is refused as data', async () => {
    const answer = await resolve(await newPerson(fixture), { type: 'api_key', sha256: 'f'.repeat(64) });
    expect(answer).toEqual({ status: 'refused', code: 'invalid_api_key', retryAfterMs: null, budget: null });
  });
});

describe('GET /v1/budget', () => {
  test('a person by access token and by key: own budget on top, limited levels below', async () => {
    const person = await newPerson(fixture, { tenant: { monthlyBudgetEur: '100' }, key: { monthlyBudgetEur: '1.5' } });
    await use(person, 1);
    const byToken = budget.parse((await get('/v1/budget', await tokenOf(person))).json());
    expect(byToken).toMatchObject({
      subjectId: person.user.id,
      currency: 'EUR',
      limit: '10.00',
      spent: '0.000000516',
      held: '0.00',
      remaining: '9.999999484',
      levels: [{ level: 'user', limit: '10.00' }],
    });
    const byKey = budget.parse((await get('/v1/budget', person.key)).json());
    expect(byKey.levels.map(({ level, remaining }) => [level, remaining])).toEqual([
      ['user', '9.999999484'],
      ['api_key', '1.499999484'],
    ]);
  });

  test('a token from before the sessions were ended counts no more, for reading and for spending; a key does', async () => {
    const person = await newPerson(fixture);
    const token = await tokenOf(person);
    expect((await get('/v1/budget', token)).statusCode).toBe(200);
    const reserve = (issuedAt: string) => reserveOf({ type: 'subject', subjectId: person.user.id, issuedAt });
    const [old, at, fresh] = [1_000, 30_000, 60_000].map((ms) => new Date(Date.now() + ms).toISOString());
    await fixture.announce({ users: [{ ...person.user, rev: nextRev(), sessionsEndedAt: at ?? '' }] });
    expect((await get('/v1/budget', token)).statusCode).toBe(401);
    expect((await get('/v1/budget', person.key)).statusCode).toBe(200);
    const answers = await fixture.batch(person.token, [reserve(old ?? ''), reserve(fresh ?? '')]);
    expect(answers).toMatchObject([{ status: 'refused', code: 'subject_unknown' }, { status: 'granted' }]);
  });

  test("the tenant's figures are shown to its admins, not to its members and not to an admin's key", async () => {
    const admin = await newPerson(fixture, { tenant: { monthlyBudgetEur: '100' }, user: { role: 'tenant_admin' } });
    await use(admin, 1);
    const levelsOf = async (bearer: string) =>
      budget.parse((await get('/v1/budget', bearer)).json()).levels.map(({ level, remaining }) => [level, remaining]);
    expect(await levelsOf(await tokenOf(admin))).toEqual([
      ['tenant', '99.999999484'],
      ['user', '9.999999484'],
    ]);
    expect(await levelsOf(admin.key)).toEqual([['user', '9.999999484']]);
  });

  test('401 and 403: no token, another audience, expired, unknown key, suspended, deleted', async () => {
    const person = await newPerson(fixture);
    const claims = { sub: person.user.id, tenant: person.tenant.id, role: 'member', locale: 'de' } as const;
    const suspended = await newPerson(fixture, { user: { status: 'suspended' } });
    const status = async (bearer?: string) => (await get('/v1/budget', bearer)).statusCode;
    expect(await status()).toBe(401);
    expect(await status(await tokenOf(person, `proxy/${person.tenant.id}`))).toBe(401);
    expect(await status(await fixture.identity.sign(claims, 'billing', -60))).toBe(401);
    expect(await status(createSecret('cf-'))).toBe(401);
    expect(await status(suspended.key)).toBe(403);
    expect(await status(await tokenOf(suspended))).toBe(403);
  });

  test('looking opens no period and locks nothing', async () => {
    const person = await newPerson(fixture);
    await get('/v1/budget', person.key);
    const { rows } = await fixture.owner.query('SELECT count(*) FROM budget_periods WHERE tenant_id = $1', [
      person.tenant.id,
    ]);
    expect(rows[0].count).toBe(0n);
  });
});

describe('GET /v1/usage', () => {
  test('pages through all rows, newest first, none twice', async () => {
    const person = await newPerson(fixture);
    const ids = await use(person, 7);
    const token = await tokenOf(person);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor ? `&cursor=${cursor}` : '';
      const page = usagePage.parse((await get(`/v1/usage?limit=3${next}`, token)).json());
      seen.push(...page.items.map(({ reservationId }) => reservationId));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids.toReversed());
  });

  test('a key sees its own requests, a person all of them, nobody those of others', async () => {
    const person = await newPerson(fixture);
    const other = await newPerson(fixture);
    await use(other, 1);
    const [byKey] = await use(person, 1);
    const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
    await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, {})]);
    const ids = async (bearer: string) =>
      usagePage.parse((await get('/v1/usage', bearer)).json()).items.map(({ reservationId }) => reservationId);
    expect(await ids(person.key)).toEqual([byKey]);
    expect(await ids(await tokenOf(person))).toEqual([reserve.reservationId, byKey]);
  });

  test('400 for a cursor that is not ours and a limit that is too large', async () => {
    const { key } = await newPerson(fixture);
    for (const [query, param] of [
      ['cursor=abc', 'cursor'],
      ['limit=1000', 'limit'],
      ['limit=x', 'limit'],
    ]) {
      const response = await get(`/v1/usage?${query}`, key);
      expect([response.statusCode, response.json().error.param]).toEqual([400, param]);
    }
  });
});

describe('for admins', () => {
  test('budgets and usage of a tenant: its admin and the platform’s, nobody else, no key', async () => {
    const person = await newPerson(fixture);
    await use(person, 2);
    const admin = user({ tenantId: person.tenant.id, role: 'tenant_admin' });
    const stranger = user({ tenantId: newId(), role: 'tenant_admin' });
    const platform = user({ tenantId: newId(), role: 'platform_admin' });
    await fixture.announce({ users: [admin, stranger, platform] });
    for (const what of ['budgets', 'usage']) {
      const url = `/v1/tenants/${person.tenant.id}/${what}`;
      expect((await get(url, await tokenOf({ user: admin }))).statusCode).toBe(200);
      expect((await get(url, await tokenOf({ user: platform }))).statusCode).toBe(200);
      expect((await get(url, await tokenOf({ user: stranger }))).statusCode).toBe(403);
      expect((await get(url, await tokenOf(person))).statusCode).toBe(403);
      expect((await get(url, person.key)).statusCode).toBe(403);
      expect((await get(url)).statusCode).toBe(401);
    }
    const url = `/v1/tenants/${person.tenant.id}`;
    const figures = tenantBudgets.parse((await get(`${url}/budgets`, await tokenOf({ user: admin }))).json());
    expect(figures.tenant).toEqual({ limit: null, spent: '0.000001032', held: '0.00', remaining: null });
    expect(figures.people).toContainEqual({
      subjectId: person.user.id,
      limit: '10.00',
      spent: '0.000001032',
      held: '0.00',
      remaining: '9.999998968',
    });
    expect(figures.people).toContainEqual({
      subjectId: admin.id,
      limit: '0.00',
      spent: '0.00',
      held: '0.00',
      remaining: '0.00',
    });
    const some = async (people: string) =>
      (await get(`${url}/budgets?people=${people}`, await tokenOf({ user: admin }))).json();
    const ofOne = await some(`${person.user.id},${stranger.id}`);
    expect(ofOne).toEqual({
      ...figures,
      people: figures.people.filter(({ subjectId }) => subjectId === person.user.id),
    });
    expect(await some('')).toEqual({ ...figures, people: [] });
    expect(await some('nobody')).toMatchObject({ error: { code: 'invalid_request' } });
    expect(usagePage.parse((await get(`${url}/usage`, await tokenOf({ user: admin }))).json()).items).toHaveLength(2);
  });

  test('somebody’s budget with what stands in their way: their admin and the platform’s, in the reader’s language', async () => {
    const person = await newPerson(fixture, { tenant: { monthlyBudgetEur: '50' }, user: { locale: 'en' } });
    const elsewhere = await newPerson(fixture);
    const admin = user({ tenantId: person.tenant.id, role: 'tenant_admin', locale: 'de' });
    const platform = user({ tenantId: newId(), role: 'platform_admin', locale: 'en' });
    const stranger = user({ tenantId: newId(), role: 'tenant_admin' });
    await fixture.announce({ users: [admin, platform, stranger] });
    const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
    await fixture.batch(person.token, [reserve]);
    const url = `/v1/tenants/${person.tenant.id}/users/${person.user.id}/budget`;
    const shown = budget.parse((await get(url, await tokenOf({ user: admin }))).json());
    const own = budget.parse((await get('/v1/budget', await tokenOf(person))).json());
    expect(shown).toMatchObject({ subjectId: person.user.id, limit: '10.00', spent: '0.00', held: own.held });
    expect(shown.openHolds).toMatchObject([{ requestId: reserve.requestId, model: MODEL, amount: own.held }]);
    const ofTenant = await get(`/v1/tenants/${person.tenant.id}/budgets?people=`, await tokenOf({ user: admin }));
    expect(ofTenant.json().holders).toEqual([{ subjectId: person.user.id, held: own.held, requests: 1 }]);
    const ofOther = await get(`/v1/tenants/${elsewhere.tenant.id}/budgets?people=`, await tokenOf({ user: platform }));
    expect(ofOther.json().holders).toEqual([]);
    expect(shown.levels.map(({ level }) => level)).toEqual(['tenant', 'user']);
    expect([shown.sentence, own.sentence]).toEqual([
      expect.stringMatching(/^0,00\s€ von 10,00\s€ sind verbraucht, /),
      expect.stringMatching(/^You have spent €0.00 of €10.00, /),
    ]);
    const inEnglish = await fixture.billing.app.inject({
      url,
      headers: { authorization: `Bearer ${await tokenOf({ user: admin })}`, 'accept-language': 'en-GB,de;q=0.5' },
    });
    expect(inEnglish.json().sentence).toMatch(/^€0.00 of €10.00 are spent, /);
    expect((await get(url, await tokenOf({ user: platform }))).json().openHolds).toHaveLength(1);
    for (const bearer of [await tokenOf({ user: stranger }), await tokenOf(person), person.key])
      expect((await get(url, bearer)).statusCode).toBe(403);
    for (const id of [newId(), elsewhere.user.id]) {
      const response = await get(`/v1/tenants/${person.tenant.id}/users/${id}/budget`, await tokenOf({ user: admin }));
      expect([response.statusCode, response.json().error.code]).toEqual([404, 'subject_not_found']);
    }
  });

  test('a demotion counts at once, not when the token ends', async () => {
    const person = await newPerson(fixture, { user: { role: 'tenant_admin' } });
    const token = await tokenOf(person);
    const url = `/v1/tenants/${person.tenant.id}/budgets`;
    expect((await get(url, token)).statusCode).toBe(200);
    await fixture.announce({ users: [{ ...person.user, rev: nextRev(), role: 'member' }] });
    expect((await get(url, token)).statusCode).toBe(403);
  });

  test('service tokens: a platform admin only, for a tenant that exists, and only the hash is kept', async () => {
    const person = await newPerson(fixture, { user: { role: 'tenant_admin' } });
    const platform = user({ tenantId: newId(), role: 'platform_admin' });
    await fixture.announce({ users: [platform] });
    const url = (tenantId: string) => `/v1/tenants/${tenantId}/service-tokens`;
    const status = async (bearer: string, tenantId: string, body = { name: 'proxy' }) =>
      (await post(url(tenantId), bearer, body)).statusCode;
    expect(await status(await tokenOf(person), person.tenant.id)).toBe(403);
    const admin = await tokenOf({ user: platform });
    expect(await status(admin, newId())).toBe(404);
    expect(await status(admin, person.tenant.id, { name: '' })).toBe(400);
    const { token } = (await post(url(person.tenant.id), admin, { name: 'proxy' })).json();
    expect(token).toMatch(/^cfs-/);
    const { rows } = await fixture.owner.query('SELECT * FROM service_tokens');
    expect(JSON.stringify(rows)).not.toContain(token.slice(4));
  });

  test('service tokens are listed without the tokens, and one that is revoked is refused at once', async () => {
    const [person, stranger] = [await newPerson(fixture), await newPerson(fixture)];
    const platform = user({ tenantId: newId(), role: 'platform_admin' });
    await fixture.announce({ users: [platform] });
    const admin = await tokenOf({ user: platform });
    const url = `/v1/tenants/${person.tenant.id}/service-tokens`;
    const revoke = async (bearer: string, path: string) =>
      (
        await fixture.billing.app.inject({
          method: 'DELETE',
          url: path,
          headers: { authorization: `Bearer ${bearer}` },
        })
      ).statusCode;
    const { id, token } = (await post(url, admin, { name: 'second' })).json();
    const list = async () => serviceTokenList.parse((await get(url, admin)).json()).items;
    expect((await list()).map(({ name, revokedAt }) => [name, revokedAt])).toEqual([
      ['second', null],
      ['test', null],
    ]);
    expect((await get(url, admin)).body).not.toContain(token.slice(4));
    expect((await get('/v1/catalogue', token)).statusCode).toBe(200);

    const theirs = `/v1/tenants/${stranger.tenant.id}/service-tokens/${id}`;
    for (const [bearer, path, status] of [
      [await tokenOf(person), `${url}/${id}`, 403],
      [admin, theirs, 404],
      [admin, `${url}/${randomUUID()}`, 404],
      [admin, `${url}/x`, 400],
    ] as const)
      expect(await revoke(bearer, path)).toBe(status);
    expect((await get('/v1/catalogue', token)).statusCode).toBe(200);

    expect(await revoke(admin, `${url}/${id}`)).toBe(204);
    expect((await get('/v1/catalogue', token)).statusCode).toBe(401);
    expect((await get('/v1/catalogue', person.token)).statusCode).toBe(200);
    const [revoked] = await list();
    expect(revoked?.revokedAt).not.toBeNull();
    expect(await revoke(admin, `${url}/${id}`)).toBe(204);
    expect((await list())[0]).toEqual(revoked);
  });
});

describe('the service itself', () => {
  test('OpenAPI 3.1 with every route, its answers and who may call', async () => {
    const document = (await get('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/health',
      '/internal/directory',
      '/internal/erasures',
      '/ready',
      '/v1/budget',
      '/v1/budget/requests',
      '/v1/catalogue',
      '/v1/content-looks',
      '/v1/erasures',
      '/v1/events',
      '/v1/exchange-rates',
      '/v1/failures',
      '/v1/ledger/batch',
      '/v1/model-charges',
      '/v1/people/{id}/export',
      '/v1/price-catalogues',
      '/v1/prices',
      '/v1/principals/resolve',
      '/v1/proxy-reports',
      '/v1/tenant-totals',
      '/v1/tenants/{tenantId}/adjustments',
      '/v1/tenants/{tenantId}/alert-settings',
      '/v1/tenants/{tenantId}/budget-requests',
      '/v1/tenants/{tenantId}/budget-requests/{requestId}/decision',
      '/v1/tenants/{tenantId}/budgets',
      '/v1/tenants/{tenantId}/failures',
      '/v1/tenants/{tenantId}/failures/groups',
      '/v1/tenants/{tenantId}/losses',
      '/v1/tenants/{tenantId}/prices',
      '/v1/tenants/{tenantId}/proxies',
      '/v1/tenants/{tenantId}/re-ratings',
      '/v1/tenants/{tenantId}/service-tokens',
      '/v1/tenants/{tenantId}/service-tokens/{tokenId}',
      '/v1/tenants/{tenantId}/usage',
      '/v1/tenants/{tenantId}/usage.csv',
      '/v1/tenants/{tenantId}/usage/activity',
      '/v1/tenants/{tenantId}/usage/sum',
      '/v1/tenants/{tenantId}/usage/totals',
      '/v1/tenants/{tenantId}/usage/{reservationId}',
      '/v1/tenants/{tenantId}/users/{userId}/budget',
      '/v1/usage',
      '/v1/usage.csv',
      '/v1/usage/totals',
      '/v1/usage/{reservationId}',
    ]);
    const batch = document.paths['/v1/ledger/batch'].post;
    expect(batch.security).toEqual([{ serviceToken: [] }]);
    expect(Object.keys(batch.responses)).toEqual(['200', '400', '401', '413', '503']);
    expect(Object.keys(document.components.securitySchemes)).toContain('serviceToken');
  });

  test('metrics tell decisions, batches, open holds and the age of the directory', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0' } });
    await fixture.batch(person.token, [reserveOf({ type: 'subject', subjectId: person.user.id })]);
    const { body } = await get('/metrics');
    expect(body).toMatch(
      /ledger_decisions_total\{operation="reserve",outcome="insufficient_quota",service="billing"\} [1-9]/,
    );
    expect(body).toMatch(/ledger_batch_operations_count\{service="billing"\} [1-9]/);
    expect(body).toMatch(/ledger_open_holds\{service="billing"\} \d/);
    expect(body).toMatch(/directory_age_seconds\{service="billing"\} \d/);
  });

  test('metrics tell what each tenant with a budget has left, and nothing of one without', async () => {
    const held = await newPerson(fixture, { tenant: { monthlyBudgetEur: '7.5' } });
    const free = await newPerson(fixture, { tenant: { monthlyBudgetEur: '' } });
    const figure = async (what: string, { tenant }: typeof held) =>
      new RegExp(`cloudfreedom_tenant_budget_${what}_eur\\{tenant="${tenant.slug}",service="billing"\\} (\\S+)`).exec(
        (await get('/metrics')).body,
      )?.[1];
    expect([await figure('limit', held), await figure('remaining', held)]).toEqual(['7.5', '7.5']);
    await fixture.batch(held.token, [reserveOf({ type: 'subject', subjectId: held.user.id })]);
    const heldEur = Number(JSON.parse((await get('/v1/budget', held.key)).body).held);
    expect(heldEur).toBeGreaterThan(0);
    expect(Number(await figure('remaining', held))).toBeCloseTo(7.5 - heldEur, 9);
    expect(await figure('limit', free)).toBeUndefined();
  });
});
