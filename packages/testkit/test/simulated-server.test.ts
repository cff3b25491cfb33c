/** What concerns all three providers: keys, pace, clients that go away, paths, and the process of its own. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type SimulatedProviderOptions, startSimulatedProvider } from '../src/simulated-provider/index.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
async function start(options?: SimulatedProviderOptions) {
  const provider = await startSimulatedProvider(options);
  cleanups.push(() => provider.close());
  return provider;
}

const messages = [{ role: 'user', content: 'Hello' }];
const chat = (url: string, body: unknown, init: RequestInit = {}) =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
  });

test('an expected key is demanded in each provider’s own way', async () => {
  const { url } = await start({ apiKey: 'right' });
  const body = JSON.stringify({ model: 'm', max_tokens: 9, messages });
  const gemini = JSON.stringify({ contents: [{ parts: [{ text: 'Hello' }] }] });
  const post = async (target: string, text: string, headers: Record<string, string>) => {
    const response = await fetch(`${url}${target}`, { method: 'POST', body: text, headers });
    return [response.status, await response.text()] as const;
  };
  const generate = '/v1beta/models/m:generateContent';
  expect((await post('/v1/chat/completions', body, { authorization: 'Bearer right' }))[0]).toBe(200);
  expect((await post('/v1/messages', body, { 'x-api-key': 'right' }))[0]).toBe(200);
  expect((await post(generate, gemini, { 'x-goog-api-key': 'right' }))[0]).toBe(200);
  const refusals = [
    await post('/v1/chat/completions', body, { authorization: 'Bearer wrong-key' }),
    await post('/v1/messages', body, {}),
    await post(generate, gemini, { 'x-goog-api-key': 'wrong-key' }),
  ];
  expect(refusals.map(([status]) => status)).toEqual([401, 401, 400]);
  expect(refusals[0]?.[1]).toContain('invalid_api_key');
  expect(refusals[1]?.[1]).toContain('authentication_error');
  expect(refusals[2]?.[1]).toContain('API_KEY_INVALID');
  for (const [, text] of refusals) expect(text).not.toContain('wrong-key');
  expect((await fetch(`${url}/v1/models`)).status).toBe(401);
});

test('broken JSON, an empty body and an unknown path are refused in words', async () => {
  const { url, requests } = await start();
  const broken = await chat(url, '{"model":');
  expect([broken.status, await broken.json()]).toMatchObject([400, { error: { type: 'invalid_request_error' } }]);
  expect(requests[0]).toMatchObject({ status: 400, body: '{"model":' });
  expect((await chat(url, 'null')).status).toBe(400);
  expect((await chat(url, '[]')).status).toBe(400);
  const unknown = await fetch(`${url}/v1/moderations`, { method: 'POST', body: '{}' });
  expect([unknown.status, await unknown.json()]).toMatchObject([
    404,
    { error: { message: expect.stringContaining('/v1/moderations') } },
  ]);
});

test('the pace is kept: first byte, then so many tokens per second', async () => {
  const { url } = await start({ defaults: { first_byte_ms: 150, tokens_per_second: 100, length: 30 } });
  const startMs = performance.now();
  const response = await chat(url, { model: 'm', messages, stream: true });
  const firstByteMs = performance.now() - startMs;
  let pieces = 0;
  for await (const _piece of response.body ?? []) pieces++;
  const totalMs = performance.now() - startMs;
  expect(firstByteMs).toBeGreaterThan(140);
  expect(totalMs).toBeGreaterThan(435);
  expect(totalMs).toBeLessThan(1_500);
  expect(pieces).toBeGreaterThan(10);
});

describe('a client that goes away', () => {
  test('stops the generation, and the request says when', async () => {
    const { url, requests } = await start({ defaults: { tokens_per_second: 50, length: 10_000 } });
    const controller = new AbortController();
    const response = await chat(url, { model: 'm', messages, stream: true }, { signal: controller.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    const before = new Date();
    controller.abort();
    await expect.poll(() => requests[0]?.aborted).toBeInstanceOf(Date);
    expect(requests[0]?.aborted?.getTime()).toBeGreaterThanOrEqual(before.getTime());
    const produced = requests[0]?.tokensSent;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(requests[0]?.tokensSent).toBe(produced);
    expect(produced).toBeLessThan(1_000);
  });

  test('before an answer that is not streamed, too', async () => {
    const { url, requests } = await start({ defaults: { first_byte_ms: 60_000 } });
    await expect(chat(url, { model: 'm', messages }, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    await expect.poll(() => requests[0]?.aborted).toBeInstanceOf(Date);
  });
});

test('closing breaks what hangs and does not blame the client', async () => {
  const provider = await startSimulatedProvider({ defaults: { hang_after_tokens: 2 } });
  const response = await chat(provider.url, { model: 'm', messages, stream: true });
  await response.body?.getReader().read();
  await provider.close();
  expect(provider.requests[0]).toMatchObject({ tokensSent: 2, aborted: null });
});

describe('as a process', () => {
  const main = path.join(import.meta.dirname, '../src/simulated-provider/main.ts');
  const run = (environment: Record<string, string>) => {
    const child = spawn(process.execPath, [main], { env: { ...process.env, ...environment } });
    const output = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      output.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.err += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    cleanups.push(async () => child.kill('SIGKILL'));
    return { child, output, ended };
  };

  test('says where it listens, takes knobs from the environment, ends on SIGTERM', async () => {
    const { child, output, ended } = run({ PORT: '0', SIMULATE_FIRST_BYTE_MS: '0', SIMULATE_LENGTH: '5' });
    await expect.poll(() => output.out, { timeout: 10_000 }).toContain('listening');
    const { url } = JSON.parse(output.out) as { url: string };
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const answer = (await (await chat(url, { model: 'm', messages })).json()) as {
      usage: { completion_tokens: number };
    };
    expect(answer.usage.completion_tokens).toBe(5);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('names a bad variable and does not start', async () => {
    const { output, ended } = run({ PORT: '0', SIMULATE_LENGTH: 'long' });
    expect(await ended).toBe(1);
    expect(output.err).toContain('SIMULATE_LENGTH');
  });
});

/** Field names down to the values, so that a real answer and ours can be laid side by side. */
function fieldsOf(value: unknown, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, `${at}.${key}`));
}

