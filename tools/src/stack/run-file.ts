/** Which processes belong to a data directory: so that two stacks never share one, and a killed launcher leaves nothing behind. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Fault } from './fault.ts';
import { writePrivate } from './secrets.ts';

const runFile = z.object({ launcher: z.number(), children: z.record(z.string(), z.number()) });
type RunFile = z.infer<typeof runFile>;

const fileIn = (dataDir: string) => path.join(dataDir, 'run.json');

/** The command line of a living process, empty when there is none: process ids are reused, so ask before a kill. */
function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

const OURS = /services\/|tools\/src\/|packages\/testkit\/|pocketbase|postgres|redis-server/;
const LAUNCHER = /tools\/src\/(start|tenant|backup)\.ts/;

async function endLeftover(pid: number): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (let attempt = 0; attempt < 100; attempt++) {
      const command = commandOf(pid);
      if (!OURS.test(command)) return;
      if (attempt === 0) process.kill(pid, signal === 'SIGTERM' && command.includes('postgres') ? 'SIGINT' : signal);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * Take the data directory for this launcher; children of a launcher that was killed are ended first.
 * @throws Fault when another launcher runs with it
 */
export async function takeDataDir(dataDir: string, report: (line: string) => void): Promise<void> {
  const file = fileIn(dataDir);
  if (existsSync(file)) {
    const parsed = runFile.safeParse(JSON.parse(readFileSync(file, 'utf8') || '{}'));
    const before: RunFile = parsed.success ? parsed.data : { launcher: 0, children: {} };
    if (before.launcher !== process.pid && LAUNCHER.test(commandOf(before.launcher)))
      throw new Fault(
        `A stack already runs with ${dataDir} (process ${before.launcher}): stop it, or choose another DATA_DIR and PORT_BASE.`,
      );
    const leftovers = Object.entries(before.children).filter(([, pid]) => OURS.test(commandOf(pid)));
    if (leftovers.length > 0)
      report(`Ending what an earlier run left behind: ${leftovers.map(([name]) => name).join(', ')}`);
    await Promise.all(leftovers.map(([, pid]) => endLeftover(pid)));
  }
  recordChildren(dataDir, {});
}

export function recordChildren(dataDir: string, children: Record<string, number>): void {
  writePrivate(fileIn(dataDir), { launcher: process.pid, children } satisfies RunFile);
}

export function releaseDataDir(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true });
}
