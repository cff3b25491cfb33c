/** Deadlocks and serialisation failures, as Postgres itself reports them: tried again within a bound, and counted. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, nextRev, reserveOf, settleOf } from './records.ts';

/** As the README promises. */
const ATTEMPTS = 5;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

/** The next `times` statements that touch a table's rows fail; a sequence counts them, which no rollback takes back. */
async function failNext(table: string, event: string, state: string, times: number): Promise<void> {
  await fixture.owner.query(`DROP SEQUENCE IF EXISTS failures CASCADE; CREATE SEQUENCE failures;
    CREATE OR REPLACE FUNCTION fail_sometimes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = public, pg_temp AS $$
    BEGIN
      IF nextval('failures') <= ${times} THEN RAISE EXCEPTION 'planted' USING ERRCODE = '${state}'; END IF;
      RETURN NULL;
    END $$;
    DROP TRIGGER IF EXISTS fails ON reservations; DROP TRIGGER IF EXISTS fails ON usage_records;
    CREATE TRIGGER fails AFTER ${event} ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION fail_sometimes();`);
}

async function retriesOf(state: string): Promise<number> {
  const { body } = await fixture.billing.app.inject({ url: '/metrics' });
  const found = new RegExp(`ledger_retries_total\\{reason="${state}",service="billing"\\} (\\d+)`).exec(body);
  return Number(found?.[1] ?? 0);
}

test.each(['40P01', '40001'])('%s: the batch is tried again, charged once, and counted', async (state) => {
  const person = await newPerson(fixture);
  const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
  const before = await retriesOf(state);
  await failNext('reservations', 'INSERT', state, ATTEMPTS - 1);
  expect(await fixture.batch(person.token, [reserve])).toMatchObject([{ status: 'granted' }]);
  await failNext('usage_records', 'INSERT', state, 1);
  const settle = settleOf(reserve.reservationId, { output_text: 1_000 });
  expect(await fixture.batch(person.token, [settle])).toMatchObject([{ status: 'settled' }]);
  expect((await retriesOf(state)) - before).toBe(ATTEMPTS);
  const { rows } = await fixture.owner.query(
    `SELECT posted_nano_eur AS posted, pending_nano_eur AS pending FROM budget_balances WHERE tenant_id = $1 AND level = 'user'`,
    [person.tenant.id],
  );
  expect(rows).toEqual([{ posted: 516_000n, pending: 0n }]);
});

test('not for ever: after the last attempt the batch fails, nothing of it is written, and a repeat is served', async () => {
  const person = await newPerson(fixture);
  const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
  await failNext('reservations', 'INSERT', '40P01', ATTEMPTS);
  await expect(fixture.billing.ledger.perform(person.tenant.id, [reserve])).rejects.toThrow();
  const { rows } = await fixture.owner.query('SELECT FROM reservations WHERE tenant_id = $1', [person.tenant.id]);
  expect(rows).toHaveLength(0);
  expect(await fixture.batch(person.token, [reserve])).toMatchObject([{ status: 'granted' }]);
});
