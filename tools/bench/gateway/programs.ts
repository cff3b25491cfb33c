/** Programs beside ours, as processes that end with the bench. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@cloudfreedom/testkit';
import { CONNECTIONS, STREAMS } from './load.ts';

export interface Program {
  origin: string;
  pid: number;
}

export const PORTKEY = '1.15.2';
/**
 * The oldest that it allows. With the newest it fails every stream, on any Node: it adds headers to an answer whose headers
 * that one has taken over from `fetch`, where nobody may change them.
 */
export const PORTKEY_STREAMS_ADAPTER = '1.3.3';
const READY_TIMEOUT_MS = 30_000;
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const started: ChildProcess[] = [];
process.once('exit', () => {
  // nginx's first process, killed, would leave the others behind.
  for (const child of started) child.kill(child.spawnfile === 'nginx' ? 'SIGTERM' : 'SIGKILL');
});

export function isThere(program: string, argument: string): boolean {
  return spawnSync(program, [argument], { stdio: 'ignore' }).error === undefined;
}

async function answers(origin: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(origin, { method: 'HEAD' }).catch(() => undefined);
    if (answer) return void (await answer.body?.cancel());
    if (Date.now() > deadline) throw new Error(`${origin} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function start(command: string, args: string[], port: number): Program {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  started.push(child);
  return { origin: `http://127.0.0.1:${port}`, pid: child.pid ?? 0 };
}

/** Bytes in, bytes out, in Node. */
export async function startPassThrough(origin: string): Promise<Program> {
  const port = await freePort();
  const program = start(process.execPath, [here('pass-through.ts'), origin, String(port)], port);
  // A question would be passed on; listening is enough.
  await answers(program.origin);
  return program;
}

export async function startStreamProvider(): Promise<Program> {
  const port = await freePort();
  const program = start(process.execPath, [here('stream-provider.ts'), String(port)], port);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return program;
}

const ANSWER = JSON.stringify({
  ...{ id: 'chatcmpl-bench', object: 'chat.completion', created: 1_770_000_000, model: 'gpt-upstream' },
  choices: [
    {
      ...{ index: 0, logprobs: null, finish_reason: 'stop' },
      message: {
        role: 'assistant',
        content: 'It means less work with more care. '.repeat(20),
        refusal: null,
        annotations: [],
      },
    },
  ],
  usage: {
    ...{ prompt_tokens: 180, completion_tokens: 160, total_tokens: 340 },
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  },
  ...{ service_tier: 'default', system_fingerprint: null },
});

/** A folder of its own, so that two of them never meet. */
async function startNginx(folder: string, name: string, serverOf: (port: number) => string): Promise<Program> {
  const port = await freePort();
  const home = path.join(folder, name);
  mkdirSync(home);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (use) => `${use}_temp_path ${home}/${use};`,
  );
  const text = `daemon off; worker_processes 1; pid ${home}/pid; error_log stderr crit;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; ${temporary.join(' ')}
${serverOf(port)} }`;
  writeFileSync(path.join(home, 'nginx.conf'), text);
  const program = start('nginx', ['-c', path.join(home, 'nginx.conf'), '-p', home], port);
  await answers(program.origin);
  return program;
}

/** The provider of answers in one piece, about 1 KB. */
export function startAnswerProvider(folder: string): Promise<Program> {
  const location = `location / { default_type application/json; return 200 '${ANSWER}'; }`;
  return startNginx(folder, 'provider', (port) => `server { listen 127.0.0.1:${port}; ${location} }`);
}

export function startNginxProxy(folder: string, name: string, origin: string): Promise<Program> {
  const { host } = new URL(origin);
  const upstream = `upstream provider { server ${host}; keepalive ${STREAMS + CONNECTIONS}; keepalive_requests 1000000000; }`;
  const location = `location / { proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }`;
  return startNginx(folder, name, (port) => `${upstream}\nserver { listen 127.0.0.1:${port}; ${location} }`);
}

/**
 * @param serverAdapter the version of what connects it to Node's HTTP, below which it is installed; undefined: the newest
 * @returns null where it can't be installed
 */
export async function startPortkey(serverAdapter?: string): Promise<Program | null> {
  const folder = path.join(tmpdir(), `cloudfreedom-bench-portkey-${PORTKEY}-${serverAdapter ?? 'newest'}`);
  const entry = path.join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(entry)) {
    mkdirSync(folder, { recursive: true });
    const overrides = serverAdapter && { '@hono/node-server': serverAdapter };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
    const asked = `@portkey-ai/gateway@${PORTKEY}`;
    const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', asked];
    if (spawnSync('npm', args, { stdio: 'ignore' }).status !== 0) return null;
  }
  const port = await freePort();
  const program = start(process.execPath, [entry, `--port=${port}`, '--headless'], port);
  await answers(program.origin);
  return program;
}

export async function startRedis(): Promise<{ url: string; pid: number }> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const { pid } = start('redis-server', args, port);
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { url: `redis://127.0.0.1:${port}`, pid };
}
