/** Waiting for money that only open holds keep back: between a billing that a test leads and a stub provider. */
import { audienceOf, type LedgerOperation, type LedgerResult, type OperationRefused } from '@cloudfreedom/contracts';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ASK, errorOf, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import { TENANT_ID } from './stub-billing.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());
afterAll(stopPostgres);

function budgetHeld(level: 'tenant' | 'user' | 'api_key' = 'user'): OperationRefused {
  return {
    status: 'refused',
    code: 'budget_held',
    retryAfterMs: 3_200,
    budget: {
      level,
      limit: '20.00',
      spent: '19.00',
      held: '1.00',
      remaining: '0.00',
      needed: '0.05',
      period: { start: '2026-11-01T00:00:00Z', end: '2026-12-01T00:00:00Z', timeZone: 'Europe/Berlin' },
      openHolds: [{ requestId: 'req-other', model: 'gpt-test', since: '2026-11-02T00:00:00Z', amount: '1.00' }],
    },
  };
}

/** Answer reserves only by this; everything else is granted. */
function onReserve(reply: (operation: Extract<LedgerOperation, { op: 'reserve' }>) => LedgerResult | undefined) {
  world.billing.reply = (operation) => (operation.op === 'reserve' ? reply(operation) : undefined);
}

const ask = (requestId: string, init: RequestInit = {}) =>
  world.chat(ASK, { ...init, headers: { 'x-request-id': requestId } });
const triesOf = (requestId: string) =>
  world.billing.all('reserve').filter((operation) => operation.requestId === requestId);

describe('a budget that only running requests hold', () => {
  test('is waited for: the answer comes once it is free, each try with an id of its own', async () => {
    let free = false;
    onReserve(() => (free ? undefined : budgetHeld()));
    const answer = ask('req-1');
    await until('it has asked again', () => triesOf('req-1').length >= 3);
    free = true;
    expect((await answer).status).toBe(200);
    const ids = triesOf('req-1').map(({ reservationId }) => reservationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(world.billing.all('settle')).toMatchObject([{ reservationId: ids.at(-1) }]);
  });

  test('for five seconds, then 429 budget_held with the true retry-after and who holds it', async () => {
    onReserve(() => budgetHeld());
    const response = await ask('req-1');
    expect(response.status).toBe(429);
    expect(triesOf('req-1').length).toBeGreaterThan(1);
    expect(response.headers.get('retry-after')).toBe('4');
    expect(response.headers.get('x-should-retry')).toBeNull();
    const error = await errorOf(response);
    expect(error).toMatchObject({ code: 'budget_held', budget: { level: 'user', held: '1.00' } });
    expect(error.message).toContain('req-other');
    expect(world.upstream.seen).toHaveLength(0);
  });

  test('spent for good meanwhile: told at once', async () => {
    onReserve(() =>
      triesOf('req-1').length > 1 ? { ...budgetHeld(), code: 'insufficient_quota', retryAfterMs: null } : budgetHeld(),
    );
    const response = await ask('req-1');
    expect(await errorOf(response)).toMatchObject({ code: 'insufficient_quota' });
    expect(triesOf('req-1')).toHaveLength(2);
  });
});

describe('lines', () => {
  test("the tenant's budget is one line for everybody; another person's own budget is not in the way", async () => {
    const other = { type: 'subject' as const, subjectId: 'user00000000002' };
    const claims = { sub: other.subjectId, tenant: TENANT_ID, role: 'member', locale: 'en' } as const;
    const token = await world.identity.sign(claims, audienceOf.proxy(TENANT_ID));
    const asOther = () => world.chat(ASK, { headers: { authorization: `Bearer ${token}` } });
    const own = world.billing.principal;
    onReserve(({ credential }) => (credential.type === 'subject' ? undefined : budgetHeld('user')));
    const first = ask('req-1');
    await until('the first one waits', () => triesOf('req-1').length > 0);
    world.billing.principal = { ...own, subjectId: other.subjectId, apiKeyId: null };
    expect((await asOther()).status).toBe(200);

    onReserve(({ credential }) => (credential.type === 'subject' ? undefined : budgetHeld('tenant')));
    const triesBefore = triesOf('req-1').length;
    await until("it waits for the tenant's", () => triesOf('req-1').length > triesBefore);
    const later = asOther();
    const before = world.billing.all('reserve').length;
    await until('the first one has asked again', () => world.billing.all('reserve').length > before);
    expect(world.billing.all('reserve').slice(before)).toMatchObject([{ requestId: 'req-1' }]);
    onReserve(() => undefined);
    expect([(await first).status, (await later).status]).toEqual([200, 200]);
  });
});

describe('somebody who leaves', () => {
  test('a client that hangs up leaves the line, nothing is sent or held for it, and the next one has its turn', async () => {
    let free = false;
    onReserve(() => (free ? undefined : budgetHeld()));
    const patience = new AbortController();
    const left = ask('req-1', { signal: patience.signal }).catch(() => 'left');
    await until('it waits', () => triesOf('req-1').length > 0);
    const next = ask('req-2');
    patience.abort();
    expect(await left).toBe('left');
    await until('the next one asks', () => triesOf('req-2').length > 0);
    const tries = triesOf('req-1').length;
    free = true;
    expect((await next).status).toBe(200);
    expect(triesOf('req-1')).toHaveLength(tries);
    expect(world.upstream.seen).toHaveLength(1);
  });

  test('billing that goes away while somebody waits: 503', async () => {
    onReserve(() => budgetHeld());
    const answer = ask('req-1');
    await until('it waits', () => triesOf('req-1').length > 0);
    await world.billing.stop();
    expect((await answer).status).toBe(503);
    await world.billing.start();
  });
});
