/** The process itself: starts from its environment, serves, writes no secret to its log, stops on a signal. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SESSION_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT } from '@cloudfreedom/contracts';
import { freePort } from '@cloudfreedom/testkit';
import { afterAll, expect, test } from 'vitest';
import { INTERNAL_SECRET, SESSION, startStubPocketBase } from './stub-pocketbase.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'identity-server-'));
const server = path.join(import.meta.dirname, '../src/server.ts');
const running: ReturnType<typeof spawn>[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function run(environment: Record<string, string>) {
  const child = spawn(process.execPath, [server], { env: { PATH: process.env.PATH ?? '', ...environment } });
  running.push(child);
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output.text += chunk;
    });
  return { child, output, ended: new Promise<number | null>((resolve) => child.once('exit', resolve)) };
}

/** A process begins its life slowly on a busy machine. */
const STARTED_WITHIN_MS = 150_000;

test(
  'every faulty variable is named, and no value',
  async () => {
    const { output, ended } = run({ PORT: 'x', INTERNAL_SECRET: 'too-short', POCKETBASE_URL: 'ftp://pb' });
    expect(await ended).toBe(1);
    for (const name of ['PORT', 'INTERNAL_SECRET', 'POCKETBASE_URL', 'IDENTITY_ISSUER', 'SIGNING_KEYS_FILE'])
      expect(output.text).toContain(name);
    expect(output.text).not.toContain('too-short');
  },
  STARTED_WITHIN_MS,
);

test(
  'at its most talkative it logs neither session nor token nor key',
  async () => {
    const pocketbase = await startStubPocketBase();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const { child, output, ended } = run({
      PORT: String(port),
      LOG_LEVEL: 'trace',
      POCKETBASE_URL: pocketbase.url,
      INTERNAL_SECRET,
      IDENTITY_ISSUER: url,
      SIGNING_KEYS_FILE: path.join(folder, 'keys.json'),
    });
    await expect.poll(() => output.text, { timeout: STARTED_WITHIN_MS }).toContain('listening');
    const exchange = async (subject_token: string) =>
      (await (
        await fetch(`${url}/oauth/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: TOKEN_EXCHANGE_GRANT,
            subject_token,
            subject_token_type: SESSION_TOKEN_TYPE,
            audience: 'billing',
          }),
        })
      ).json()) as { access_token: string };
    const createKey = async () =>
      (await (
        await fetch(`${url}/v1/api-keys`, {
          method: 'POST',
          headers: { authorization: `Bearer ${SESSION}`, 'content-type': 'application/json' },
          body: '{"name":"k"}',
        })
      ).json()) as { key: string };
    const { access_token } = await exchange(SESSION);
    const { key } = await createKey();
    await exchange('a-session-that-nobody-has');
    pocketbase.broken = 500;
    await exchange(SESSION);
    await createKey();
    await pocketbase.close();
    await exchange(SESSION);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output.text).toContain('answered 500');
    expect(output.text).toContain('ECONNREFUSED');
    for (const secret of [SESSION, 'a-session-that-nobody-has', access_token, key, INTERNAL_SECRET]) {
      expect(secret.length).toBeGreaterThan(10);
      expect(output.text).not.toContain(secret);
    }
  },
  STARTED_WITHIN_MS,
);
