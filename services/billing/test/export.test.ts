/** Billing's part of a person's export: whole, no column forgotten, and for whom it is. */
import { randomUUID } from 'node:crypto';
import { billingExport } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, newId, nextRev, reserveOf, settleOf, user } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

type Claims = Parameters<Fixture['identity']['sign']>[0];
const ask = async (claims: Claims, id: string) =>
  fixture.billing.app.inject({
    url: `/v1/people/${id}/export`,
    headers: { authorization: `Bearer ${await fixture.identity.sign(claims, 'billing')}` },
  });
const claimsOf = (sub: string, tenant: string, role: Claims['role'] = 'member'): Claims => ({
  sub,
  tenant,
  role,
  locale: 'de',
});

/** Somebody with a charged request, an open one, a top-up, a request for more, and an alert. */
async function personWithEverything() {
  const made = await newPerson(fixture);
  const { person, tenant } = { person: made.user, tenant: made.tenant };
  const credential = { type: 'api_key', sha256: made.keyRecord.sha256 } as const;
  const reserve = reserveOf(credential);
  await fixture.batch(made.token, [reserve, settleOf(reserve.reservationId, { uncached_input: 70, output_text: 9 })]);
  await fixture.batch(made.token, [reserveOf(credential)]);
  const self = await fixture.identity.sign(claimsOf(person.id, tenant.id), 'billing');
  const platform = await fixture.identity.sign(claimsOf(newId(), newId(), 'platform_admin'), 'billing');
  const post = async (url: string, bearer: string, body: object) => {
    const headers = { authorization: `Bearer ${bearer}` };
    const response = await fixture.billing.app.inject({ method: 'POST', url, headers, body });
    expect(response.statusCode, response.body).toBe(200);
  };
  await post('/v1/budget/requests', self, { amount: '3.00', reason: 'more numbats' });
  const topUp = { id: randomUUID(), kind: 'top_up', level: 'user', ownerId: person.id, amount: '0.5', reason: 'gift' };
  await post(`/v1/tenants/${tenant.id}/adjustments`, platform, topUp);
  await fixture.owner.query(
    `INSERT INTO alerts (tenant_id, level, owner_id, period_start, threshold_percent)
     SELECT tenant_id, 'user', $2, period_start, 50 FROM budget_periods WHERE tenant_id = $1`,
    [tenant.id, person.id],
  );
  return { ...made, reserve };
}

test('whole: budgets, requests for more, alerts, entries, totals and usage, of them and their key alone', async () => {
  const { user: person, tenant, keyRecord, reserve } = await personWithEverything();
  await personWithEverything();
  const response = await ask(claimsOf(person.id, tenant.id), person.id);
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  const all = billingExport.parse(response.json());
  expect(all.subjectId).toBe(person.id);
  expect(all.usage).toMatchObject([{ reservationId: reserve.reservationId, apiKeyId: keyRecord.id }]);
  expect(all.usageTotals).toMatchObject([{ requests: 1, costCentre: person.costCentre, charge: all.usage[0]?.charge }]);
  expect(all.budgetRequests).toMatchObject([{ amount: '3.00', reason: 'more numbats' }]);
  expect(all.alerts).toMatchObject([{ thresholdPercent: 50 }]);
  const own = all.budgets.find(({ level }) => level === 'user');
  expect(own).toMatchObject({ ownerId: person.id, spent: all.usage[0]?.charge, allowance: '0.50' });
  expect(own?.held).not.toBe('0.00');
  expect(all.entries.filter(({ level }) => level === 'user')).toMatchObject([
    { kind: 'charge', reservationId: reserve.reservationId, amount: all.usage[0]?.charge },
    { kind: 'top_up', amount: '0.50', reason: 'gift' },
  ]);
  const owners = new Set([...all.entries, ...all.budgets].map(({ ownerId }) => ownerId));
  expect([...owners].every((id) => [person.id, keyRecord.id].includes(id))).toBe(true);
});

test('themself, their admin, the platform; nobody else learns that they are there; no key', async () => {
  const { user: person, tenant, key } = await personWithEverything();
  const admin = user({ tenantId: tenant.id, role: 'tenant_admin' });
  await fixture.announce({ users: [admin] });
  const status = async (claims: Claims, id = person.id) => (await ask(claims, id)).statusCode;
  expect(await status(claimsOf(admin.id, tenant.id, 'tenant_admin'))).toBe(200);
  expect(await status(claimsOf(newId(), newId(), 'platform_admin'))).toBe(200);
  expect(await status(claimsOf(newId(), tenant.id))).toBe(404);
  expect(await status(claimsOf(newId(), newId(), 'tenant_admin'))).toBe(404);
  expect(await status(claimsOf(newId(), tenant.id, 'tenant_admin'), admin.id)).toBe(403);
  expect(await status(claimsOf(newId(), newId(), 'platform_admin'), newId())).toBe(404);
  const headers = { authorization: `Bearer ${key}` };
  const byKey = await fixture.billing.app.inject({ url: `/v1/people/${person.id}/export`, headers });
  expect(byKey.statusCode).toBe(403);
});

