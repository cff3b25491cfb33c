/** Why somebody got no answer: told to billing with the figures, soon, bounded, and never in a request's way. */
import { randomUUID } from 'node:crypto';
import { audienceOf, type FailureReport } from '@cloudfreedom/contracts';
import { createLogger } from '@cloudfreedom/service-kit';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FailedRequest, FailureLog } from '../src/observation/failure-log.ts';
import { ASK, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import { refused, SUBJECT_ID, TENANT_ID } from './stub-billing.ts';
import { answerError, startStream, textChunk } from './stub-upstream.ts';

const CONTENT = 'a prompt that nobody else may read';
const PROMPT = { ...ASK, messages: [{ role: 'user', content: CONTENT }] };

describe('what the proxy tells', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());
  afterAll(stopPostgres);

  const told = async (count = 1) => {
    await until('billing was told', () => world.billing.failures.length >= count, 10_000);
    return world.billing.failures;
  };

  test('a spent budget: whose, at which model, and the figures that the client got', async () => {
    const refusal = refused('insufficient_quota');
    world.billing.reply = ({ op }) => (op === 'reserve' ? refusal : undefined);
    const response = await world.chat(PROMPT, { headers: { 'x-request-id': 'req-blocked' } });
    expect(response.status).toBe(429);
    const [failure] = await told();
    expect(failure).toMatchObject({
      code: 'insufficient_quota',
      subjectId: SUBJECT_ID,
      apiKeyId: 'key000000000001',
      model: 'gpt-test',
      requests: 1,
      requestIds: ['req-blocked'],
      budget: refusal.budget,
      limit: null,
    });
    expect(JSON.stringify(failure)).not.toContain(CONTENT);
  });

  test("what a tenant has left goes to its admins though the client doesn't see it", async () => {
    const refusal = refused('insufficient_quota');
    const budget = refusal.budget && { ...refusal.budget, level: 'tenant' as const };
    world.billing.reply = ({ op }) => (op === 'reserve' ? { ...refusal, budget } : undefined);
    const text = await (await world.chat(PROMPT)).text();
    expect(text).not.toContain('19.99');
    expect((await told())[0]?.budget).toMatchObject({ level: 'tenant', spent: '19.99' });
  });

  test('a limit: which one', async () => {
    world.billing.principal.limits.user.requestsPerMinute = 1;
    await world.chat(PROMPT);
    expect((await world.chat(PROMPT)).status).toBe(429);
    const limit = { kind: 'requests_per_minute', level: 'user', limit: 1 };
    expect(await told()).toMatchObject([{ code: 'rate_limit_exceeded', limit, model: 'gpt-test', budget: null }]);
  });

  test('somebody suspended is named, a key that is nobody’s is not', async () => {
    const bearer = { subjectId: 'suspended000001', apiKeyId: null };
    const headers = { authorization: `Bearer ${world.billing.apiKey.replace(/.{8}$/, '00000000')}` };
    expect((await world.chat(PROMPT, { headers })).status).toBe(401);
    world.billing.refusal = { status: 'refused', code: 'subject_suspended', retryAfterMs: null, budget: null, bearer };
    const subject = { sub: 'suspended000001', tenant: TENANT_ID, role: 'member', locale: 'en' } as const;
    const token = await world.identity.sign(subject, audienceOf.proxy(TENANT_ID));
    world.billing.refusesSubjects = true;
    const response = await world.chat(PROMPT, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain('suspended000001');
    expect(await told()).toMatchObject([{ code: 'subject_suspended', ...bearer, requests: 1 }]);
  });

  test('a provider that fails: what was tried and what it came to, not what it said', async () => {
    world.upstream.script = answerError(503, { message: CONTENT }, { 'x-request-id': 'req_up' });
    expect((await world.chat(PROMPT)).status).toBe(503);
    const [failure] = await told();
    expect(failure).toMatchObject({
      code: 'upstream_overloaded',
      errorKind: 'overloaded',
      deployment: 'gpt-test',
      attempts: [{ deployment: 'gpt-test', kind: 'overloaded', upstreamRequestId: 'req_up' }],
    });
    expect(JSON.stringify(failure)).not.toContain(CONTENT);
  });

  test('an answer that breaks off is settled with the reason; how long it waited is told with every settlement', async () => {
    world.upstream.script = (response) => {
      startStream(response);
      response.write(textChunk('x'.repeat(400)), () => response.destroy());
    };
    await (await world.chat({ ...PROMPT, stream: true })).text();
    expect(world.billing.all('settle')).toMatchObject([{ outcome: 'upstream_error', errorKind: 'cut' }]);
    expect(world.billing.all('settle')[0]?.waitedMs).toBeGreaterThanOrEqual(0);
    expect(world.billing.failures).toEqual([]);
  });
});

describe('many of them', () => {
  const failed = (requestId: string, fields: Partial<FailedRequest> = {}): FailedRequest => ({
    code: 'rate_limit_exceeded',
    errorKind: null,
    subjectId: SUBJECT_ID,
    apiKeyId: null,
    model: null,
    provider: null,
    deployment: null,
    budget: null,
    limit: null,
    attempts: [],
    totalMs: 1,
    requestId,
    ...fields,
  });
  function started(send: (failures: FailureReport[]) => Promise<void>) {
    const registry = new Registry();
    const log = new FailureLog({ send, logger: createLogger('test', 'silent'), registry });
    return { log, registry };
  }

  test('for the same reason are two rows: the first, and the number of the others with some of their ids', async () => {
    const sent: FailureReport[] = [];
    const { log } = started(async (failures) => void sent.push(...failures));
    for (let count = 0; count < 500; count++) log.note(failed(`req-${count}`));
    await until('the first is there', () => sent.length === 1, 10_000);
    await log.close();
    expect(sent).toMatchObject([{ requests: 1, requestIds: ['req-0'] }, { requests: 499 }]);
    expect(sent[1]?.requestIds).toHaveLength(20);
  });

  test('wait while billing is away, and come once, in the same rows', async () => {
    let away = true;
    const tried: string[][] = [];
    const { log } = started(async (failures) => {
      tried.push(failures.map(({ id }) => id));
      if (away) throw new Error('away');
    });
    log.note(failed('req-1'));
    await until('it was tried', () => tried.length === 1, 10_000);
    away = false;
    await log.close();
    expect(tried).toHaveLength(2);
    expect(tried[1]).toEqual(tried[0]);
  });

  test('of too many reasons are dropped and counted', async () => {
    const { log, registry } = started(() => Promise.reject(new Error('away')));
    for (let count = 0; count < 2_500; count++) log.note(failed(randomUUID(), { model: `m-${count}` }));
    expect(await registry.metrics()).toContain('cloudfreedom_proxy_failure_reports_dropped_total 500');
    await log.close();
  });
});
