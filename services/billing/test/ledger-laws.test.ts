/** The laws of the ledger that need a certain moment or a certain place to be shown. Each test's title names its law. */
import { randomUUID } from 'node:crypto';
import type { LedgerOperation, LedgerResult } from '@cloudfreedom/contracts';
import { createLogger } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBilling } from '../src/billing.ts';
import { writeRows } from '../src/database/insert-rows.ts';
import { inTenantTransaction } from '../src/database/tenant-transaction.ts';
import { shapes } from '../src/ledger/reservation-rows.ts';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, nextRev, reserveOf, settleOf } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

test('law 1 with two replicas at once: exactly what the budget affords is granted, the same id only once', async () => {
  const second = await startBilling(fixture.config, createLogger('billing', 'silent'));
  try {
    // One request holds 232,200 nano-euro; ten fit.
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.0024' } });
    const credential = { type: 'subject', subjectId: person.user.id } as const;
    const whole = { outputTokensMin: 200, outputTokensCap: 200 };
    const ledgers = [fixture.billing.ledger, second.ledger];
    const shared = Array.from({ length: 10 }, () => reserveOf(credential, whole));
    const own = Array.from({ length: 10 }, () => reserveOf(credential, whole));
    const results = await Promise.all([
      ...shared.flatMap((operation) => ledgers.map((ledger) => ledger.perform(person.tenant.id, [operation]))),
      ...own.map((operation, index) => ledgers[index % 2]?.perform(person.tenant.id, [operation]) ?? []),
    ]);
    const answers = results.flat();
    for (let index = 0; index < 20; index += 2) expect(answers[index + 1]).toEqual(answers[index]);
    const { rows } = await fixture.owner.query('SELECT count(*) FROM reservations WHERE tenant_id = $1', [
      person.tenant.id,
    ]);
    expect(rows[0].count).toBe(10n);
    const refused = answers.filter((result) => result.status !== 'granted');
    expect(refused.every((result) => result.status === 'refused' && result.code === 'budget_held')).toBe(true);
  } finally {
    await second.app.close();
    await second.release();
  }
});

test('law 5: the service’s role can neither change nor delete an entry, nor empty the table', async () => {
  const person = await newPerson(fixture);
  const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
  await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, { output_text: 1 })]);
  const denied = /permission denied for table entries/;
  await expect(fixture.service.query('UPDATE entries SET amount_nano_eur = 0')).rejects.toThrow(denied);
  await expect(fixture.service.query('DELETE FROM entries')).rejects.toThrow(denied);
  await expect(fixture.service.query('TRUNCATE entries')).rejects.toThrow(denied);
  await expect(fixture.service.query('UPDATE usage_records SET charge_nano_eur = 0')).rejects.toThrow(
    /permission denied/,
  );
  await expect(fixture.service.query('DELETE FROM reservations')).rejects.toThrow(/permission denied/);
});

test('law 2: a change of a reservation that is not there fails and makes none, whatever the code believes', async () => {
  const person = await newPerson(fixture);
  const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
  await fixture.batch(person.token, [reserve]);
  const change = { tenant_id: person.tenant.id, id: randomUUID(), state: 'open', hold_nano_eur: 0n };
  const row = { ...change, held_output_tokens: 0, expires_at: new Date() };
  await expect(
    inTenantTransaction(fixture.service, person.tenant.id, (client) =>
      writeRows(client, 'change-nothing', shapes.changeReservations, [row]),
    ),
  ).rejects.toThrow(/violates foreign key constraint/);
});

test('law 3: an entry has a balance and a reservation, which stay; a price version stays as it is', async () => {
  const person = await newPerson(fixture);
  const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
  await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, { output_text: 1 })]);
  const add = (ownerId: string, reservationId: string) =>
    fixture.owner.query(
      `INSERT INTO entries (tenant_id, level, owner_id, period_start, kind, amount_nano_eur, reservation_id, created_at)
       SELECT tenant_id, level, $2, period_start, 'overage', 1, $3, now() FROM entries WHERE owner_id = $1`,
      [person.user.id, ownerId, reservationId],
    );
  await expect(add('nobody', reserve.reservationId)).rejects.toThrow('an entry has no balance');
  await expect(add(person.user.id, randomUUID())).rejects.toThrow('an entry has no reservation');
  await add(person.user.id, reserve.reservationId);

  const { owner } = fixture;
  await expect(owner.query('DELETE FROM reservations')).rejects.toThrow(/entries point to reservations/);
  await expect(owner.query('UPDATE reservations SET id = gen_random_uuid()')).rejects.toThrow(/entries point to/);
  await expect(owner.query('DELETE FROM budget_balances')).rejects.toThrow(/entries point to balances/);
  await expect(owner.query(`UPDATE budget_balances SET owner_id = ''`)).rejects.toThrow(/entries point to balances/);
  await expect(owner.query('TRUNCATE reservations, budget_balances')).rejects.toThrow(/entries point to/);
  await expect(owner.query('UPDATE prices SET usd_per_million = 0')).rejects.toThrow(/by a new version/);
  await expect(owner.query('DELETE FROM price_versions')).rejects.toThrow(/by a new version/);
});

