/** A process that is told to stop: what it answers until it is gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./small-service.ts', import.meta.url));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** @returns the process and where it listens */
async function start(drainMs: number) {
  const child = spawn(process.execPath, [PROGRAM, String(drainMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    const [url] = /http:\/\/\S+/.exec(String(chunk)) ?? [];
    if (url !== undefined) return { child, url };
  }
  throw new Error('it said nowhere where it listens');
}

test('an ending process is not well, and answers until nobody leads requests to it', async () => {
  const { child, url } = await start(60_000);
  const healthOf = async () => (await fetch(`${url}/health`)).status;
  expect(await healthOf()).toBe(200);
  child.kill('SIGTERM');
  await expect.poll(healthOf).toBe(503);
  expect(await (await fetch(`${url}/work`, { method: 'POST' })).json()).toEqual({ done: true });
  expect(child.exitCode).toBe(null);
});

test('then it ends well', async () => {
  const { child } = await start(1);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
