/** The launcher's contract: what it writes, how it ends, and what it says when something is wrong. */
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import type { StackFile } from '@cloudfreedom/contracts';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { ROOT } from '../../src/stack/settings.ts';
import { eventually, stack } from './people.ts';
import {
  freePortBase,
  isAlive,
  launch,
  newDataDir,
  type RunningStack,
  readStackFile,
  removeDataDir,
  stopStack,
  waitUntilReady,
} from './running-stack.ts';

const started: RunningStack[] = [];

function start(dataDir: string, portBase: number, env?: Record<string, string>): RunningStack {
  const running = launch(dataDir, portBase, env);
  started.push(running);
  return running;
}

/** Starts an answer of about two seconds. @returns what reads it to its end */
async function slowStream({ urls, demo }: StackFile): Promise<() => Promise<string>> {
  const response = await fetch(`${urls.proxy}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'gpt-4.1-mini',
      stream: true,
      messages: [{ role: 'user', content: 'Hello [[simulate length=80 tokens_per_second=40]]' }],
    }),
  });
  expect(response.status).toBe(200);
  return () => response.text();
}

afterEach(async () => {
  await Promise.all(started.map(stopStack));
  for (const { dataDir } of started) removeDataDir(dataDir);
  started.length = 0;
});

describe('stack.json and summary', () => {
  test('only its owner may read the secrets', () => {
    for (const file of ['stack.json', 'secrets.json', 'identity-keys.json'])
      expect([file, (statSync(path.join(inject('dataDir'), file)).mode & 0o777).toString(8)]).toEqual([file, '600']);
  });

  test('every address answers', async () => {
    const routes = { pocketbase: '/api/health', admin: '/', chat: '/' } as Record<string, string>;
    for (const [name, url] of Object.entries(stack.urls)) {
      const response = await fetch(`${url}${routes[name] ?? '/ready'}`);
      expect([name, response.status]).toEqual([name, 200]);
    }
  });

  test('models of all three providers under their own ids, and the summary says that they are simulated', () => {
    for (const start of ['gpt-', 'claude-', 'gemini-'])
      expect(stack.models.some((name) => name.startsWith(start))).toBe(true);
    expect(inject('summary')).toContain('simulated (no OPENAI_API_KEY set)');
    for (const { email, password } of [stack.demo.user, stack.demo.tenantAdmin, stack.demo.platformAdmin]) {
      expect(inject('summary')).toContain(email);
      expect(inject('summary')).toContain(password);
    }
  });

  test('no secret stands in a log', () => {
    const logs = ['billing', 'identity', 'proxy', 'pocketbase', 'conversations', 'simulator'].map((name) =>
      readFileSync(path.join(inject('dataDir'), 'logs', `${name}.log`), 'utf8'),
    );
    const secrets = [
      stack.demo.apiKey,
      stack.tenant.serviceToken,
      stack.demo.superuser.password,
      stack.demo.user.password,
    ];
    for (const secret of secrets) expect(logs.some((log) => log.includes(secret))).toBe(false);
  });
});

describe('start, stop, start again', () => {
  test('Ctrl-C lets a running answer finish and leaves no process and no stack file; a second start finds the data again', {
    timeout: 300_000,
  }, async () => {
    const dataDir = newDataDir();
    const portBase = await freePortBase();
    const first = start(dataDir, portBase);
    const before = await waitUntilReady(first);
    const readAnswer = await slowStream(before);
    const answer = readAnswer();
    expect(await stopStack(first)).toBe(0);
    expect((await answer).trimEnd().endsWith('data: [DONE]')).toBe(true);
    for (const [name, pid] of Object.entries(before.pids)) expect([name, isAlive(pid)]).toEqual([name, false]);
    expect(() => first.file()).toThrow();
    const second = start(dataDir, portBase);
    const after = await waitUntilReady(second);
    expect(after.demo).toEqual(before.demo);
    expect(after.tenant).toEqual(before.tenant);
    const response = await fetch(`${after.urls.proxy}/v1/models`, {
      headers: { authorization: `Bearer ${after.demo.apiKey}` },
    });
    expect(response.status).toBe(200);
    console.log(`ready: first start ${before.readyInMs} ms, second start ${after.readyInMs} ms`);
  });

  test('a service that dies is named with its last lines and ends the rest', { timeout: 300_000 }, async () => {
    const running = start(newDataDir(), await freePortBase());
    const { pids } = await waitUntilReady(running);
    process.kill(pids.proxy ?? 0, 'SIGKILL');
    expect(await running.ended).toBe(1);
    expect(running.output()).toContain('proxy was ended by SIGKILL');
    for (const [name, pid] of Object.entries(pids)) expect([name, isAlive(pid)]).toEqual([name, false]);
  });

  test('after a kill -9 of the launcher the next start ends what was left and works', {
    timeout: 300_000,
  }, async () => {
    const dataDir = newDataDir('closed');
    const portBase = await freePortBase();
    const first = start(dataDir, portBase);
    const { pids } = await waitUntilReady(first);
    first.process.kill('SIGKILL');
    await first.ended;
    expect(isAlive(pids.billing ?? 0)).toBe(true);
    const second = start(dataDir, portBase);
    await waitUntilReady(second);
    expect(second.output()).toContain('Ending what an earlier run left behind');
    expect(isAlive(pids.billing ?? 0)).toBe(false);
    const elsewhere = /its data lies in (\/var\/tmp\/cloudfreedom-\S+)/.exec(second.output())?.[1];
    await stopStack(second);
    if (elsewhere) removeDataDir(elsewhere);
  });
});

describe('as people start it', () => {
  test('a signal to npm alone ends everything', { timeout: 300_000 }, async () => {
    const dataDir = newDataDir();
    const portBase = await freePortBase();
    const env = { ...process.env, DATA_DIR: dataDir, PORT_BASE: String(portBase) };
    const npm = spawn('npm', ['start'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    npm.stdout.on('data', (chunk) => (output += chunk));
    npm.stderr.on('data', (chunk) => (output += chunk));
    await eventually(async () => (output.includes('Stop: Ctrl-C') ? true : undefined), 200_000);
    const { pids } = readStackFile(dataDir);
    npm.kill('SIGTERM');
    for (const pid of Object.values(pids)) await eventually(async () => (isAlive(pid) ? undefined : true), 30_000);
    removeDataDir(dataDir);
  });
});

describe('faults that one sentence mends', () => {
  test('a port in use', async () => {
    const portBase = await freePortBase();
    const server = createServer().listen(portBase + 2, '127.0.0.1');
    const running = start(newDataDir(), portBase);
    expect(await running.ended).toBe(1);
    server.close();
    expect(running.output()).toContain(`Port ${portBase + 2} (billing) is in use`);
    expect(running.output()).not.toContain('    at ');
  });

  test('a data directory that another stack uses', async () => {
    const running = start(inject('dataDir'), await freePortBase());
    started.length = 0; // the directory is not ours to remove
    expect(await running.ended).toBe(1);
    expect(running.output()).toContain('A stack already runs with');
    expect((await fetch(`${stack.urls.proxy}/health`)).status).toBe(200);
  });

  test('a variable that is not right', async () => {
    const running = start(newDataDir(), await freePortBase(), { USD_EUR_RATE: 'cheap' });
    expect(await running.ended).toBe(1);
    expect(running.output()).toContain('USD_EUR_RATE: a decimal number above 0, such as 0.86');
  });

  test('an address that is none of this machine', async () => {
    const running = start(newDataDir(), await freePortBase(), { HOST: '192.0.2.7' });
    expect(await running.ended).toBe(1);
    expect(running.output()).toContain('HOST=192.0.2.7 is no address of this machine');
  });

  test('a data directory that may not be written', async () => {
    for (const folder of ['/etc/hostname/cloudfreedom', '/etc/hostname', '/proc/cloudfreedom/data']) {
      const running = start(folder, await freePortBase());
      started.length = 0;
      expect(await running.ended).toBe(1);
      expect(running.output()).toContain('choose a folder that you may write to');
      expect(running.output()).not.toContain('    at ');
    }
  });

  test('no Go and no binary', async () => {
    const running = start(newDataDir(), await freePortBase(), {
      XDG_CACHE_HOME: newDataDir(),
      HOME: newDataDir(),
      PATH: '/usr/bin:/bin',
    });
    expect(await running.ended).toBe(1);
    expect(running.output()).toMatch(/Go|POCKETBASE_BIN/);
    expect(running.output()).not.toContain('    at ');
  });
});
