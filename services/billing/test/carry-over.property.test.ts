/** What is left of a month goes into the next one, at most the product's cap, once its last hold has ended. */
import { type Budget, formatEur, parseEur } from '@cloudfreedom/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closePeriods } from '../src/budget/carry-over.store.ts';
import { writeDirectoryChanges } from '../src/directory/directory.store.ts';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { changesOf, model, nextRev, reserveOf, settleOf, user } from './records.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev(), models: [model()] });
});
afterAll(() => fixture?.stop());

type Person = Awaited<ReturnType<typeof newPerson>>;

async function budgetOf({ key }: Person): Promise<Budget> {
  const headers = { authorization: `Bearer ${key}` };
  return (await fixture.billing.app.inject({ method: 'GET', url: '/v1/budget', headers })).json();
}

/** Law 3 with allowances: posted and allowance are the sums of their entries. */
async function expectSums({ tenant }: Person): Promise<void> {
  const { rows } = await fixture.owner.query(
    `SELECT b.level FROM budget_balances b LEFT JOIN entries e USING (tenant_id, level, owner_id, period_start)
     WHERE b.tenant_id = $1 GROUP BY b.tenant_id, b.level, b.owner_id, b.period_start
     HAVING b.posted_nano_eur <> coalesce(sum(e.amount_nano_eur) FILTER (WHERE e.kind <> 'carry_over'), 0)
       OR b.allowance_nano_eur <> coalesce(sum(e.amount_nano_eur) FILTER (WHERE e.kind = 'carry_over'), 0)`,
    [tenant.id],
  );
  expect(rows, 'balances that are not the sums of their entries').toEqual([]);
}

/** A month earlier on the calendar of the tenant's zone. */
const earlier = (column: string) =>
  `((${column} AT TIME ZONE p.time_zone) - interval '1 month') AT TIME ZONE p.time_zone`;

/** Postgres's clock can't be moved, so all months that were opened are moved back instead, the first one first. */
async function endMonth({ tenant }: Person): Promise<void> {
  const client = await fixture.owner.connect();
  await client.query('SET session_replication_role = replica');
  const { rows } = await client.query<{ period_start: Date }>(
    'SELECT period_start FROM budget_periods WHERE tenant_id = $1 ORDER BY period_start',
    [tenant.id],
  );
  for (const { period_start } of rows) {
    for (const table of ['budget_balances', 'reservations', 'entries'])
      await client.query(
        `UPDATE ${table} moved SET period_start = ${earlier('p.period_start')} FROM budget_periods p
         WHERE p.tenant_id = $1 AND p.period_start = $2
           AND moved.tenant_id = p.tenant_id AND moved.period_start = p.period_start`,
        [tenant.id, period_start],
      );
    await client.query(
      `UPDATE budget_periods p SET period_start = ${earlier('period_start')}, period_end = ${earlier('period_end')}
       WHERE tenant_id = $1 AND period_start = $2`,
      [tenant.id, period_start],
    );
  }
  await client.query('SET session_replication_role = origin');
  client.release();
}

