/**
 * `npm run bench:streams`: 500 streams of 100 chunks at the same time through the proxy, and through a bare undici
 * pass-through in the same run. Each is a process of its own, whose CPU time and largest resident set are measured; who
 * asks and who answers is this process. Rounds take turns, so that a noisy moment meets both; medians are printed.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { Agent, createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { createTestIdentity, startPostgres } from '@cloudfreedom/testkit';
import { SERVICE_TOKEN, StubBilling, TENANT_ID } from '../test/stub-billing.ts';
import type { Figures } from './streams-server.ts';

const STREAMS = 500;
const CHUNKS = 100;
const BETWEEN_CHUNKS_MS = 40;
const ROUNDS = 3;
const SERVER = fileURLToPath(new URL('streams-server.ts', import.meta.url));

const chunk = (delta: object, finish: string | null) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_770_000_000, model: 'gpt-upstream', service_tier: 'default', system_fingerprint: null, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], obfuscation: 'abcdefgh' })}\n\n`;
const TEXT = chunk({ content: ' some words' }, null);
const USAGE = { prompt_tokens: 12, completion_tokens: 200, total_tokens: 212 };
const LAST = `${chunk({}, 'stop')}data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_770_000_000, model: 'gpt-upstream', choices: [], usage: USAGE })}\n\ndata: [DONE]\n\n`;

/** All streams in step: one timer, so that this process has little to do beside writing. */
async function startProvider(): Promise<string> {
  const open = new Map<ServerResponse, number>();
  setInterval(() => {
    for (const [response, sent] of open) {
      if (sent < CHUNKS) {
        response.write(TEXT);
        open.set(response, sent + 1);
      } else {
        open.delete(response);
        response.end(LAST);
      }
    }
  }, BETWEEN_CHUNKS_MS);
  const server = createServer((asked, response) => {
    asked.resume();
    asked.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      open.set(response, 0);
    });
  });
  // A connection that is closed while it waits for its next turn would look like a fault.
  server.keepAliveTimeout = 300_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Candidate {
  name: string;
  child: ChildProcess;
  port: number;
  cpuMicrosPerChunk: number[];
  /** At rest, before the first stream. */
  restBytes: number;
  peakBytes: number[];
}

function hear<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the server under test ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}

async function start(name: string, args: string[], environment: NodeJS.ProcessEnv): Promise<Candidate> {
  const child = fork(SERVER, args, { env: { ...process.env, ...environment }, execArgv: ['--expose-gc'] });
  const { port } = await hear<{ port: number }>(child);
  const { residentBytes } = await measure(child);
  return { name, child, port, cpuMicrosPerChunk: [], restBytes: residentBytes, peakBytes: [] };
}

function measure(child: ChildProcess): Promise<Figures> {
  const answer = hear<Figures>(child);
  child.send('measure');
  return answer;
}

function streamOnce(agent: Agent, port: number, key: string): Promise<void> {
  const body = JSON.stringify({ model: 'gpt-test', stream: true, messages: [{ role: 'user', content: 'Hello' }] });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const asked = { agent, port, host: '127.0.0.1', method: 'POST', path: '/v1/chat/completions', headers };
  return new Promise((resolve, reject) => {
    const outgoing = request(asked, (response) => {
      let tail = '';
      response.on('data', (bytes: Buffer) => {
        tail = (tail + bytes.toString('latin1')).slice(-40);
      });
      response.on('end', () => {
        if (tail.includes('[DONE]')) resolve();
        else reject(new Error(`a stream ended with ${response.statusCode} ${JSON.stringify(tail)}`));
      });
    });
    outgoing.on('error', (error) => reject(new Error(`port ${port}`, { cause: error })));
    outgoing.end(body);
  });
}

async function runRound(candidate: Candidate, key: string, counts: boolean): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: STREAMS });
  const before = await measure(candidate.child);
  await Promise.all(Array.from({ length: STREAMS }, () => streamOnce(agent, candidate.port, key)));
  const after = await measure(candidate.child);
  agent.destroy();
  if (!counts) return;
  candidate.cpuMicrosPerChunk.push((after.cpuMicros - before.cpuMicros) / (STREAMS * CHUNKS));
  candidate.peakBytes.push(after.peakBytes);
}

function median(figures: number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

const MIB = 1024 * 1024;

function print(candidates: Candidate[]): void {
  const figures = candidates.map(({ name, cpuMicrosPerChunk, restBytes, peakBytes }) => {
    const peak = median(peakBytes);
    return { name, micros: median(cpuMicrosPerChunk), restBytes, peak, perStream: (peak - restBytes) / STREAMS };
  });
  const [bare] = figures;
  const rows = figures.map(({ name, micros, restBytes, peak, perStream }) => [
    name,
    `${micros.toFixed(1)} µs`,
    `${(micros / (bare?.micros ?? Number.NaN)).toFixed(2)} x`,
    `${(restBytes / MIB).toFixed(0)} MiB`,
    `${(peak / MIB).toFixed(0)} MiB`,
    `${(perStream / 1024).toFixed(0)} KiB`,
    `${(perStream / (bare?.perStream ?? Number.NaN)).toFixed(2)} x`,
  ]);
  const head = ['', 'CPU per chunk', 'ratio', 'memory at rest', 'peak', 'more per stream', 'ratio'];
  const { model = 'unknown CPU' } = os.cpus()[0] ?? {};
  const machine = `Node ${process.version}, ${os.cpus().length} x ${model}, load ${os.loadavg()[0]?.toFixed(1)}`;
  process.stdout.write(`${STREAMS} streams of ${CHUNKS} chunks at once, medians of ${ROUNDS} rounds; ${machine}\n\n`);
  for (const cells of [head, head.map(() => '---'), ...rows]) process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

const provider = await startProvider();
const billing = new StubBilling();
const billingUrl = await billing.start();
billing.tenantType = 'enterprise';
const identity = await createTestIdentity();
const postgres = await startPostgres();
const candidates = [
  await start('undici pass-through', [provider], {}),
  await start('proxy', [], {
    PORT: '0',
    LOG_LEVEL: 'silent',
    IDENTITY_ISSUER: identity.issuer,
    IDENTITY_JWKS_URL: identity.jwksUrl,
    TENANT_ID,
    BILLING_URL: billingUrl,
    BILLING_SERVICE_TOKEN: SERVICE_TOKEN,
    DATABASE_URL: await postgres.createDatabase('proxy'),
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_BASE_URL: `${provider}/v1`,
  }),
];
for (let round = 0; round <= ROUNDS; round++)
  for (const candidate of candidates) {
    // The first round warms up.
    await runRound(candidate, billing.apiKey, round > 0);
    billing.batches = [];
  }
print(candidates);
for (const { child } of candidates) child.kill();
await postgres.stop();
process.exit(0);
