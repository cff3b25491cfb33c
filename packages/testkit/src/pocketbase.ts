/** The real PocketBase of services/pocketbase on this machine, for tests and for the launcher. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from './postgres.ts';

export interface PocketBaseOptions {
  /** Path of the executable. */
  binary: string;
  /** Folder with `pb_migrations` and `pb_hooks`. */
  serviceDir: string;
  /** Without it, a temporary one that `stop` deletes. */
  dataDir?: string;
  /** Address to listen on, 127.0.0.1 unless told otherwise. */
  host?: string;
  port?: number;
  /** Made, or given this password, before the server starts. Without it, one for this run. */
  superuser?: { email: string; password: string };
  /** Pages that browsers may call from; all when not given. */
  origins?: string[];
  /** INTERNAL_SECRET, BILLING_WEBHOOK_URL, BILLING_WEBHOOK_SECRET. Nothing else of this process is handed on. */
  env: Record<string, string>;
  /** Takes each line that the server prints. */
  onLine?: (line: string) => void;
}

export interface PocketBaseServer {
  url: string;
  pid: number;
  process: ChildProcess;
  superuser: { email: string; password: string };
  /** End it in order. */
  stop(): Promise<void>;
  /** End it as a power cut would (SIGKILL); the data folder stays, a temporary one too. */
  kill(): Promise<void>;
}

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const LINES_KEPT = 40;
/** What the binary itself needs from the machine. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'SYSTEMROOT'];

function environmentFor(env: Record<string, string>): Record<string, string> {
  const kept = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...env };
}

function folderFlags(serviceDir: string, dataDir: string): string[] {
  return [
    '--dev=false',
    '--automigrate=false',
    '--hooksWatch=false',
    `--dir=${dataDir}`,
    `--migrationsDir=${path.join(serviceDir, 'pb_migrations')}`,
    `--hooksDir=${path.join(serviceDir, 'pb_hooks')}`,
  ];
}

async function upsertSuperuser(
  options: PocketBaseOptions,
  flags: string[],
  superuser: { email: string; password: string },
): Promise<void> {
  // After "--", because a password may begin with a dash.
  const command = ['superuser', 'upsert', ...flags, '--', superuser.email, superuser.password];
  const { stdout, stderr } = await promisify(execFile)(options.binary, command, {
    env: environmentFor(options.env),
  }).catch((error: { stdout?: string; stderr?: string; code?: unknown }) => ({
    stdout: error.stdout ?? '',
    // Not the error's own message: it repeats the command line, and with it the password.
    stderr: error.stderr || `ended with ${String(error.code)}`,
  }));
  // The exit code is 0 after some failures too.
  if (!stdout.includes('Successfully saved superuser'))
    throw new Error(`PocketBase could not make its superuser: ${`${stdout}${stderr}`.trim()}`);
}

function hasEnded(server: ChildProcess): boolean {
  return server.exitCode !== null || server.signalCode !== null;
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}

async function waitUntilReady(server: ChildProcess, url: string, lines: string[]): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (hasEnded(server)) throw new Error(`PocketBase ended at its start:\n${lines.join('\n')}`);
    // Its own word first: something else may answer on a port that it could not get.
    if (lines.some((line) => line.includes('Server started')) && (await isHealthy(url))) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`PocketBase was not ready after ${READY_TIMEOUT_MS} ms:\n${lines.join('\n')}`);
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(server)) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  const timer = setTimeout(() => server.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

/**
 * Start PocketBase and wait until it answers. The process is in a group of its own, so a Ctrl-C in the terminal does
 * not reach it; it ends with this process at the latest.
 * @throws Error with the server's last lines when it ends or does not answer within 30 s
 */
export async function startPocketBase(options: PocketBaseOptions): Promise<PocketBaseServer> {
  const temporary = options.dataDir === undefined ? mkdtempSync(path.join(tmpdir(), 'cloudfreedom-pb-')) : undefined;
  const dataDir = path.resolve(options.dataDir ?? path.join(temporary ?? '', 'data'));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const flags = folderFlags(path.resolve(options.serviceDir), dataDir);
  const superuser = options.superuser ?? {
    email: 'superuser@example.test',
    password: randomBytes(18).toString('base64url'),
  };
  const removeTemporary = () => temporary && rmSync(temporary, { recursive: true, force: true });
  try {
    await upsertSuperuser(options, flags, superuser);
  } catch (error) {
    removeTemporary();
    throw error;
  }
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? (await freePort());
  const origins = options.origins?.length ? [`--origins=${options.origins.join(',')}`] : [];
  const server = spawn(options.binary, ['serve', `--http=${host}:${port}`, ...origins, ...flags], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentFor(options.env),
  });
  const killAtExit = () => server.kill('SIGTERM');
  process.once('exit', killAtExit);
  const lines: string[] = [];
  for (const stream of [server.stdout, server.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > LINES_KEPT) lines.shift();
      options.onLine?.(line);
    });
  const url = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  const stopWith = async (signal: NodeJS.Signals) => {
    process.off('exit', killAtExit);
    await end(server, signal);
  };
  const stop = async () => {
    await stopWith('SIGTERM');
    removeTemporary();
  };
  server.once('error', (error) => lines.push(error.message));
  try {
    await waitUntilReady(server, url, lines);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: server.pid ?? 0, process: server, superuser, stop, kill: () => stopWith('SIGKILL') };
}
