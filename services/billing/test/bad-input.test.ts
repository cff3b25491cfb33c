/** What bad input gets: a named error, nothing changed, nothing lost. Also what the database itself refuses. */
import { randomUUID } from 'node:crypto';
import type { LedgerOperation, Reach } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, newId, nextRev, reserveOf, settleOf } from './records.ts';

const DEAR = 'beyond-price';
const DEAR_ID = newId();
/** A little in the standard tier, beyond all measure in the other. */
const HURRIED = 'beyond-price-when-hurried';
const HURRIED_ID = newId();
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({
    rev: nextRev(),
    models: [
      model(),
      model({ id: DEAR_ID, name: DEAR, upstreamModel: DEAR }),
      model({ id: HURRIED_ID, name: HURRIED, upstreamModel: HURRIED }),
    ],
  });
  const tiers = [
    [DEAR, 'standard', 1e12],
    [HURRIED, 'standard', 1],
    [HURRIED, 'priority', 1e12],
  ];
  for (const [name, tier, usdPerMillion] of tiers)
    await fixture.owner.query(
      `WITH written AS (INSERT INTO price_versions (provider, model, effective_from, source)
         VALUES ('openai', $1, '2020-01-01', 'test') ON CONFLICT DO NOTHING RETURNING id),
       version AS (SELECT id FROM written UNION ALL SELECT id FROM price_versions WHERE model = $1 LIMIT 1)
       INSERT INTO prices (price_version_id, meter, service_tier, usd_per_million)
       SELECT id, unnest(ARRAY['uncached_input', 'output_text']), $2, $3 FROM version`,
      [name, tier, usdPerMillion],
    );
});
afterAll(() => fixture?.stop());

type Person = Awaited<ReturnType<typeof newPerson>>;

async function readBooks({ tenant }: Person) {
  const read = async (sql: string) => (await fixture.owner.query(sql, [tenant.id])).rows;
  return {
    balances: await read(
      'SELECT * FROM budget_balances WHERE tenant_id = $1 AND (posted_nano_eur, pending_nano_eur) <> (0, 0) ORDER BY level, owner_id',
    ),
    reservations: await read('SELECT * FROM reservations WHERE tenant_id = $1 ORDER BY id'),
    entries: await read('SELECT * FROM entries WHERE tenant_id = $1 ORDER BY id'),
    usage: await read('SELECT * FROM usage_records WHERE tenant_id = $1 ORDER BY settled_at'),
  };
}

async function expectRejected(person: Person, operation: LedgerOperation, code: string): Promise<void> {
  const before = await readBooks(person);
  const [result] = await fixture.batch(person.token, [operation]);
  expect(result).toMatchObject({ status: 'rejected', code });
  expect(await readBooks(person)).toEqual(before);
}

async function openOne(person: Person) {
  const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
  await fixture.batch(person.token, [reserve]);
  return reserve;
}

