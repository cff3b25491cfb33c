/** The money's way: refusals, batches, holds that grow, billing that is down. */
import type { ServerResponse } from 'node:http';
import type { LedgerOperation, OperationRefused } from '@cloudfreedom/contracts';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ASK, errorOf, events, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import { catalogueModel, refused } from './stub-billing.ts';
import { answerStream, DONE, startStream, stopChunk, textChunk, usageChunk } from './stub-upstream.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());
afterAll(stopPostgres);

const refuse = (op: LedgerOperation['op'], answer: OperationRefused) => {
  world.billing.reply = (operation) => (operation.op === op ? answer : undefined);
};

describe('refusals of the reservation', () => {
  test('a spent budget: 429 insufficient_quota, not to be repeated, with the numbers', async () => {
    refuse('reserve', refused('insufficient_quota'));
    const response = await world.chat(ASK);
    expect(response.status).toBe(429);
    expect(response.headers.get('x-should-retry')).toBe('false');
    const error = await errorOf(response);
    expect(error).toMatchObject({
      type: 'insufficient_quota',
      code: 'insufficient_quota',
      budget: { level: 'user', spent: '19.99', limit: '20.00', needed: '0.05' },
    });
    expect(error.message).toBe(
      'Your budget does not cover this request: €19.99 of €20.00 are spent, €0.00 are held, €0.01 are left; at least €0.05 are needed. The next budget begins on 1 December 2026.',
    );
    expect(world.upstream.seen).toHaveLength(0);
  });

  test.each(['insufficient_quota', 'budget_held'] as const)(
    "%s at the tenant's level says whose budget it is, and none of its figures",
    async (code) => {
      const answer = refused(code, 1);
      const budget = { ...answer.budget, level: 'tenant', limit: '500.17', spent: '498.23', held: '1.11' } as const;
      refuse('reserve', { ...answer, budget: { ...budget, remaining: '0.83' } as OperationRefused['budget'] });
      const response = await world.chat(ASK);
      expect(response.status).toBe(429);
      const error = await errorOf(response);
      expect(error.message).toMatch(/your organisation's budget/i);
      expect(error).toMatchObject({ code, budget: { level: 'tenant', spent: null, limit: null, needed: '0.05' } });
      expect(JSON.stringify(error)).not.toMatch(/500\.17|498\.23|1\.11|0\.83/);
    },
  );

  test.each([
    ['invalid_api_key', 401, 'invalid_api_key'],
    ['subject_suspended', 403, 'subject_suspended'],
    ['tenant_suspended', 403, 'tenant_suspended'],
    ['model_not_allowed', 404, 'model_not_found'],
    ['model_not_priced', 404, 'model_not_priced'],
  ] as const)('%s, although the cache knew better: %i', async (code, status, answered) => {
    expect((await world.chat(ASK)).status).toBe(200);
    refuse('reserve', refused(code));
    const response = await world.chat(ASK);
    expect(response.status).toBe(status);
    expect(await errorOf(response)).toMatchObject({ code: answered });
    expect(world.upstream.seen).toHaveLength(1);
  });
});

describe('batches', () => {
  test('50 requests at a time travel in far fewer batches, each with its own result', async () => {
    await (await world.chat(ASK)).json();
    world.billing.batches = [];
    world.billing.batchMs = 20;
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const response = await world.chat(ASK, { headers: { 'x-request-id': `req-${index}` } });
        return ((await response.json()) as { usage: { cloudfreedom: { request_id: string } } }).usage.cloudfreedom;
      }),
    );
    expect(answers.map(({ request_id }) => request_id)).toEqual(Array.from({ length: 50 }, (_, i) => `req-${i}`));
    expect(world.billing.all('reserve')).toHaveLength(50);
    expect(world.billing.all('settle')).toHaveLength(50);
    expect(world.billing.batches.length).toBeLessThan(25);
  });

  test('a refusal in a batch is told to its own request only', async () => {
    let count = 0;
    world.billing.reply = (operation) =>
      operation.op === 'reserve' && count++ % 2 === 0 ? refused('insufficient_quota') : undefined;
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await world.chat(ASK)).status));
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect(world.upstream.seen).toHaveLength(5);
  });
});

