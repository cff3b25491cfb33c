/** A re-rating whose process is killed, again and again: each row is charged again once, and the sums hold at every moment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseEur } from '@cloudfreedom/contracts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { resumeReRatings } from '../src/re-rating/re-rate.ts';
import { type Fixture, newPerson, startFixture } from './billing-fixture.ts';
import { model, newId, nextRev, reserveOf, settleOf } from './records.ts';

const SERVER = path.resolve(import.meta.dirname, '../src/server.ts');
const ROWS = 2_600;
const PATIENTLY = { timeout: 120_000, interval: 20 };

let fixture: Fixture;
let running: ChildProcess | undefined;
beforeAll(async () => {
  fixture = await startFixture({ rev: nextRev() });
});
afterEach(() => running?.kill('SIGKILL'));
afterAll(() => fixture?.stop());

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** As a variable; an object that holds nothing is one that is not set. */
const written = ([name, value]: [string, unknown]): [string, string][] =>
  typeof value === 'object' && !Array.isArray(value) ? [] : [[name, String(value)]];

/** Billing as a process of its own on the same Postgres. @returns its address, once it is ready */
async function startProcess(): Promise<string> {
  const port = await freePort();
  const { CORS_ORIGINS, WEBHOOK_PRIVATE_HOSTS, TRUSTED_PROXY_ADDRESSES, ...texts } = fixture.config;
  const lists = { CORS_ORIGINS, WEBHOOK_PRIVATE_HOSTS, TRUSTED_PROXY_ADDRESSES };
  const env = {
    ...process.env,
    ...Object.fromEntries(Object.entries({ ...texts, ...lists }).flatMap(written)),
    PORT: String(port),
  };
  running = spawn(process.execPath, [SERVER], { env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/ready`).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(isReady, PATIENTLY).toBe(200);
  return url;
}

async function kill(): Promise<void> {
  const gone = new Promise((resolve) => running?.once('exit', resolve));
  running?.kill('SIGKILL');
  await gone;
  running = undefined;
}

const operator = () =>
  fixture.identity.sign({ sub: newId(), tenant: newId(), role: 'platform_admin', locale: 'en' }, 'billing');

async function setPrice(upstream: string, output: string, inMs: number): Promise<void> {
  const body = {
    provider: 'openai',
    model: upstream,
    effectiveFrom: new Date(Date.now() + inMs).toISOString(),
    source: 'test',
    steps: [{ usdPerMillion: { uncached_input: '1', output_text: output } }],
  };
  const headers = { authorization: `Bearer ${await operator()}` };
  const response = await fixture.billing.app.inject({ method: 'POST', url: '/v1/prices', headers, body });
  expect(response.statusCode, response.body).toBe(200);
}

/** Many settled requests, in batches. */
async function useOften(person: Awaited<ReturnType<typeof newPerson>>, own: ReturnType<typeof model>): Promise<void> {
  for (let done = 0; done < ROWS; done += 100) {
    const operations = Array.from({ length: 100 }, () => {
      const reserve = reserveOf(
        { type: 'subject', subjectId: person.user.id },
        { model: own.name, deploymentId: own.id, inputTokensMax: 10, outputTokensCap: 20, outputTokensSlice: 20 },
      );
      return [reserve, settleOf(reserve.reservationId, { uncached_input: 1, output_text: 10 })];
    });
    const results = await fixture.batch(person.token, operations.flat());
    expect(results.filter(({ status }) => status === 'settled')).toHaveLength(100);
  }
}

/** Law 3 at this moment, the log beside it, and no request corrected twice. @returns what is charged, nano-euro */
async function checkedSum(tenantId: string): Promise<bigint> {
  const { rows } = await fixture.owner.query<{ posted: bigint; entered: bigint; logged: bigint; most: number }>(
    `SELECT (SELECT posted_nano_eur FROM budget_balances WHERE tenant_id = $1 AND level = 'user') AS posted,
       (SELECT sum(amount_nano_eur)::bigint FROM entries WHERE tenant_id = $1 AND level = 'user') AS entered,
       (SELECT sum(charge_nano_eur)::bigint FROM usage_records WHERE tenant_id = $1 AND superseded_at IS NULL) AS logged,
       coalesce((SELECT max(times) FROM (SELECT count(*)::int AS times FROM entries
         WHERE tenant_id = $1 AND kind = 'correction' GROUP BY level, reservation_id) AS each), 0) AS most`,
    [tenantId],
  );
  const [sums] = rows;
  if (!sums) throw new Error('Postgres gave no sums');
  expect([sums.entered, sums.logged]).toEqual([sums.posted, sums.posted]);
  expect(sums.most).toBeLessThanOrEqual(1);
  return sums.posted;
}

/** On a slow machine the fixture's own billing would take it up before the next process is there. */
const keepAway = (forTime: string) =>
  fixture.owner.query('UPDATE re_ratings SET stepped_at = now() + $1::interval', [forTime]);

const jobOf = async (id: string) =>
  (
    await fixture.owner.query<{ rows: number; finished: boolean }>(
      `SELECT (totals ->> 'rows')::int AS rows, finished_at IS NOT NULL AS finished FROM re_ratings WHERE id = $1`,
      [id],
    )
  ).rows[0] ?? { rows: 0, finished: false };

test('killed in the middle, twice; then gone on with by itself: every row once, nothing twice', async () => {
  const own = model({ name: `own-${newId()}`, upstreamModel: newId() });
  await fixture.announce({ models: [own] });
  await setPrice(own.upstreamModel, '10', -86_400_000);
  const person = await newPerson(fixture, { product: { monthlyBudgetEur: '100' } });
  await useOften(person, own);
  const before = await checkedSum(person.tenant.id);
  await setPrice(own.upstreamModel, '4', -3_600_000);
  // Each step takes its time, so that a kill meets it in the middle of its transaction.
  await fixture.owner.query(
    `CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.4); RETURN NEW; END $$`,
  );
  await fixture.owner.query(
    'CREATE TRIGGER slow BEFORE UPDATE ON re_ratings FOR EACH ROW EXECUTE FUNCTION take_time()',
  );
  const range = { from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date().toISOString() };
  const order = { id: randomUUID(), ...range, reason: 'a wrong price', apply: true };
  const seen: number[] = [];
  for (let kills = 0; kills < 2; kills++) {
    const url = await startProcess();
    const { rows } = await jobOf(order.id);
    const asked = fetch(`${url}/v1/tenants/${person.tenant.id}/re-ratings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await operator()}`, 'content-type': 'application/json' },
      body: JSON.stringify(order),
    }).catch(() => 'broken off');
    await expect.poll(async () => (await jobOf(order.id)).rows, PATIENTLY).toBeGreaterThan(rows);
    await setTimeout(Math.random() * 300);
    await kill();
    await keepAway('1 hour');
    expect(await asked).toBe('broken off');
    const between = await checkedSum(person.tenant.id);
    const job = await jobOf(order.id);
    expect(job.finished, 'killed before its end, or this proves nothing').toBe(false);
    expect(between).toBeLessThan(before);
    seen.push(job.rows);
  }
  expect(seen[1]).toBeGreaterThan(seen[0] ?? 0);
  await fixture.owner.query('DROP TRIGGER slow ON re_ratings');
  // Postgres may still be at the step that nobody waits for any more; it ends with its connection.
  await keepAway('0 seconds');
  await resumeReRatings({ pool: fixture.service, onUsage: () => {} }, 0);
  const job = await jobOf(order.id);
  expect(job).toEqual({ rows: ROWS, finished: true });
  // (1 x 1 + 10 x 4) and before (1 x 1 + 10 x 10) USD per million, at 0.86, rounded up per row.
  expect(await checkedSum(person.tenant.id)).toBe(BigInt(ROWS) * parseEur('0.00003526'));
  expect(before).toBe(BigInt(ROWS) * parseEur('0.00008686'));
  await resumeReRatings({ pool: fixture.service, onUsage: () => {} }, 0);
  expect(await checkedSum(person.tenant.id)).toBe(BigInt(ROWS) * parseEur('0.00003526'));
}, 240_000);
