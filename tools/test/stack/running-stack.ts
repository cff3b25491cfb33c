/** Starts the suite as `npm start` does, in a data directory of its own and on ports of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type StackFile, stackFile } from '@cloudfreedom/contracts';
import { ROOT } from '../../src/stack/settings.ts';

const PORTS = 9;

export interface RunningStack {
  dataDir: string;
  portBase: number;
  process: ChildProcess;
  /** All that the launcher printed so far. */
  output: () => string;
  file: () => StackFile;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Nine free ports in a row, below the range that the system hands out by itself. */
export async function freePortBase(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const base = 10_000 + Math.floor(Math.random() * 2_000) * 10;
    const free = await Promise.all(Array.from({ length: PORTS }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no nine free ports in a row');
}

/** `closed`: as root, a folder that Postgres's user can't enter (a private home, a CI's temporary folder). */
export function newDataDir(kind: 'open' | 'closed' = 'open'): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-stack-'));
  chmodSync(folder, kind === 'open' ? 0o755 : 0o700);
  return folder;
}

export function readStackFile(dataDir: string): StackFile {
  return stackFile.parse(JSON.parse(readFileSync(path.join(dataDir, 'stack.json'), 'utf8')));
}

export function launch(dataDir: string, portBase: number, env: Record<string, string> = {}): RunningStack {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'tools/src/start.ts'], {
    cwd: ROOT,
    // A provider's key in the developer's own environment must not make the tests spend money.
    env: {
      ...process.env,
      OPENAI_API_KEY: '',
      ANTHROPIC_API_KEY: '',
      GEMINI_API_KEY: '',
      DATABASE_URL: '',
      REDIS_URL: '',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      ...env,
      DATA_DIR: dataDir,
      PORT_BASE: String(portBase),
      CLOUDFREEDOM_STARTED_AT: String(Date.now()),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return {
    dataDir,
    portBase,
    process: child,
    output: () => output,
    file: () => readStackFile(dataDir),
    ended: new Promise((resolve) => child.once('exit', resolve)),
  };
}

/** Wait for the summary. @throws when the launcher ends first, with what it printed */
export async function waitUntilReady(stack: RunningStack, timeoutMs = 300_000): Promise<StackFile> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (stack.process.exitCode !== null) throw new Error(`the launcher ended:\n${stack.output()}`);
    if (existsSync(path.join(stack.dataDir, 'stack.json')) && stack.output().includes('Stop: Ctrl-C'))
      return stack.file();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not ready after ${timeoutMs} ms:\n${stack.output()}`);
}

export async function stopStack(stack: RunningStack): Promise<number | null> {
  if (stack.process.exitCode === null && stack.process.signalCode === null) stack.process.kill('SIGINT');
  return stack.ended;
}

export function removeDataDir(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
