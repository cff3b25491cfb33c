/** Parts that stand still: what a client sees meanwhile, and that nothing is lost. */
import { audienceOf } from '@cloudfreedom/contracts';
import { afterEach, describe, expect, test } from 'vitest';
import { accessToken, budgetOf, eventually, newPerson, openaiWith, stack, usageOf } from './people.ts';

const REQUEST = { model: 'gpt-5.4-mini', messages: [{ role: 'user' as const, content: 'Hello there' }] };
const stopped = new Set<number>();

function pause(...names: string[]): void {
  for (const name of names) {
    const pid = stack.pids[name];
    if (pid === undefined) throw new Error(`no process ${name}`);
    process.kill(pid, 'SIGSTOP');
    stopped.add(pid);
  }
}

function proceed(): void {
  for (const pid of stopped) process.kill(pid, 'SIGCONT');
  stopped.clear();
}

afterEach(proceed);

describe('outages', () => {
  test('PocketBase and identity stand still: keys and living tokens go on working; then one signs in again', async () => {
    const person = await newPerson();
    const token = await accessToken(person.session, audienceOf.proxy(stack.tenant.id));
    const billingToken = await accessToken(person.session, 'billing');
    pause('pocketbase', 'identity');
    await person.openai.chat.completions.create(REQUEST);
    await openaiWith(token).chat.completions.create(REQUEST);
    const stream = await openaiWith(token).chat.completions.create({ ...REQUEST, stream: true });
    for await (const _ of stream);
    expect(await usageOf(billingToken)).toHaveLength(3);
    const exchanging = accessToken(person.session, audienceOf.proxy(stack.tenant.id));
    proceed();
    expect(await exchanging).toMatch(/^ey/);
    await newPerson();
  });

  test('billing stands still: 503, nothing is sent upstream, nothing is charged; then it works again', async () => {
    const person = await newPerson();
    await person.openai.chat.completions.create(REQUEST);
    const before = await budgetOf(person.apiKey);
    const callsBefore = await upstreamCalls();
    pause('billing');
    await expect(person.openai.chat.completions.create(REQUEST)).rejects.toMatchObject({ status: 503 });
    expect(await upstreamCalls()).toBe(callsBefore);
    proceed();
    await eventually(async () => ((await budgetOf(person.apiKey)).held === '0.00' ? true : undefined), 75_000);
    expect((await budgetOf(person.apiKey)).spent).toBe(before.spent);
    await person.openai.chat.completions.create(REQUEST);
  }, 120_000);

  test('a client that hangs up pays for what was produced, and its hold is gone', async () => {
    const person = await newPerson();
    const controller = new AbortController();
    const stream = await openaiWith(person.apiKey).chat.completions.create(
      {
        ...REQUEST,
        messages: [{ role: 'user', content: 'Write long. [[simulate length=400 tokens_per_second=40]]' }],
        stream: true,
      },
      { signal: controller.signal },
    );
    let chunks = 0;
    await expect(async () => {
      for await (const _ of stream) if (++chunks === 8) controller.abort();
      if (chunks >= 8) throw new Error('aborted');
    }).rejects.toThrow();
    const [row] = await eventually(async () => {
      const rows = await usageOf(person.apiKey);
      return rows.length > 0 ? rows : undefined;
    });
    expect(row?.outcome).toBe('client_closed');
    expect((await budgetOf(person.apiKey)).held).toBe('0.00');
  });
});

/** How many prompts the simulated provider has seen. */
async function upstreamCalls(): Promise<number> {
  const url = new URL(stack.urls.proxy);
  url.port = String(Number(url.port) + 4);
  const response = await fetch(`${url.origin}/health`);
  return ((await response.json()) as { prompts: number }).prompts;
}
