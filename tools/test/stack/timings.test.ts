/** Timings for people to read, beside what a machine of this kind was measured at; nothing here fails for being slow. */
import { afterEach, expect, test } from 'vitest';
import { isSuccess, send } from '../access/ask.ts';
import { chatBody, exchangeForm } from '../access/stage.ts';
import { newPerson, stack } from './people.ts';

const MODEL = 'gpt-5.4-mini';
const stopped = new Set<number>();

afterEach(() => {
  for (const pid of stopped) process.kill(pid, 'SIGCONT');
  stopped.clear();
});

/** Milliseconds of each call, sorted; `clients` of them run side by side. */
async function measure(calls: number, clients: number, call: () => Promise<boolean>): Promise<number[]> {
  const times: number[] = [];
  let started = 0;
  const client = async () => {
    while (started++ < calls) {
      const startedAt = performance.now();
      expect(await call()).toBe(true);
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return times.sort((a, b) => a - b);
}

const at = (times: number[], share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1);
const figures = (times: number[]) => `p50 ${at(times, 0.5)} ms, p99 ${at(times, 0.99)} ms`;

test('token exchange, one client and 16', async () => {
  const { session } = await newPerson();
  const exchange = async () =>
    isSuccess(await send('POST', `${stack.urls.identity}/oauth/token`, undefined, exchangeForm(session, 'billing')));
  await measure(20, 1, exchange);
  const [one, sixteen] = [await measure(100, 1, exchange), await measure(400, 16, exchange)];
  console.log(
    `token exchange: 1 client ${figures(one)}; 16 clients ${figures(sixteen)} (reference, the call to PocketBase inside it alone, 16 clients: p50 4-5 ms, p99 21-25 ms)`,
  );
});

test('a request with an API key, PocketBase running and stopped', async () => {
  const { apiKey } = await newPerson();
  const provider = new URL(stack.urls.proxy);
  // The simulated provider's port stands four after the proxy's.
  provider.port = String(Number(provider.port) + 4);
  const chat = (origin: string) => async () =>
    isSuccess(await send('POST', `${origin}/v1/chat/completions`, apiKey, chatBody(MODEL)));
  const [direct, through] = [chat(provider.origin), chat(stack.urls.proxy)];
  await measure(10, 1, through);
  const [alone, running] = [await measure(30, 1, direct), await measure(30, 1, through)];
  const pid = stack.pids.pocketbase as number;
  process.kill(pid, 'SIGSTOP');
  stopped.add(pid);
  const without = await measure(30, 1, through);
  console.log(
    `API-key request: ${figures(running)}; PocketBase stopped: ${figures(without)}; the provider alone: ${figures(alone)} (reference: the durable budget check alone adds 0.8 ms at p50)`,
  );
});