describe('nothing changes', () => {
  test('settling twice: the same content gets the first answer, other content idempotency_conflict', async () => {
    const person = await newPerson(fixture);
    const { reservationId } = await openOne(person);
    const settle = settleOf(reservationId, { output_text: 5 });
    const [first] = await fixture.batch(person.token, [settle]);
    const before = await readBooks(person);
    expect(await fixture.batch(person.token, [settle, settle])).toEqual([first, first]);
    expect(await readBooks(person)).toEqual(before);
    await expectRejected(person, settleOf(reservationId, { output_text: 6 }), 'idempotency_conflict');
    await expectRejected(person, { op: 'void', reservationId, reason: 'too late' }, 'reservation_ended');
  });

  test("another tenant's reservation: reservation_not_found", async () => {
    const [mine, other] = [await newPerson(fixture), await newPerson(fixture)];
    const { reservationId } = await openOne(other);
    const before = await readBooks(other);
    await expectRejected(mine, settleOf(reservationId, { output_text: 5 }), 'reservation_not_found');
    expect(await readBooks(other)).toEqual(before);
  });

  test('negative and fractional units: invalid_request with the path', async () => {
    const person = await newPerson(fixture);
    const { reservationId } = await openOne(person);
    const before = await readBooks(person);
    for (const units of [-1, 0.5, 1e10]) {
      const response = await fixture.billing.app.inject({
        method: 'POST',
        url: '/v1/ledger/batch',
        headers: { authorization: `Bearer ${person.token}` },
        body: { operations: [settleOf(reservationId, { output_text: units })] },
      });
      expect(response.statusCode).toBe(400);
      const { code, param } = response.json().error;
      expect([code, param]).toEqual(['invalid_request', 'operations[0].usage.meters.output_text']);
    }
    expect(await readBooks(person)).toEqual(before);
  });

  test('an amount beyond int8: amount_too_large at the reservation, the extension and the settlement', async () => {
    const person = await newPerson(fixture, {
      tenant: { monthlyBudgetEur: '' },
      user: { budgetOverrideEur: '9999999999' },
    });
    const credential = { type: 'subject', subjectId: person.user.id } as const;
    const dear = {
      model: DEAR,
      deploymentId: DEAR_ID,
      inputTokensMax: 1,
      outputTokensCap: 100_000,
      outputTokensMin: 1,
      outputTokensSlice: 1,
    };
    await expectRejected(person, reserveOf(credential, { ...dear, outputTokensSlice: 100_000 }), 'amount_too_large');
    const reserve = reserveOf(credential, dear);
    const { reservationId } = reserve;
    expect(await fixture.batch(person.token, [reserve])).toMatchObject([{ status: 'granted' }]);
    const progress = { basis: 'estimated', meters: {} } as const;
    const extend: LedgerOperation = { op: 'extend', reservationId, outputTokensHeld: 11_000, progress };
    await expectRejected(person, extend, 'amount_too_large');
    await expectRejected(person, settleOf(reservationId, { output_text: 1_000_000 }), 'amount_too_large');
    expect(await fixture.batch(person.token, [settleOf(reservationId, { output_text: 1 })])).toMatchObject([
      { status: 'settled', charge: '860000.00' },
    ]);
  });

  test('an amount beyond int8 in the dearer tier alone: amount_too_large, and others of the batch are served', async () => {
    const person = await newPerson(fixture, {
      tenant: { monthlyBudgetEur: '' },
      user: { budgetOverrideEur: '9999999999' },
    });
    const credential = { type: 'subject', subjectId: person.user.id } as const;
    const hurried = { model: HURRIED, deploymentId: HURRIED_ID, inputTokensMax: 0, outputTokensCap: 1 };
    const reach: Reach = { serviceTiers: ['standard', 'priority'], rareMeters: [], serverToolCallsMax: 0 };
    const reserve = reserveOf(credential, { ...hurried, outputTokensSlice: 1, reach });
    const other = await openOne(person);
    expect(await fixture.batch(person.token, [reserve])).toMatchObject([{ status: 'granted' }]);
    const settled = await fixture.batch(person.token, [
      settleOf(reserve.reservationId, { output_text: 100_000_000 }),
      settleOf(other.reservationId, { output_text: 1 }),
    ]);
    expect(settled).toMatchObject([{ status: 'rejected', code: 'amount_too_large' }, { status: 'settled' }]);
  });

  test('a heartbeat that tells of more than int8: its hold expires all the same, charged whole, and others beside it', async () => {
    const person = await newPerson(fixture, {
      tenant: { monthlyBudgetEur: '' },
      user: { budgetOverrideEur: '9999999999' },
    });
    const credential = { type: 'subject', subjectId: person.user.id } as const;
    const dear = { model: DEAR, deploymentId: DEAR_ID, inputTokensMax: 0, outputTokensCap: 1, outputTokensSlice: 1 };
    const reserve = reserveOf(credential, dear);
    const other = await openOne(person);
    const { reservationId } = reserve;
    const progress = { basis: 'estimated', meters: { output_text: 1_000_000_000 } } as const;
    const answers = await fixture.batch(person.token, [reserve, { op: 'renew', reservationId, progress }]);
    expect(answers).toMatchObject([{ status: 'granted' }, { status: 'held' }]);
    await fixture.owner.query(`UPDATE reservations SET expires_at = opened_at WHERE tenant_id = $1`, [
      person.tenant.id,
    ]);
    await fixture.billing.ledger.expireHolds();
    const { reservations } = await readBooks(person);
    expect(reservations.map(({ id, state, charge_nano_eur }) => ({ id, state, charge_nano_eur }))).toEqual(
      expect.arrayContaining([
        { id: reservationId, state: 'expired', charge_nano_eur: 860_000_000_000_000n },
        expect.objectContaining({ id: other.reservationId, state: 'expired' }),
      ]),
    );
  });

  test('a key reused with other content: idempotency_conflict', async () => {
    const person = await newPerson(fixture);
    const reserve = await openOne(person);
    await expectRejected(person, { ...reserve, inputTokensMax: 7 }, 'idempotency_conflict');
  });
});