describe('carry-over', () => {
  test('what is left, at most the cap, once the last hold has ended; once', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '1.00', carryOverCapEur: '0.60' } });
    const late = reserveOf({ type: 'subject', subjectId: person.user.id });
    await fixture.batch(person.token, [late]);
    await endMonth(person);
    await closePeriods(fixture.service);
    expect(await budgetOf(person), 'a hold of last month is open').toMatchObject({ limit: '1.00' });
    await fixture.batch(person.token, [settleOf(late.reservationId, { output_text: 1_000_000 })]);
    await Promise.all([closePeriods(fixture.service), closePeriods(fixture.service)]);
    await closePeriods(fixture.service);
    expect(await budgetOf(person)).toMatchObject({ limit: '1.484', spent: '0.00' });
    await expectSums(person);
  });

  test('the cap binds; without one nothing is carried', async () => {
    const [capped, plain] = [
      await newPerson(fixture, { product: { monthlyBudgetEur: '5.00', carryOverCapEur: '2.00' } }),
      await newPerson(fixture, { product: { monthlyBudgetEur: '5.00' } }),
    ];
    for (const person of [capped, plain]) {
      const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
      await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, { output_text: 1 })]);
      await endMonth(person);
    }
    await closePeriods(fixture.service);
    expect([(await budgetOf(capped)).limit, (await budgetOf(plain)).limit]).toEqual(['7.00', '5.00']);
  });

  test('more people than fit into one turn, closed by two replicas at once: each gets it once', async () => {
    const person = await newPerson(fixture, { product: { monthlyBudgetEur: '5.00', carryOverCapEur: '2.00' } });
    const others = Array.from({ length: 1_200 }, () =>
      user({ tenantId: person.tenant.id, productId: person.product.id }),
    );
    await writeDirectoryChanges(fixture.service, changesOf({ users: others }));
    const reserve = reserveOf({ type: 'subject', subjectId: person.user.id });
    await fixture.batch(person.token, [reserve, settleOf(reserve.reservationId, { output_text: 1 })]);
    await fixture.owner.query(
      `INSERT INTO budget_balances (tenant_id, level, owner_id, period_start)
       SELECT tenant_id, 'user', u.id, period_start FROM directory_users u JOIN budget_periods USING (tenant_id)
       WHERE tenant_id = $1 ON CONFLICT DO NOTHING`,
      [person.tenant.id],
    );
    await endMonth(person);
    await Promise.all([closePeriods(fixture.service), closePeriods(fixture.service)]);
    const { rows } = await fixture.owner.query(
      `SELECT count(*)::int AS people, min(amount_nano_eur) AS least, max(amount_nano_eur) AS most,
         (SELECT sum(allowance_nano_eur) FROM budget_balances WHERE tenant_id = $1)::bigint AS allowances
       FROM entries WHERE tenant_id = $1 AND kind = 'carry_over'`,
      [person.tenant.id],
    );
    const cap = 2_000_000_000n;
    expect(rows).toEqual([{ people: 1_201, least: cap, most: cap, allowances: 1_201n * cap }]);
    await expectSums(person);
  });
});

/** Nano-euro: 516 for a token. */
const LIMIT = parseEur('0.001');
const tokens = fc.integer({ min: 0, max: 1_500 });
const month = fc.record({
  settled: tokens,
  late: fc.option(tokens),
  /** Somebody looks for months to close before the next one ends. */
  closes: fc.boolean(),
});

/** The rule by itself: limit and what was carried in, less what was spent, at most the cap, never below nothing. */
function leftAfter(months: { spent: bigint }[], cap: bigint): bigint {
  let carried = 0n;
  for (const { spent } of months) {
    const left = LIMIT + carried - spent;
    carried = left < 0n ? 0n : left < cap ? left : cap;
  }
  return carried;
}

test('months that close late, in any order of their last holds, carry what they would have carried in time', async () => {
  let late = 0;
  const history = fc.array(month, { minLength: 2, maxLength: 3 });
  const property = fc.asyncProperty(history, fc.integer({ min: 1, max: 2_000_000 }), async (months, capNanoEur) => {
    const cap = BigInt(capNanoEur);
    const terms = { monthlyBudgetEur: formatEur(LIMIT), carryOverCapEur: formatEur(cap) };
    const person = await newPerson(fixture, { product: terms });
    const credential = { type: 'subject', subjectId: person.user.id } as const;
    const small = { inputTokensMax: 0, outputTokensCap: 1, outputTokensMin: 1 };
    const waiting: (() => Promise<unknown>)[] = [];
    const spent: bigint[] = [];
    for (const { settled, late: open, closes } of months) {
      const reserve = reserveOf(credential, small);
      const kept = reserveOf(credential, small);
      const answers = await fixture.batch(person.token, [
        kept,
        ...(settled > 0 ? [reserve, settleOf(reserve.reservationId, { output_text: settled })] : []),
      ]);
      expect(answers[0]).toMatchObject({ status: 'granted' });
      const settleKept = () => fixture.batch(person.token, [settleOf(kept.reservationId, { output_text: open ?? 0 })]);
      if (open === null) await settleKept();
      else waiting.push(settleKept);
      const isCharged = settled > 0 && answers.at(-1)?.status === 'settled';
      spent.push(516n * BigInt((isCharged ? settled : 0) + (open ?? 0)));
      await endMonth(person);
      if (closes) await closePeriods(fixture.service);
    }
    if (waiting.length > 1) late++;
    for (const settleKept of waiting.reverse()) {
      await settleKept();
      await closePeriods(fixture.service);
    }
    for (const _ of months) await Promise.all([closePeriods(fixture.service), closePeriods(fixture.service)]);
    const carried = leftAfter(
      spent.map((one) => ({ spent: one })),
      cap,
    );
    expect((await budgetOf(person)).limit).toBe(formatEur(LIMIT + carried));
    await expectSums(person);
  });
  await fc.assert(property, { numRuns: 12, endOnFailure: true });
  expect(late, 'histories with two late months').toBeGreaterThan(0);
}, 120_000);
