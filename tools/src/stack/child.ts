/** Child processes of the stack: their output goes to a file each, their death is noticed, their end is orderly. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { ROOT } from './settings.ts';

const LAST_LINES = 20;

export interface Child {
  name: string;
  pid: number;
  process: ChildProcess;
  lastLines: () => string[];
  stop: (graceMs?: number) => Promise<void>;
}

/** Keeps a process's output: all of it in `<logs>/<name>.log`, the last lines at hand. */
export class OutputKeeper {
  readonly #lines: string[] = [];
  readonly #file: WriteStream;

  constructor(logFolder: string, name: string) {
    mkdirSync(logFolder, { recursive: true });
    this.#file = createWriteStream(path.join(logFolder, `${name}.log`), { flags: 'a', mode: 0o600 });
    this.#file.on('error', () => {}); // a full disk must not end the launcher; the service itself will say so
  }

  take(text: string): void {
    this.#file.write(text);
    for (const line of text.split('\n')) if (line.trim()) this.#lines.push(line);
    this.#lines.splice(0, Math.max(0, this.#lines.length - LAST_LINES));
  }

  lines(): string[] {
    return [...this.#lines];
  }
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** SIGTERM, and after the grace SIGKILL. */
export async function stopProcess(child: ChildProcess, graceMs = 10_000): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}

/** A Node process in a group of its own, so that a Ctrl-C reaches only the launcher, which knows the order. */
export function startNode(name: string, entry: string, env: Record<string, string>, logFolder: string): Child {
  const output = new OutputKeeper(logFolder, name);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(ROOT, entry)], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing is inherited but what a process needs to run: a secret of one service must not reach another.
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      TZ: process.env.TZ ?? '',
      NODE_ENV: 'production',
      ...env,
    },
  });
  child.stdout.on('data', (chunk: Buffer) => output.take(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.take(chunk.toString()));
  return {
    name,
    pid: child.pid ?? 0,
    process: child,
    lastLines: () => output.lines(),
    stop: (graceMs) => stopProcess(child, graceMs),
  };
}