/** A new table, or a new column of one that tells of people, has to be decided here. */
const NOT_OF_PEOPLE = [
  ...['price_versions', 'prices', 'exchange_rates', 'budget_periods', 'alert_settings', 're_ratings', 'service_tokens'],
  ...['directory_tenants', 'directory_products', 'directory_models', 'directory_state'],
  ...['usage_days', 'usage_first_tokens', 'proxy_reports'],
];
const LEFT_OUT: Record<string, string> = {
  directory_users: 'a copy of PocketBase`s record, which exports it',
  directory_api_keys: 'likewise',
  directory_events: 'that a record of the directory changed, not what; kept for a while',
  reservations: 'how a charge in usage was reckoned; open ones are the sum held in budgets',
  refusals: 'names a reservation and no person, for a day',
  usage_outbox: 'names rows of usage',
  audit_outbox: 'entries on their way to the audit log, which PocketBase exports',
  notices: 'mails on their way, gone in seconds',
  erasures: 'of people who are gone',
};
const EXPORTED: Record<string, string[]> = {
  budget_balances: [
    ...['tenant_id', 'level', 'owner_id', 'period_start', 'posted_nano_eur', 'pending_nano_eur'],
    'allowance_nano_eur',
  ],
  budget_requests: [
    ...['tenant_id', 'id', 'subject_id', 'amount_nano_eur', 'reason', 'created_at', 'state', 'decided_at'],
    ...['decided_by', 'granted_nano_eur', 'note'],
  ],
  alerts: ['tenant_id', 'level', 'owner_id', 'period_start', 'threshold_percent', 'raised_at'],
  entries: [
    ...['tenant_id', 'id', 'level', 'owner_id', 'period_start', 'kind', 'amount_nano_eur', 'reservation_id', 'reason'],
    ...['author', 'created_at', 'adjustment_id'],
  ],
  usage_totals: [
    ...['tenant_id', 'day', 'subject_id', 'api_key_id', 'model', 'cost_centre', 'requests', 'input_tokens'],
    ...['output_tokens', 'charge_nano_eur', 'cost_nano_eur', 'product_id', 'provider', 'errors'],
  ],
  request_failures: [
    ...['tenant_id', 'id', 'code', 'error_kind', 'subject_id', 'api_key_id', 'product_id', 'cost_centre', 'model'],
    ...['provider', 'deployment', 'requests', 'first_at', 'last_at', 'request_ids', 'budget', 'request_limit'],
    ...['attempts', 'total_ms'],
  ],
  usage_records: [
    ...['tenant_id', 'settled_at', 'reservation_id', 'request_id', 'subject_id', 'api_key_id', 'model', 'provider'],
    ...['upstream_model', 'deployment', 'region', 'simulated', 'streamed', 'basis', 'uncached_input', 'cache_read'],
    ...['cache_write', 'cache_write_1h', 'input_audio', 'output_text', 'reasoning', 'output_audio', 'output_image'],
    ...['server_tool_call', 'service_tier', 'charge_nano_eur', 'cost_nano_eur', 'outcome', 'finish_reason'],
    ...['first_byte_ms', 'total_ms', 'cost_centre', 'product_id', 'error_kind', 'upstream_request_id', 'waited_ms'],
    ...['failed_attempts', 'task'],
  ],
};
/** Of exported tables. */
const COLUMNS_LEFT_OUT: Record<string, string[]> = {
  request_failures: ['recorded_at'],
  // They say how it was reckoned, not what was done.
  usage_records: [
    ...['attempt', 'period_start', 'price_version_id', 'eur_per_usd', 'markup_percent'],
    ...['re_rating_id', 'corrects_settled_at', 'superseded_at'],
  ],
};

test('no table and no column is forgotten', async () => {
  const { rows } = await fixture.owner.query<{ table: string; columns: string[] }>(
    `SELECT c.relname AS table, array_agg(a.attname::text) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY 1`,
  );
  const tables = rows.filter(({ table }) => table !== 'schema_migrations');
  const decided = [...NOT_OF_PEOPLE, ...Object.keys(LEFT_OUT), ...Object.keys(EXPORTED)];
  expect(tables.map(({ table }) => table).sort()).toEqual(decided.sort());
  for (const { table, columns } of tables.filter(({ table }) => table in EXPORTED))
    expect(columns.sort(), table).toEqual([...(EXPORTED[table] ?? []), ...(COLUMNS_LEFT_OUT[table] ?? [])].sort());
});