describe('law 5: entries stay as they were written', () => {
  const denied = /permission denied|must be owner|must be superuser|pg_read_server_files/;

  test('the service has no way to change, empty, replace or load them', async () => {
    const person = await newPerson(fixture);
    const { reservationId } = await openOne(person);
    await fixture.batch(person.token, [settleOf(reservationId, { output_text: 5 })]);
    const before = await readBooks(person);
    const statements = [
      'UPDATE entries SET amount_nano_eur = 0',
      'DELETE FROM entries',
      'TRUNCATE entries',
      'TRUNCATE entries, reservations CASCADE',
      "COPY entries FROM '/dev/null'",
      "COPY (SELECT 1) TO PROGRAM 'true'",
      'DROP TABLE entries CASCADE',
      'ALTER TABLE entries DISABLE TRIGGER ALL',
      'ALTER TABLE entries DISABLE ROW LEVEL SECURITY',
      'ALTER TABLE entries RENAME TO others',
      'CREATE RULE no_more AS ON INSERT TO entries DO INSTEAD NOTHING',
      'CREATE TRIGGER mine BEFORE INSERT ON entries EXECUTE FUNCTION refuse_change()',
      'CREATE TABLE public.entries_2 (id int)',
      'GRANT UPDATE ON entries TO CURRENT_USER',
      'SET session_replication_role = replica',
      'SELECT * FROM entries FOR UPDATE',
      'INSERT INTO entries OVERRIDING SYSTEM VALUE SELECT * FROM entries ON CONFLICT (tenant_id, id) DO UPDATE SET amount_nano_eur = 0',
    ];
    for (const statement of statements) {
      const outcome = await fixture.service.query(statement).then(
        ({ command, rowCount }) => `${command} ${rowCount} was done`,
        (error: Error) => error.message,
      );
      // A right that nobody has may be "granted": Postgres warns and does nothing.
      if (!statement.startsWith('GRANT')) expect(outcome, statement).toMatch(denied);
    }
    await expect(fixture.service.query('UPDATE entries SET reason = $1', ['x'])).rejects.toThrow(denied);
    expect(await readBooks(person)).toEqual(before);
  });

  test('the owner of the tables is stopped too', async () => {
    const person = await newPerson(fixture);
    const { reservationId } = await openOne(person);
    await fixture.batch(person.token, [settleOf(reservationId, { output_text: 5 })]);
    const of = [person.tenant.id];
    const refused = async (sql: string, reason: RegExp) =>
      expect(fixture.owner.query(sql, of), sql).rejects.toThrow(reason);
    await refused('UPDATE entries SET amount_nano_eur = 0 WHERE tenant_id = $1', /corrected by opposite ones/);
    await refused('DELETE FROM entries WHERE tenant_id = $1', /corrected by opposite ones/);
    await expect(fixture.owner.query('TRUNCATE entries')).rejects.toThrow(/never deleted/);
    await refused(
      `UPDATE reservations SET state = 'open', ended_at = NULL, charge_nano_eur = NULL, end_hash = NULL, end_answer = NULL WHERE tenant_id = $1`,
      /ends once|never followed by another/,
    );
    await refused(`UPDATE reservations SET state = 'voided' WHERE tenant_id = $1`, /ends once/);
    await refused(`UPDATE reservations SET end_hash = 'another' WHERE tenant_id = $1`, /never followed by another/);
    await refused(
      `INSERT INTO budget_periods SELECT tenant_id, period_start + interval '1 day', period_end, 'UTC' FROM budget_periods WHERE tenant_id = $1`,
      /exclusion constraint/,
    );
    await refused('UPDATE budget_balances SET pending_nano_eur = -1 WHERE tenant_id = $1', /check constraint/);
  });

  test('a second charge of a reservation is refused by the index, whatever the code believes', async () => {
    const person = await newPerson(fixture);
    const { reservationId } = await openOne(person);
    await fixture.batch(person.token, [settleOf(reservationId, { output_text: 5 })]);
    await expect(
      fixture.owner.query(
        `INSERT INTO entries (tenant_id, level, owner_id, period_start, kind, amount_nano_eur, reservation_id, created_at)
         SELECT tenant_id, level, owner_id, period_start, kind, amount_nano_eur, reservation_id, now()
         FROM entries WHERE reservation_id = $1`,
        [reservationId],
      ),
    ).rejects.toThrow(/entries_charged_once/);
    expect((await fixture.batch(person.token, [settleOf(randomUUID(), {})]))[0]).toMatchObject({
      code: 'reservation_not_found',
    });
  });
});
