/** Somebody is erased: billing forgets who they were, keeps what was charged, and the list survives any restore. */
import { ERASURE_PAGE_MAX, type Erasure, erasureList, erasurePage } from '@cloudfreedom/contracts';
import { createLogger } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBilling } from '../src/billing.ts';
import { reconcile } from '../src/directory/reconcile.ts';
import { type Fixture, newPerson, SECRET, signed, startFixture } from './billing-fixture.ts';
import { model, newId, nextRev, reserveOf, settleOf } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

const erasureOf = (subjectId: string, tenantId: string): Erasure => ({
  subjectId,
  tenantId,
  at: '2026-03-04T05:06:07.089Z',
  by: newId(),
});
const access = () => ({ url: fixture.pocketbase.url, internalSecret: SECRET });
/** As PocketBase does it: the person and their keys are gone from its directory, an id stays in its list. */
function eraseAtPocketBase(subjectId: string, tenantId: string): void {
  const { snapshot, erasures } = fixture.pocketbase;
  snapshot.users = snapshot.users.filter(({ id }) => id !== subjectId);
  snapshot.api_keys = snapshot.api_keys.filter(({ userId }) => userId !== subjectId);
  snapshot.rev = nextRev();
  erasures.push(erasureOf(subjectId, tenantId));
}
function post(url: string, payload: object, signature?: string) {
  const body = JSON.stringify(payload);
  const headers = { 'content-type': 'application/json', 'x-signature': signature ?? signed(body) };
  return fixture.billing.app.inject({ method: 'POST', url, headers, body });
}
async function listed(token: string): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const response = await fixture.billing.app.inject({
      url: `/v1/erasures${after && `?after=${after}`}`,
      headers: { authorization: `Bearer ${token}` },
    });
    const page = erasurePage.parse(response.json());
    found.push(...page.subjectIds);
    after = page.nextAfter;
  }
  return found;
}

test('open holds settle, the credential is refused, and the sums stay to the nano-euro', async () => {
  const person = await newPerson(fixture);
  const reserve = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 });
  const earlier = reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 });
  await fixture.batch(person.token, [earlier, settleOf(earlier.reservationId, { uncached_input: 70, output_text: 9 })]);
  const [granted] = await fixture.batch(person.token, [reserve]);
  expect(granted?.status).toBe('granted');
  const exchanges = fixture.pocketbase.exchanges;
  eraseAtPocketBase(person.user.id, person.tenant.id);
  const gone = [
    { collection: 'users', id: person.user.id, rev: nextRev(), record: null },
    { collection: 'api_keys', id: person.keyRecord.id, rev: nextRev(), record: null },
  ];
  expect((await post('/internal/directory', { changes: gone })).statusCode).toBe(200);
  // The tombstone makes billing look at PocketBase's list at once.
  await expect.poll(() => fixture.pocketbase.exchanges).toBeGreaterThan(exchanges);
  await expect.poll(() => listed(person.token)).toEqual([person.user.id]);

  const usage = { uncached_input: 900, output_text: 150 };
  const [settled, refused] = await fixture.batch(person.token, [
    settleOf(reserve.reservationId, usage),
    reserveOf({ type: 'api_key', sha256: person.keyRecord.sha256 }),
  ]);
  expect(settled).toMatchObject({ status: 'settled', charge: '0.0001935' });
  expect(refused).toMatchObject({ status: 'refused', code: 'invalid_api_key' });
  const sums = await fixture.owner.query(
    `SELECT (SELECT sum(charge_nano_eur) FROM usage_records WHERE subject_id = $1 AND superseded_at IS NULL) AS usage,
       (SELECT sum(amount_nano_eur) FROM entries WHERE owner_id = $1) AS entries,
       (SELECT sum(posted_nano_eur) FROM budget_balances WHERE owner_id = $1) AS own,
       (SELECT sum(posted_nano_eur) FROM budget_balances WHERE owner_id = $2) AS tenant,
       (SELECT sum(pending_nano_eur) FROM budget_balances WHERE owner_id IN ($1, $2)) AS pending`,
    [person.user.id, person.tenant.id],
  );
  const { usage: used, entries, own, tenant, pending } = sums.rows[0];
  expect([String(entries), String(own), String(tenant), String(pending)]).toEqual([used, used, used, '0']);
  expect(Number(used)).toBeGreaterThan(193_500);
});