describe('billing is down', () => {
  test('law 6: nothing is sent upstream, 503 billing_unavailable', async () => {
    expect((await world.chat(ASK)).status).toBe(200);
    await world.billing.stop();
    const response = await world.chat(ASK);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await errorOf(response)).toMatchObject({ code: 'billing_unavailable', type: 'server_error' });
    expect(world.upstream.seen).toHaveLength(1);
    await world.billing.start();
  });

  test('from the start: 503 too, and not ready', async () => {
    await world.billing.stop();
    expect((await world.chat(ASK)).status).toBe(503);
    const ready = await fetch(`${world.url}/ready`);
    expect(ready.status).toBe(503);
    await world.billing.start();
    expect((await world.chat(ASK)).status).toBe(200);
  });

  test('it hangs: 503 after its time limit, and what it may have reserved is voided', async () => {
    expect((await world.chat(ASK)).status).toBe(200);
    world.billing.mode = 'hangs';
    expect((await world.chat(ASK)).status).toBe(503);
    const { rows } = await world.database.query('SELECT operation FROM proxy.outbox');
    expect(rows).toMatchObject([{ operation: { op: 'void' } }]);
    world.billing.mode = 'up';
  });
});

describe('the hold of a stream', () => {
  const TEXT = 'x'.repeat(1_200);

  test('grows in slices before the output crosses it', async () => {
    const grown = (times: number) => until(`it grew ${times} times`, () => world.billing.all('extend').length >= times);
    // A slow machine may read pieces together: each slice waits for the growth that it asks for.
    const tell = async (response: ServerResponse) => {
      startStream(response);
      for (const times of [1, 2, 3]) {
        response.write(textChunk(TEXT).repeat(3));
        await grown(times);
      }
      response.end(stopChunk() + usageChunk() + DONE);
    };
    world.upstream.script = (response) => void tell(response).catch(() => response.destroy());
    const text = await (await world.chat({ ...ASK, stream: true })).text();
    expect(events(text).at(-1)).toBe('[DONE]');
    expect(world.billing.all('reserve')[0]).toMatchObject({ outputTokensCap: 8_192, outputTokensSlice: 1_152 });
    const held = world.billing.all('extend').map(({ outputTokensHeld }) => outputTokensHeld);
    expect(held).toHaveLength(3);
    expect(new Set(held).size).toBe(3);
    expect([...held].sort((a, b) => a - b)).toEqual(held);
    expect(Math.max(...held)).toBeLessThanOrEqual(8_192);
    expect(world.billing.all('extend')[0]?.progress.meters.output_text).toBeGreaterThan(0);
  });

  test('refused: the upstream is stopped, finish_reason length, the reason beside it, settled as an estimate', async () => {
    refuse('extend', refused('insufficient_quota'));
    world.upstream.script = (response) => {
      startStream(response);
      const timer = setInterval(() => response.write(textChunk(TEXT)), 5);
      response.on('close', () => clearInterval(timer));
    };
    const response = await world.chat({ ...ASK, stream: true, stream_options: { include_usage: true } });
    const list = events(await response.text());
    expect(list.at(-1)).toBe('[DONE]');
    expect(JSON.parse(list.at(-2) as string).usage.cloudfreedom).toMatchObject({ stopped: 'budget' });
    expect(JSON.parse(list.at(-3) as string).choices).toMatchObject([{ index: 0, finish_reason: 'length' }]);
    await until('the upstream sees the end', () => world.upstream.seen[0]?.aborted === true);
    const [settled] = world.billing.all('settle');
    expect(settled).toMatchObject({
      outcome: 'budget_stopped',
      finishReason: 'length',
      usage: { basis: 'estimated' },
    });
    // A little over a slice by the cautious count of the hold, which is three quarters of it by the estimate.
    expect(settled?.usage.meters.output_text).toBeGreaterThan(700);
    expect(settled?.usage.meters.output_text).toBeLessThan(2_500);
  });

  test('refused when the answer is whole already: nothing is stopped, its usage is exact', async () => {
    refuse('extend', refused('insufficient_quota'));
    world.upstream.script = (response) => {
      startStream(response);
      response.write(textChunk(TEXT.repeat(4)) + stopChunk());
      setTimeout(() => response.end(usageChunk() + DONE), 50);
    };
    const response = await world.chat({ ...ASK, stream: true, stream_options: { include_usage: true } });
    const list = events(await response.text());
    expect(list.at(-1)).toBe('[DONE]');
    const reasons = list.slice(0, -1).flatMap((json) => JSON.parse(json).choices[0]?.finish_reason ?? []);
    expect(reasons).toEqual(['stop']);
    expect(world.billing.all('settle')).toMatchObject([{ outcome: 'completed', usage: { basis: 'exact' } }]);
  });

  test('used up while billing is slow: the upstream waits, then everything arrives', async () => {
    world.upstream.script = answerStream(...Array.from({ length: 30 }, () => TEXT));
    world.billing.batchMs = 200;
    const text = await (await world.chat({ ...ASK, stream: true })).text();
    const chunks = events(text)
      .slice(0, -1)
      .map((json) => JSON.parse(json));
    const content = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(content).toHaveLength(30 * TEXT.length);
    expect(world.billing.all('settle')).toMatchObject([{ outcome: 'completed' }]);
  });

  test('hidden reasoning is held whole: its output can not be watched', async () => {
    world.billing.models = [catalogueModel({ reasoning: 'hidden' })];
    world.upstream.script = (response) => {
      startStream(response);
      response.end(textChunk('x') + stopChunk() + usageChunk() + DONE);
    };
    await (await world.chat({ ...ASK, stream: true })).text();
    expect(world.billing.all('reserve')[0]?.outputTokensSlice).toBe(8_192);
    expect(world.billing.all('extend')).toHaveLength(0);
  });
});

