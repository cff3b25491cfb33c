/** Who asks: as many requests as go through (wrk), a fixed number per second, and many streams at once. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { Pool } from 'undici';
import { z } from 'zod';

export const CONNECTIONS = 64;
export const STREAMS = 500;
export const CHUNKS = 100;

export interface Target {
  /** With the path. */
  url: string;
  /** Each request takes the next one. */
  keys: string[];
  headers: Record<string, string>;
}

const WORDS = 'Please tell me in plain words what this means for a small company in Germany. '.repeat(11);
const bodyOf = (model: string, stream: boolean) =>
  JSON.stringify({ model, ...(stream && { stream }), messages: [{ role: 'user', content: WORDS }] });
const JSON_BODY = bodyOf('json', false);
const headersOf = ({ headers }: Target, key: string) => ({
  ...headers,
  'content-type': 'application/json',
  authorization: `Bearer ${key}`,
});

const wrkResult = z.object({
  requests: z.number(),
  micros: z.number(),
  failed: z.number(),
  p50: z.number(),
  p99: z.number(),
});

function wrkScript(target: Target): string {
  const requests = target.keys.map((key) => {
    const headers = Object.entries(headersOf(target, key)).map(
      ([name, value]) => `[${JSON.stringify(name)}]=${JSON.stringify(value)}`,
    );
    return `  wrk.format("POST", nil, {${headers.join(',')}}, body),`;
  });
  return `local body = ${JSON.stringify(JSON_BODY)}
local requests, n = {}, 0
function init() requests = {
${requests.join('\n')}
} end
function request() n = n % #requests + 1; return requests[n] end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"micros":%d,"failed":%d,"p50":%d,"p99":%d}', summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
`;
}

/** As many as go through with 64 connections. Requests per second, milliseconds. */
export async function saturate(target: Target, seconds: number, folder: string) {
  const script = path.join(folder, 'wrk.lua');
  writeFileSync(script, wrkScript(target));
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--timeout', '20s', '-s', script, target.url];
  const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
  const { requests, micros, failed, p50, p99 } = wrkResult.parse(JSON.parse(text.slice(text.lastIndexOf('{'))));
  if (failed > 0) throw new Error(`${target.url}: ${failed} of ${requests} requests failed`);
  return { requests, perSecond: (requests / micros) * 1e6, p50Ms: p50 / 1000, p99Ms: p99 / 1000 };
}

/** That many per second at random moments. @returns milliseconds of each, from the moment it was due */
export async function offer(target: Target, perSecond: number, seconds: number): Promise<number[]> {
  const { origin, pathname } = new URL(target.url);
  const pool = new Pool(origin, { connections: 256 });
  const times: number[] = [];
  const running = new Set<Promise<void>>();
  const startedAt = performance.now();
  let due = 0;
  for (let sent = 0; due < seconds * 1000; ) {
    const now = performance.now() - startedAt;
    for (; due <= now; sent++) {
      const asked = askOnce(
        pool,
        pathname,
        headersOf(target, target.keys[sent % target.keys.length] ?? ''),
        startedAt + due,
      );
      running.add(asked);
      void asked.then(() => running.delete(asked));
      due += (-Math.log(1 - Math.random()) * 1000) / perSecond;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(running);
  await pool.close();
  return times;

  async function askOnce(pool: Pool, path: string, headers: Record<string, string>, dueAt: number): Promise<void> {
    const { statusCode, body } = await pool.request({ method: 'POST', path, headers, body: JSON_BODY });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${target.url}: ${statusCode} ${text.slice(0, 300)}`);
    times.push(performance.now() - dueAt);
  }
}

/** 500 streams at once, each read to its end. */
export async function stream(target: Target): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: STREAMS });
  const keyOf = (index: number) => target.keys[index % target.keys.length] ?? '';
  await Promise.all(Array.from({ length: STREAMS }, (_, index) => streamOnce(agent, target, keyOf(index))));
  agent.destroy();
}

function streamOnce(agent: Agent, target: Target, key: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(target.url, { agent, method: 'POST', headers: headersOf(target, key) }, (response) => {
      let tail = '';
      response.on('data', (bytes: Buffer) => {
        tail = (tail + bytes.toString('latin1')).slice(-40);
      });
      response.on('end', () => {
        if (tail.includes('[DONE]')) resolve();
        else reject(new Error(`${target.url}: a stream ended with ${response.statusCode} ${JSON.stringify(tail)}`));
      });
    });
    outgoing.on('error', (cause) => reject(new Error(target.url, { cause })));
    outgoing.end(bodyOf('stream', true));
  });
}