const recorded = path.resolve(import.meta.dirname, '../../../../shared/fixtures/recorded');
if (!existsSync(recorded))
  console.warn(`skipped: recorded provider data is not at ${path.relative(process.cwd(), recorded)}`);
describe.skipIf(!existsSync(recorded))('against what the providers were recorded to send', () => {
  const paths: Record<string, string> = {
    openai: '/v1/chat/completions',
    anthropic: '/v1/messages',
    gemini: '/v1beta/models/m:streamGenerateContent?alt=sse',
  };
  /** Framing with the data taken out: event names, line ends, empty lines. */
  const framing = (body: string) =>
    new Set(body.split(/(?<=\n)/).map((line) => line.replace(/^(data:) .*?(\r?\n)$/s, '$1 …$2')));
  const events = (body: string) =>
    body
      .split(/\r?\n/)
      .filter((line) => line.startsWith('data: {'))
      .map((line) => JSON.parse(line.slice(6)) as { type?: string });

  test.each([
    ['openai', 'chat-text-stream-include-usage'],
    ['openai', 'chat-tool-call-stream-include-usage'],
    ['anthropic', 'text-stream'],
    ['anthropic', 'tool-no-args-stream'],
    ['gemini', 'text-stream'],
    ['gemini', 'tool-call-stream'],
  ])('%s %s: the same framing, and every field that a client reads', async (name, scenario) => {
    const folder = path.join(recorded, name, scenario);
    const request = readFileSync(path.join(folder, 'request.json'), 'utf8');
    const real = readFileSync(path.join(folder, 'response.sse'), 'utf8');
    const { url } = await start();
    const response = await fetch(`${url}${paths[name]}`, { method: 'POST', body: request });
    const ours = await response.text();
    expect(response.status, ours).toBe(200);
    expect(framing(ours)).toEqual(framing(real));
    const known = new Set(events(real).flatMap((event) => fieldsOf(event).map((field) => `${event.type}${field}`)));
    const own = new Set(events(ours).flatMap((event) => fieldsOf(event).map((field) => `${event.type}${field}`)));
    const optional =
      /inference_geo|stop_details|caller|refusal|cache_creation\.|cache_creation_input|cache_read_input|\.usage\.input_tokens|service_tier|usage$|functionCall\.args\.|TokensDetails|candidates\[\]\.index/;
    const missing = [...known].filter((field) => !own.has(field) && !optional.test(field));
    const invented = [...own].filter((field) => !known.has(field) && !optional.test(field));
    expect({ missing, invented }).toEqual({ missing: [], invented: [] });
  });
});