describe('request limits', () => {
  test('requests per minute: 429 rate_limit_exceeded with a true retry-after', async () => {
    world.billing.principal.limits.user.requestsPerMinute = 2;
    const statuses = [];
    for (let count = 0; count < 2; count++) statuses.push((await world.chat(ASK)).status);
    expect(statuses).toEqual([200, 200]);
    const response = await world.chat(ASK);
    expect(response.status).toBe(429);
    expect(await errorOf(response)).toMatchObject({ code: 'rate_limit_exceeded' });
    const seconds = Number(response.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(world.billing.all('reserve')).toHaveLength(2);
  });

  test('parallel requests: the one too many is refused, and there is room again when a stream has ended', async () => {
    world.billing.principal.limits.user.parallelRequests = 1;
    let finish = () => {};
    world.upstream.script = (response) => {
      startStream(response);
      response.write(textChunk('x'));
      finish = () => response.end(stopChunk() + usageChunk() + DONE);
    };
    const running = await world.chat({ ...ASK, stream: true });
    expect((await world.chat(ASK)).status).toBe(429);
    finish();
    await running.text();
    world.upstream.script = answerStream('x');
    expect((await world.chat({ ...ASK, stream: true })).status).toBe(200);
  });

  test('with Redis gone they are counted in memory', async () => {
    await world.close();
    world = await startWorld({ REDIS_URL: 'redis://127.0.0.1:1' });
    world.billing.principal.limits.user.requestsPerMinute = 1;
    expect((await world.chat(ASK)).status).toBe(200);
    expect((await world.chat(ASK)).status).toBe(429);
  });
});
