/** The real Open WebUI on this machine, with the bundle's settings. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

const READY_WITHIN_MS = 900_000;

export interface RunningWebUi {
  lastLines(): string;
  stop(): Promise<void>;
}

const lastLines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-30).join('\n');

/** @throws when it ends or is not ready within fifteen minutes */
export async function startWebUi(options: {
  program: string;
  url: string;
  dataDir: string;
  settings: Record<string, string>;
}): Promise<RunningWebUi> {
  const { program, url, dataDir, settings } = options;
  mkdirSync(dataDir, { recursive: true });
  const logFile = path.join(dataDir, 'open-webui.log');
  const log = openSync(logFile, 'a', 0o600);
  const { hostname, port } = new URL(url);
  const child = spawn(program, ['serve', '--host', hostname, '--port', port], {
    cwd: dataDir,
    env: { PATH: process.env.PATH, HOME: dataDir, DATA_DIR: dataDir, ...settings },
    stdio: ['ignore', log, log],
  });
  const stop = () => stopProcess(child);
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await isHealthy(url))) {
    if (child.exitCode !== null) throw new Error(`Open WebUI ended with ${child.exitCode}:\n${lastLines(logFile)}`);
    if (performance.now() > deadline) {
      await stop();
      throw new Error(`Open WebUI was not ready within ${READY_WITHIN_MS / 1000} s:\n${lastLines(logFile)}`);
    }
    await setTimeout(500);
  }
  return { lastLines: () => lastLines(logFile), stop };
}

async function isHealthy(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const inTime = await Promise.race([ended.then(() => true), setTimeout(10_000, false)]);
  if (!inTime) child.kill('SIGKILL');
  await ended;
}
