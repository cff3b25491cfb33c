/** Runs `npm run tenant` beside the running stack, with bundles in a folder of the test's own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { z } from 'zod';
import { ROOT } from '../../src/stack/settings.ts';

const COMMAND = ['--disable-warning=ExperimentalWarning', 'tools/src/tenant.ts'];
const START_TIMEOUT_MS = 240_000;

const running = z.object({
  urls: z.object({ proxy: z.url(), conversations: z.url(), chat: z.url() }),
  databaseUrl: z.string(),
  redisUrl: z.string(),
});
export type RunningTenant = z.infer<typeof running> & { stop(): Promise<void> };

export function newTenantsFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-tenants-'));
  chmodSync(folder, 0o755);
  return folder;
}

function environment(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, DATA_DIR: inject('dataDir'), TENANTS_DIR: folder };
}

/** @returns exit code and all that was printed */
export function tenantCommand(
  folder: string,
  words: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { ...environment(folder), ...env } };
    execFile(process.execPath, [...COMMAND, ...words], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: `${stdout}${stderr}` }),
    );
  });
}

/** Runs the command and kills it (SIGKILL) in the moment that it says this. */
export async function killTenantCommand(folder: string, words: string[], said: string): Promise<void> {
  const child = spawn(process.execPath, [...COMMAND, ...words], { cwd: ROOT, env: environment(folder) });
  let output = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
      if (output.includes(said)) child.kill('SIGKILL');
    });
  await ended;
  if (!output.includes(said)) throw new Error(`the command ended without saying ${said}:\n${output}`);
}

async function waitForStart(child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!output().includes('Stop: Ctrl-C')) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the tenant did not start:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The command's words must end in a start: `create … --run`, or `run`. */
export async function startTenant(folder: string, slug: string, words: string[]): Promise<RunningTenant> {
  const child = spawn(process.execPath, [...COMMAND, ...words], { cwd: ROOT, env: environment(folder) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await waitForStart(child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  const file = path.join(folder, slug, 'data', 'running.json');
  return { ...running.parse(JSON.parse(readFileSync(file, 'utf8'))), stop };
}
