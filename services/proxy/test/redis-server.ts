/** A real Redis that can be killed, paused and started again at its port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { freePort } from '@cloudfreedom/testkit';
import { Redis } from 'ioredis';
import { until } from './proxy-under-test.ts';

const binary = process.env.REDIS_SERVER_BIN;
/** What a test's name ends with that needs one. */
export const whyNoRedis = binary ? '' : ' [skipped: needs redis-server, set REDIS_SERVER_BIN or run npm test]';
export const hasRedis = binary !== undefined && binary !== '';

export interface RedisServer {
  url: string;
  /** Nothing of it is kept. */
  kill(): Promise<void>;
  start(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;
  const start = async () => {
    server = spawn(binary ?? '', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    await until('Redis answers', () => answers(url), 60_000);
  };
  const kill = async () => {
    const dying = server;
    server = undefined;
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return;
    const gone = new Promise((resolve) => dying.once('exit', resolve));
    dying.kill('SIGKILL');
    await gone;
  };
  await start();
  return { url, kill, start, signal: (signal) => void server?.kill(signal) };
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
