/** Programs that the trial runs: their output is kept, shown where they fail. */
import { type ChildProcess, spawn } from 'node:child_process';
import { Fault } from '../stack/fault.ts';

const LAST_LINES = 25;

interface CommandOptions {
  cwd?: string;
  /** The whole environment; this process's own where it is not given. */
  env?: NodeJS.ProcessEnv;
  input?: string;
}

const running = new Set<ChildProcess>();

/** Ends what still runs, with all that it began. */
export function endRunning(): void {
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGTERM');
    } catch {
      // It ended in this moment.
    }
  }
}

/** What only Docker's client needs: a variable of this shell must not get into the deployment. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|LANG|TMPDIR|DOCKER_\w+)$/.test(name));
  return Object.fromEntries(kept);
}

/**
 * @returns what the program wrote to its standard output
 * @throws Fault with the last lines where it ends otherwise than well
 */
export function run(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const { cwd, env = process.env, input } = options;
    // A group of its own: a Ctrl-C reaches the trial alone, which takes down in order.
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(child);
    let [output, all] = ['', ''];
    child.stdout.on('data', (chunk) => {
      output += chunk;
      all += chunk;
    });
    child.stderr.on('data', (chunk) => (all += chunk));
    child.stdin.on('error', () => {}); // one that reads nothing may be gone already
    child.stdin.end(input ?? '');
    child.on('error', (error) => {
      running.delete(child);
      reject(new Fault(`${program} can't be run: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve(output);
      const last = all.trimEnd().split('\n').slice(-LAST_LINES).join('\n  ');
      reject(new Fault(`${program} ${args.slice(0, 8).join(' ')} ended with ${signal ?? code}:\n  ${last}`));
    });
  });
}

export const canRun = (program: string, args: string[]): Promise<boolean> =>
  run(program, args).then(
    () => true,
    () => false,
  );
