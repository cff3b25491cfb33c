/** Limits that several proxies share: against a real Redis. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { freePort } from '@cloudfreedom/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RequestLimits } from '../src/limits/request-limits.ts';

const binary = process.env.REDIS_SERVER_BIN;
const why = binary ? '' : ' [skipped: needs redis-server, set REDIS_SERVER_BIN or run npm test]';
let redis: ChildProcess;
let redisUrl = '';

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

describe.skipIf(!binary)(`requests per minute in Redis${why}`, () => {
  beforeAll(async () => {
    const port = await freePort();
    redis = spawn(binary ?? '', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    redisUrl = `redis://127.0.0.1:${port}`;
    while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  afterAll(() => {
    redis.kill();
  });

  test('two proxies grant a limit of ten together, not each', async () => {
    const errors: Error[] = [];
    const proxies = [0, 1].map(() => new RequestLimits({ redisUrl, onRedisError: (error) => errors.push(error) }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const entries = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        proxies[index % 2]?.enter('key-1', { requestsPerMinute: 10, parallelRequests: 0 }),
      ),
    );
    expect(entries.filter((entry) => entry && 'release' in entry)).toHaveLength(10);
    const refused = entries.find((entry) => entry && 'refused' in entry);
    expect(refused).toMatchObject({ refused: 'requests_per_minute', limit: 10 });
    expect(errors).toEqual([]);
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });
});
