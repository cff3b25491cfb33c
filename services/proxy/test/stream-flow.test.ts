/** Streams under strain: slow clients, many small chunks, shutdown while they run. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { ASK, events, startWorld, stopPostgres, until, type World } from './proxy-under-test.ts';
import { DONE, startStream, stopChunk, textChunk, usageChunk } from './stub-upstream.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  world.billing.principal.models = ['gpt-test'];
});
afterEach(() => world.close());
afterAll(stopPostgres);

function openStream(body: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${world.url}/v1/chat/completions`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${world.billing.apiKey}` },
      },
      resolve,
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

test('a client that does not read stops the upstream instead of filling our memory', async () => {
  const total = 64 * 1024 * 1024;
  const part = textChunk('x'.repeat(32 * 1024));
  let produced = 0;
  world.upstream.script = (response) => {
    startStream(response);
    const write = () => {
      while (produced < total) {
        produced += part.length;
        if (!response.write(part)) return response.once('drain', write);
      }
      return response.end(stopChunk() + usageChunk() + DONE);
    };
    write();
  };
  // The hold must not be what stops it.
  world.billing.reply = (operation) =>
    operation.op === 'reserve'
      ? {
          status: 'granted',
          ceilingOutputTokens: 8_192,
          hold: { outputTokens: 8_192, amount: '1', expiresAt: new Date().toISOString() },
          subjectId: world.billing.principal.subjectId,
          apiKeyId: null,
        }
      : undefined;
  const response = await openStream({ ...ASK, stream: true });
  response.pause();
  let last = -1;
  await until(
    'the upstream stands still',
    async () => {
      const still = produced === last;
      last = produced;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return still && produced > 0;
    },
    10_000,
  );
  // Buffers of four sockets and ours lie in between; the rest must not have been read.
  expect(produced).toBeLessThan(total / 2);
  let received = 0;
  let text = '';
  for await (const bytes of response as AsyncIterable<Buffer>) {
    received += bytes.length;
    text = (text + bytes.toString()).slice(-200);
  }
  expect(received).toBeGreaterThan(total * 0.99);
  expect(text.endsWith(DONE)).toBe(true);
  expect(world.billing.all('settle')).toMatchObject([{ outcome: 'completed', usage: { basis: 'exact' } }]);
});

test('what arrives in one read leaves in few writes, byte for byte in order', async () => {
  const words = Array.from({ length: 2_000 }, (_, index) => `w${index} `);
  world.upstream.script = (response) => {
    startStream(response);
    response.cork();
    for (const word of words) response.write(textChunk(word));
    response.uncork();
    response.end(stopChunk() + usageChunk() + DONE);
  };
  const response = await openStream({ ...ASK, stream: true });
  let reads = 0;
  let text = '';
  for await (const bytes of response as AsyncIterable<Buffer>) {
    reads++;
    text += bytes.toString();
  }
  const content = events(text)
    .slice(0, -1)
    .map((json) => JSON.parse(json).choices[0]?.delta.content ?? '')
    .join('');
  expect(content).toBe(words.join(''));
  expect(reads).toBeLessThan(words.length / 10);
});

test('characters cut in the middle by the network arrive whole', async () => {
  const bytes = Buffer.from(textChunk('Grüße, 世界 🙂') + stopChunk() + usageChunk() + DONE);
  world.upstream.script = (response) => {
    startStream(response);
    let sent = 0;
    const timer = setInterval(() => {
      if (sent < bytes.length) response.write(bytes.subarray(sent, ++sent));
      else {
        clearInterval(timer);
        response.end();
      }
    }, 0);
  };
  const text = await (await world.chat({ ...ASK, stream: true })).text();
  expect(JSON.parse(events(text)[0] as string).choices[0].delta.content).toBe('Grüße, 世界 🙂');
});

test('at shutdown a running stream finishes and is settled, idle connections do not delay it; closing twice is harmless', async () => {
  let finish = () => {};
  world.upstream.script = (response) => {
    startStream(response);
    response.write(textChunk('Hello'));
    finish = () => response.end(stopChunk() + usageChunk() + DONE);
  };
  const response = await openStream({ ...ASK, stream: true });
  await new Promise((resolve) => response.once('readable', resolve));
  // A browser keeps connections in reserve on which it has never asked anything.
  const reserve = connect(Number(new URL(world.url).port), '127.0.0.1');
  reserve.on('error', () => {});
  await new Promise((resolve) => reserve.once('connect', resolve));
  const closing = world.proxy.app.close();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await expect(fetch(`${world.url}/health`)).rejects.toThrow();
  finish();
  let text = '';
  for await (const bytes of response as AsyncIterable<Buffer>) text += bytes.toString();
  expect(events(text).at(-1)).toBe('[DONE]');
  // The connection in reserve would keep it open until Node's own limit of a minute: longer than this test may take.
  await closing;
  await world.proxy.release();
  await world.proxy.release();
  expect(world.billing.all('settle')).toMatchObject([{ outcome: 'completed' }]);
});