describe('the list', () => {
  test('goes to services of its own tenant, in pages', async () => {
    const { tenant, token } = await newPerson(fixture);
    const other = await newPerson(fixture);
    const many = Array.from({ length: ERASURE_PAGE_MAX + 5 }, () => erasureOf(newId(), tenant.id));
    expect((await post('/internal/erasures', { erasures: many })).statusCode).toBe(200);
    expect(await listed(token)).toEqual(many.map(({ subjectId }) => subjectId).sort());
    expect(await listed(other.token)).toEqual([]);
    expect((await fixture.billing.app.inject({ url: '/v1/erasures' })).statusCode).toBe(401);
  });

  test('PocketBase and billing unite theirs, from either side; what was first stays', async () => {
    const { tenant } = await newPerson(fixture);
    const [here, there] = [erasureOf(newId(), tenant.id), erasureOf(newId(), tenant.id)];
    const answer = await post('/internal/erasures', { erasures: [here, { ...here, by: '' }] });
    expect(erasureList.parse(answer.json()).erasures).toContainEqual(here);
    fixture.pocketbase.erasures.push(there);
    await reconcile(fixture.service, access());
    expect(fixture.pocketbase.erasures).toEqual(expect.arrayContaining([here, there]));
    const repeated = await post('/internal/erasures', { erasures: [{ ...here, by: newId() }] });
    expect(erasureList.parse(repeated.json()).erasures).toEqual(expect.arrayContaining([here, there]));
  });

  test('unsigned, or with a row that is none, it is refused whole', async () => {
    const good = erasureOf(newId(), newId());
    expect((await post('/internal/erasures', { erasures: [good] }, '0'.repeat(64))).statusCode).toBe(401);
    const bad = await post('/internal/erasures', { erasures: [good, { ...good, subjectId: 'x' }] });
    expect([bad.statusCode, bad.json().error.param]).toEqual([400, 'erasures[1].subjectId']);
    const { rows } = await fixture.owner.query('SELECT 1 FROM erasures WHERE subject_id = $1', [good.subjectId]);
    expect(rows).toEqual([]);
  });

  test('the service can neither change nor shorten it', async () => {
    await expect(fixture.service.query('DELETE FROM erasures')).rejects.toThrow(/permission denied/);
    await expect(fixture.service.query("UPDATE erasures SET tenant_id = ''")).rejects.toThrow(/permission denied/);
  });
});

test('a copy restored from a backup is not ready before it was compared; then the person is gone from it', async () => {
  const person = await newPerson(fixture);
  eraseAtPocketBase(person.user.id, person.tenant.id);
  const restarted = await startBilling(fixture.config, createLogger('billing', 'silent'));
  try {
    await expect.poll(async () => (await restarted.app.inject('/ready')).statusCode).toBe(200);
    const { rows } = await fixture.owner.query('SELECT record FROM directory_users WHERE id = $1', [person.user.id]);
    expect(rows).toEqual([{ record: null }]);
    expect(await listed(person.token)).toEqual([person.user.id]);
  } finally {
    await restarted.app.close();
    await restarted.release();
  }
});

describe('what was written freely about or as somebody', () => {
  const WRITTEN = 'my illness, as I told you';

  async function call(
    method: 'GET' | 'POST',
    url: string,
    as: { sub: string; tenant: string; role: 'member' | 'tenant_admin' | 'platform_admin' },
    body?: object,
  ) {
    const bearer = await fixture.identity.sign({ ...as, locale: 'en' }, 'billing');
    const response = await fixture.billing.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${bearer}` },
      ...(body && { body }),
    });
    expect(response.statusCode, response.body).toBe(200);
    return response.json();
  }

  /** The tables that hold a text anywhere. */
  async function tablesWith(text: string): Promise<string[]> {
    const { rows: tables } = await fixture.owner.query<{ name: string }>(
      `SELECT format('%I', table_name) AS name FROM information_schema.tables
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rowCount } = await fixture.owner.query(
        `SELECT FROM ${name} AS each WHERE strpos(each::text, $1) > 0 LIMIT 1`,
        [text],
      );
      if (rowCount) found.push(name);
    }
    return found.sort();
  }

  test.each(['of whom it is about', 'of the admin who wrote it'])(
    'goes with the erasure %s; the sums stay',
    async (who) => {
      const person = await newPerson(fixture);
      const { tenant, user } = person;
      const admin = { sub: newId(), tenant: tenant.id, role: 'platform_admin' } as const;
      const own = { sub: user.id, tenant: tenant.id, role: 'member' } as const;
      const text = `${WRITTEN} (${who})`;
      const aboutOnly = who === 'of whom it is about' ? text : 'nothing of note';
      const asked = await call('POST', '/v1/budget/requests', own, { amount: '5.00', reason: aboutOnly });
      const decide = `/v1/tenants/${tenant.id}/budget-requests/${asked.id}/decision`;
      await call('POST', decide, admin, { decision: 'approve', note: text });
      const adjustments = `/v1/tenants/${tenant.id}/adjustments`;
      const correction = { id: crypto.randomUUID(), kind: 'correction', level: 'user', ownerId: user.id };
      await call('POST', adjustments, admin, { ...correction, amount: '-1.00', reason: text });
      expect(await tablesWith(text)).toEqual(expect.arrayContaining(['budget_requests', 'entries']));
      const sums = `SELECT level, owner_id, kind, amount_nano_eur, author, created_at FROM entries
      WHERE tenant_id = $1 ORDER BY id`;
      const before = await fixture.owner.query(sums, [tenant.id]);
      const erased = who === 'of whom it is about' ? user.id : admin.sub;
      expect((await post('/internal/erasures', { erasures: [erasureOf(erased, tenant.id)] })).statusCode).toBe(200);
      // A mail to somebody else that was on its way still goes out, and is kept nowhere then.
      await expect.poll(() => tablesWith(text), { timeout: 15_000 }).toEqual([]);
      const { rows } = await fixture.owner.query(sums, [tenant.id]);
      expect(rows).toEqual(before.rows);
      expect(rows).toHaveLength(2);
    },
  );

  test('an entry is final but for that: no other word, no other column, not by the owner of the tables', async () => {
    for (const change of [
      "reason = 'better'",
      "reason = 'erased', amount_nano_eur = 0",
      "reason = 'erased', author = 'x'",
    ])
      await expect(fixture.owner.query(`UPDATE entries SET ${change}`)).rejects.toThrow(/opposite ones/);
    await expect(fixture.owner.query('DELETE FROM entries')).rejects.toThrow(/opposite ones/);
    await expect(fixture.service.query("UPDATE entries SET reason = 'erased'")).rejects.toThrow(/permission denied/);
  });
});
