/** Three proxies and three billings, one Postgres, one Redis: what holds for one of each holds for all of them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasRedis, type RedisServer, startRedis, whyNoRedis } from '../../services/proxy/test/redis-server.ts';
import { ask, type Outcome } from '../soak/client.ts';
import { product, VISIBLE } from '../soak/directory.ts';
import { type Replicas, runReplicas, startReplicas } from '../soak/replicas.ts';
import { type Rig, startRig } from '../soak/rig.ts';

const PER_MINUTE = 6;
const limited = { ...product, id: 'limited00000000', name: 'Limited', requestsPerMinute: PER_MINUTE };

let rig: Rig;
let redis: RedisServer | undefined;
let replicas: Replicas;
beforeAll(async () => {
  redis = hasRedis ? await startRedis() : undefined;
  rig = await startRig({ products: [product, limited] });
  replicas = await startReplicas(rig, redis?.url);
});
afterAll(async () => {
  replicas?.close();
  await rig?.stop();
  await redis?.kill();
});

const wish = { model: VISIBLE, streamed: false, answerTokens: 5, tokensPerSecond: 0, promptWords: 1 };

test.skipIf(!hasRedis)(
  `a limit of ${PER_MINUTE} requests a minute is one limit for all proxies${whyNoRedis}`,
  async () => {
    const { key } = await rig.addPerson('10.00', limited.id);
    const minute = Math.floor(Date.now() / 60_000);
    const outcomes = await Promise.all(Array.from({ length: 3 * PER_MINUTE }, () => ask(replicas, { ...wish, key })));
    const answered = outcomes.filter(({ kind }) => kind === 'answered').length;
    // The window slides: where the minute turned meanwhile, a part of it is free again.
    expect(answered).toBeGreaterThanOrEqual(PER_MINUTE);
    if (Math.floor(Date.now() / 60_000) === minute) expect(answered).toBe(PER_MINUTE);
    const refused = outcomes.filter((outcome) => outcome.kind === 'refused');
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['rate_limit_exceeded']));
  },
  120_000,
);

test('a suspension told to one billing is known to every proxy', async () => {
  const { key, subjectId } = await rig.addPerson('10.00');
  const askEach = () => Promise.all(replicas.proxies.map(({ url }) => ask({ proxyUrl: url }, { ...wish, key })));
  expect((await askEach()).map(({ kind }) => kind)).toEqual(['answered', 'answered', 'answered']);
  await rig.suspend(subjectId);
  const isRefused = (outcome: Outcome) => outcome.kind === 'broken' && /^40[13] /.test(outcome.because);
  // Money is refused in the very next transaction; what a proxy remembers goes when the log of changes has told it.
  expect((await askEach()).map(isRefused)).toEqual([true, true, true]);
  const statusOf = async (url: string) =>
    (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;
  for (const { url } of replicas.proxies) await expect.poll(() => statusOf(url)).toBe(403);
}, 120_000);

test('one proxy and one billing killed under load: the budget is spent and not more, each answer is charged once, no hold stays', async () => {
  const { faults, answered, failedOver } = await runReplicas(rig, replicas);
  console.log(`${answered} answered, ${failedOver} asked again after a replica died`);
  expect(faults).toEqual([]);
  expect(answered, 'answers, or this proves nothing').toBeGreaterThan(20);
}, 300_000);