test('law 7: connections die under load, every repeat until answered charges exactly once', async () => {
  const person = await newPerson(fixture);
  let [killed, answered] = [0, 0];
  let done = false;
  const killer = (async () => {
    while (!done) {
      const { rowCount } = await fixture.owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'billing' AND state <> 'idle' AND query NOT LIKE '%pg_terminate_backend%'`,
      );
      killed += rowCount ?? 0;
      // On a machine where a batch takes longer than the pause nothing would ever come through.
      const before = answered;
      do await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
      while (!done && answered === before);
    }
  })();
  const insist = async (operations: LedgerOperation[]): Promise<LedgerResult[]> => {
    for (;;) {
      const response = await fixture.billing.app.inject({
        method: 'POST',
        url: '/v1/ledger/batch',
        headers: { authorization: `Bearer ${person.token}` },
        body: { operations },
      });
      if (response.statusCode === 200) {
        answered += 1;
        return response.json().results;
      }
      expect(response.statusCode, response.body).toBe(503);
    }
  };
  const one = async () => {
    const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
    expect((await insist([reserve]))[0]?.status).toBe('granted');
    const [settled] = await insist([settleOf(reserve.reservationId, { uncached_input: 10, output_text: 10 })]);
    expect(settled).toMatchObject({ status: 'settled', charge: '0.00000645' });
  };
  const client = async () => {
    for (let round = 0; round < 20; round++) await one();
  };
  try {
    await Promise.all(Array.from({ length: 8 }, client));
  } finally {
    done = true;
    await killer;
  }
  expect(killed, 'connections killed, or this proves nothing').toBeGreaterThan(0);
  const { rows } = await fixture.owner.query(
    'SELECT posted_nano_eur, pending_nano_eur FROM budget_balances WHERE tenant_id = $1 ORDER BY level',
    [person.tenant.id],
  );
  expect(rows).toEqual(Array.from({ length: 2 }, () => ({ posted_nano_eur: 160n * 6_450n, pending_nano_eur: 0n })));
}, 240_000);

test('law 8: a hold that crosses the end of a month settles in the month that it came from', async () => {
  const person = await newPerson(fixture);
  const credential = { type: 'subject', subjectId: person.user.id } as const;
  const before = reserveOf(credential);
  await fixture.batch(person.token, [before]);
  // Postgres's clock can't be moved, so the month that was opened is moved back instead.
  const client = await fixture.owner.connect();
  await client.query(`SET session_replication_role = replica`);
  for (const table of ['budget_periods', 'budget_balances', 'reservations']) {
    await client.query(`UPDATE ${table} SET period_start = period_start - interval '1 month' WHERE tenant_id = $1`, [
      person.tenant.id,
    ]);
  }
  await client.query(
    `UPDATE budget_periods SET period_end = date_trunc('month', now() AT TIME ZONE time_zone) AT TIME ZONE time_zone WHERE tenant_id = $1`,
    [person.tenant.id],
  );
  await client.query(`SET session_replication_role = origin`);
  client.release();
  const after = reserveOf(credential);
  const meters = { uncached_input: 10, output_text: 10 };
  const results = await fixture.batch(person.token, [after, settleOf(before.reservationId, meters)]);
  expect(results.map(({ status }) => status)).toEqual(['granted', 'settled']);
  const { rows } = await fixture.owner.query(
    `SELECT posted_nano_eur AS posted, pending_nano_eur AS pending FROM budget_balances
     WHERE tenant_id = $1 AND level = 'user' ORDER BY period_start`,
    [person.tenant.id],
  );
  expect(rows).toEqual([
    { posted: 6_450n, pending: 0n },
    { posted: 0n, pending: 232_200n },
  ]);
});

test('law 9: another tenant’s reservation can’t be reached, by its id or by SQL', async () => {
  const [mine, other] = [await newPerson(fixture), await newPerson(fixture)];
  const reserve = reserveOf({ type: 'subject', subjectId: other.user.id });
  await fixture.batch(other.token, [reserve]);
  const { reservationId } = reserve;
  const progress = { basis: 'estimated', meters: {} } as const;
  const results = await fixture.batch(mine.token, [
    { op: 'extend', reservationId, outputTokensHeld: 1, progress },
    { op: 'renew', reservationId, progress },
    { op: 'void', reservationId, reason: 'not mine' },
    settleOf(reservationId, { output_text: 1 }),
    reserveOf({ type: 'subject', subjectId: other.user.id }),
    reserveOf({ type: 'api_key', sha256: other.keyRecord.sha256 }),
  ]);
  const notFound = { status: 'rejected', code: 'reservation_not_found' };
  expect(results.slice(0, 4)).toMatchObject([notFound, notFound, notFound, notFound]);
  expect(results.slice(4)).toMatchObject([{ code: 'subject_unknown' }, { code: 'invalid_api_key' }]);

  const unnamed = await fixture.service.query('SELECT count(*) AS rows FROM reservations');
  expect(unnamed.rows).toEqual([{ rows: 0n }]);
  const client = await fixture.service.connect();
  await client.query('BEGIN');
  await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [mine.tenant.id]);
  const tables = ['budget_periods', 'budget_balances', 'reservations', 'refusals', 'entries', 'usage_records'];
  for (const table of tables) {
    const seen = await client.query(`SELECT 1 FROM ${table} WHERE tenant_id <> $1`, [mine.tenant.id]);
    expect(seen.rowCount, table).toBe(0);
  }
  await expect(
    client.query(`INSERT INTO budget_periods VALUES ($1, now(), now() + interval '1 day', 'UTC')`, [other.tenant.id]),
  ).rejects.toThrow(/row-level security/);
  await client.query('ROLLBACK');
  client.release();
});
