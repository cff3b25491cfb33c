/** Deadlocks and serialisation failures, as Postgres itself reports them: tried again within a bound, and counted. */
import { inOpenTransaction, sendTogether } from '@cloudfreedom/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

describe('statements in one message', () => {
  const ask = (name: string, text: string, ...values: string[]) => ({ name, text, values });
  const twice = ask('twice', 'SELECT $1::bigint * 2 AS found', '21');
  const pair = ask('pair', 'SELECT * FROM unnest($1::text[]) AS word', '{a,NULL}');
  const divide = (by: string) => ask('divide', 'SELECT 1 / $1::integer AS found', by);
  // The first time they travel one by one, on the same connection.
  const rounds = ['before Postgres knows them', 'when it knows them'];

  test('each has its own answer, in order', async () => {
    const client = await fixture.owner.connect();
    try {
      for (const round of rounds) {
        const results = await sendTogether(client, [twice, pair, ask('none', 'SELECT WHERE false')]);
        const rows = results.map((result) => result.rows);
        expect(rows, round).toEqual([[{ found: 42n }], [{ word: 'a' }, { word: null }], []]);
      }
    } finally {
      client.release();
    }
  });

  test('where one fails, those behind it do nothing, its error is told, and the connection goes on', async () => {
    await fixture.owner.query('CREATE TABLE told (at integer)');
    const tell = (at: string) => ask('tell', 'INSERT INTO told VALUES ($1::integer)', at);
    for (const by of ['1', '0', '0'])
      await inOpenTransaction(fixture.owner, async ({ begin, commit }) => {
        await begin(tell(by));
        await commit(tell('7'), divide(by), tell('8'));
      }).catch((error: Error) => expect(error.message).toBe('division by zero'));
    const { rows } = await fixture.owner.query('SELECT at FROM told');
    expect(rows).toEqual([{ at: 1 }, { at: 7 }, { at: 8 }]);
  });
});
