/** How much the answer cache keeps, and for how long: against a real Redis. */
import { createLogger } from '@cloudfreedom/service-kit';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AnswerCache } from '../src/answer-cache/answer-cache.ts';
import { until } from './proxy-under-test.ts';
import { hasRedis, type RedisServer, startRedis, whyNoRedis } from './redis-server.ts';

const PATIENT_MS = 90_000;
const nameOf = (number: number) => String(number).padStart(64, '0');

describe.skipIf(!hasRedis)(`what is kept${whyNoRedis}`, () => {
  let redis: RedisServer;
  let client: Redis;
  let tenants = 0;
  const caches: AnswerCache[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    client = new Redis(redis.url);
  }, PATIENT_MS);
  afterEach(() => {
    for (const cache of caches.splice(0)) cache.close();
  });
  afterAll(async () => {
    client.disconnect();
    await redis.kill();
  });

  async function start(
    { ttlSeconds = 60, bytesMax = 1_000_000 },
    tenantId = `tenant-${++tenants}`,
  ): Promise<{ cache: AnswerCache; prefix: string; keep: (number: number, body: string) => Promise<void> }> {
    const logger = createLogger('proxy', 'silent');
    const options = { redisUrl: redis.url, tenantId, ttlSeconds, bytesMax, logger, registry: new Registry() };
    const cache = new AnswerCache(options);
    caches.push(cache);
    const keep = (number: number, body: string) =>
      cache.keep(nameOf(number), { deploymentId: 'model0000000001', sent: 'sent', body });
    await until('it is connected', async () => {
      await keep(0, 'x');
      return (await cache.find(nameOf(0))) !== null;
    });
    return { cache, prefix: `cloudfreedom:${tenantId}:answer`, keep };
  }

  test('what ends soonest makes room, and the sum of the sizes is the sum of what is there', async () => {
    const { cache, prefix, keep } = await start({ bytesMax: 10_000 });
    for (let number = 1; number <= 30; number++) await keep(number, 'a'.repeat(1_000));
    expect(await cache.find(nameOf(30))).toMatchObject({ body: 'a'.repeat(1_000) });
    expect(await cache.find(nameOf(1))).toBeNull();
    const keys = await client.keys(`${prefix}:*`);
    const bytes = await Promise.all(keys.map((key) => client.strlen(key)));
    const all = bytes.reduce((sum, one) => sum + one, 0);
    expect(all).toBeLessThanOrEqual(10_000);
    expect(all).toBeGreaterThan(8_000);
    expect(Number(await client.hget(`${prefix}s:bytes`, 'all'))).toBe(all);
    expect(await client.zcard(`${prefix}s:ends`)).toBe(keys.length);
  });

  test('an answer that is kept anew counts once', async () => {
    const { prefix, keep } = await start({});
    for (let time = 0; time < 5; time++) await keep(1, 'a'.repeat(1_000 + time));
    const sizes = await Promise.all([0, 1].map((number) => client.strlen(`${prefix}:${nameOf(number)}`)));
    expect(Number(await client.hget(`${prefix}s:bytes`, 'all'))).toBe((sizes[0] ?? 0) + (sizes[1] ?? 0));
  });

  test('one that is more than all may be is not kept, and leaves no count behind', async () => {
    const { cache, prefix, keep } = await start({ bytesMax: 2_000 });
    await keep(1, 'a'.repeat(3_000));
    expect(await cache.find(nameOf(1))).toBeNull();
    expect(Number(await client.hget(`${prefix}s:bytes`, 'all'))).toBe(0);
  });

  test('everything ends by itself', async () => {
    const { prefix, keep } = await start({ ttlSeconds: 60 });
    await keep(1, 'a');
    for (const key of [`${prefix}:${nameOf(1)}`, `${prefix}s:ends`, `${prefix}s:bytes`]) {
      const leftMs = await client.pttl(key);
      expect(leftMs, key).toBeGreaterThan(0);
      expect(leftMs, key).toBeLessThanOrEqual(60_000);
    }
  });

  test('what is over is counted no more', async () => {
    const { prefix, keep } = await start({});
    await client.zadd(`${prefix}s:ends`, 1, nameOf(7));
    await client.hset(`${prefix}s:bytes`, nameOf(7), 500);
    await client.hincrby(`${prefix}s:bytes`, 'all', 500);
    await keep(1, 'a');
    expect(await client.hget(`${prefix}s:bytes`, nameOf(7))).toBeNull();
    expect(await client.zscore(`${prefix}s:ends`, nameOf(7))).toBeNull();
  });

  test('two tenants on one Redis never find each other’s answers', async () => {
    const [one, other] = [await start({}), await start({})];
    await one.keep(1, 'of one');
    expect(await other.cache.find(nameOf(1))).toBeNull();
  });

  test('what is no answer of this form is none', async () => {
    const { cache, prefix } = await start({});
    for (const text of ['', '{', '[]', '{"deploymentId":1}']) {
      await client.set(`${prefix}:${nameOf(9)}`, text);
      expect(await cache.find(nameOf(9))).toBeNull();
    }
  });

  test('without Redis nothing is found and nothing fails', async () => {
    const logger = createLogger('proxy', 'silent');
    const options = { tenantId: 'x', ttlSeconds: 1, bytesMax: 1, logger, registry: new Registry() };
    const cache = new AnswerCache({ ...options, redisUrl: undefined });
    await cache.keep(nameOf(1), { deploymentId: 'x', sent: 'x', body: 'x' });
    expect(await cache.find(nameOf(1))).toBeNull();
  });
});
