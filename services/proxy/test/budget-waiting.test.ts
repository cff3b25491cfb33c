/** Waiting in line with the real billing and its real ledger behind the proxy. */

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Budget } from '@cloudfreedom/contracts';
import { parseEur } from '@cloudfreedom/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fixture, newPerson, startFixture } from '../../billing/test/billing-fixture.ts';
import { MODEL, model, reserveOf } from '../../billing/test/records.ts';
import { errorOf, startWorld, stopPostgres, type World } from './proxy-under-test.ts';

let fixture: Fixture;
let billingUrl: string;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.announce({ models: [model()] });
  await fixture.billing.app.listen({ host: '127.0.0.1', port: 0 });
  billingUrl = `http://127.0.0.1:${(fixture.billing.app.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await fixture.stop();
  await stopPostgres();
});

type Person = Awaited<ReturnType<typeof newPerson>>;

/** A proxy of this person's tenant. */
function startProxy(person: Person): Promise<World> {
  return startWorld({
    TENANT_ID: person.tenant.id,
    BILLING_URL: billingUrl,
    BILLING_SERVICE_TOKEN: person.token,
  });
}

const authorization = (person: Person) => ({ authorization: `Bearer ${person.key}` });

async function budgetOf(person: Person): Promise<Budget> {
  const response = await fixture.billing.app.inject({ url: '/v1/budget', headers: authorization(person) });
  return response.json();
}

/** 1,000 output tokens of gpt-4o-mini are 0.000516 EUR; with the input's bound one request holds a little more. */
const ASK = { model: MODEL, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 1_000 };

test('30 at once against a budget that affords one after another: all are served, those who waited in vain when they come back', async () => {
  // One input bound of about 150 tokens and 16 tokens of output (the least that is useful) have to be affordable.
  const person = await newPerson(fixture, {
    product: { monthlyBudgetEur: '0.0008', parallelRequests: 0, requestsPerMinute: 0 },
  });
  const world = await startProxy(person);
  const answerNow = world.upstream.script;
  let running = 0;
  let mostRunning = 0;
  world.upstream.script = (response, seen) => {
    mostRunning = Math.max(mostRunning, ++running);
    setTimeout(() => {
      running -= 1;
      answerNow(response, seen);
    }, 40);
  };
  try {
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => {
        for (;;) {
          const response = await world.chat(ASK, { headers: authorization(person) });
          const text = await response.text();
          // On a busy machine thirty, one after another, take longer than the five seconds that each of them waits.
          if (response.status !== 429 || !text.includes('budget_held')) return response.status;
        }
      }),
    );
    expect(statuses).toEqual(Array(30).fill(200));
    // Else the budget would not have been in the way, and the test would show nothing.
    expect(mostRunning).toBeLessThan(10);
    const budget = await budgetOf(person);
    expect(budget.held).toBe('0.00');
    expect(parseEur(budget.spent)).toBeGreaterThan(0n);
    expect(parseEur(budget.spent)).toBeLessThanOrEqual(parseEur('0.0008'));
  } finally {
    await world.close();
  }
}, 120_000);

test('behind a hold that does not end: 429 budget_held after five seconds, with who holds it and until when', async () => {
  const person = await newPerson(fixture, { product: { monthlyBudgetEur: '0.0008' } });
  const all = reserveOf(
    { type: 'subject', subjectId: person.user.id },
    {
      reservationId: randomUUID(),
      requestId: 'req-endless',
      inputTokensMax: 1,
      outputTokensCap: 100_000,
      outputTokensSlice: 100_000,
    },
  );
  expect(await fixture.batch(person.token, [all])).toMatchObject([{ status: 'granted' }]);
  const world = await startProxy(person);
  try {
    const response = await world.chat(ASK, { headers: authorization(person) });
    expect(response.status).toBe(429);
    // The hold was made for a minute, of which the wait took five seconds.
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(55);
    const error = await errorOf(response);
    expect(error).toMatchObject({
      code: 'budget_held',
      budget: { level: 'user', openHolds: [{ requestId: 'req-endless' }] },
    });
    expect((await budgetOf(person)).openHolds).toHaveLength(1);
  } finally {
    await world.close();
  }
});
