/** A tenant's bundle by Docker Compose on this machine. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { SECRETS_FILE } from '@cloudfreedom/tenant-bundle';
import { z } from 'zod';
import { plainEnvironment } from '../docker/command.ts';
import { Fault } from '../stack/fault.ts';
import type { BundleFolder } from './bundle-folder.ts';

const WORDS = {
  up: ['up', '--detach', '--wait', '--wait-timeout', '900', '--remove-orphans'],
  // Also what stands in profiles that were chosen once.
  down: ['--profile', '*', 'down', '--volumes', '--remove-orphans'],
};
const LAST_LINES = 8;
const LINE_LENGTH_MAX = 400;

interface Streams {
  /** What the program reads: a text, or a file. */
  input?: string;
  from?: string;
  /** File for what it writes; else it is returned. */
  to?: string;
  /** Told each piece of what it says. */
  report?: (line: string) => void;
}

/** @throws Fault with what Docker said last */
export async function docker(cwd: string, words: string[], { input, from, to, report }: Streams = {}): Promise<string> {
  const reads = from === undefined ? 'pipe' : openSync(from, 'r');
  const writes = to === undefined ? 'pipe' : openSync(to, 'w', 0o600);
  // A variable of this shell must not get into the deployment: Compose prefers it to the bundle's own.
  const child = spawn('docker', words, { cwd, env: plainEnvironment(), stdio: [reads, writes, 'pipe'] });
  for (const file of [reads, writes]) if (typeof file === 'number') closeSync(file);
  child.stdin?.on('error', () => {}); // one that reads nothing may be gone already
  child.stdin?.end(input ?? '');
  let [written, said] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    written += chunk;
    said += chunk;
    report?.(chunk.toString().trimEnd());
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk;
    report?.(chunk.toString().trimEnd());
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', () =>
      reject(
        new Fault(
          'Docker is not installed here: install Docker Engine with its compose plugin, or use --run or --target coolify.',
        ),
      ),
    );
    child.once('close', resolve);
  });
  if (code === 0) return written;
  throw new Fault(
    `docker ${words.join(' ')} in ${cwd} ended with ${code}:\n${said.trim().split('\n').slice(-LAST_LINES).join('\n')}`,
  );
}

/** A command of Compose in the bundle. @throws Fault */
export function inBundle(folder: BundleFolder, words: string[], streams?: Streams): Promise<string> {
  return docker(folder.path, ['compose', '--env-file', SECRETS_FILE, ...words], streams);
}

const container = z.object({
  Service: z.string(),
  State: z.string(),
  Health: z.string().default(''),
  ExitCode: z.number().default(0),
});

/** Compose names the services of images that it can't pull, not the images. */
async function missingImages(folder: BundleFolder): Promise<string> {
  const listed = await inBundle(folder, ['config', '--images']);
  const images = [...new Set(listed.split('\n').filter(Boolean))];
  const here = await Promise.all(
    images.map((image) =>
      docker(folder.path, ['image', 'inspect', image]).then(
        () => true,
        () => false,
      ),
    ),
  );
  const missing = images.filter((_, index) => !here[index]);
  return missing.length === 0 ? '' : `Not on this machine: ${missing.join(', ')}.`;
}

/** What isn't well, with the last lines of its log. */
async function complaints(folder: BundleFolder): Promise<string> {
  const listed = await inBundle(folder, ['ps', '--all', '--format', 'json']);
  const all = listed
    .split('\n')
    .filter(Boolean)
    .map((line) => container.parse(JSON.parse(line)));
  const ill = all.filter(({ State, Health }) => State !== 'running' || (Health !== '' && Health !== 'healthy'));
  const said = ill.map(async ({ Service, State, Health }) => {
    const log = await inBundle(folder, ['logs', '--no-log-prefix', '--tail', String(LAST_LINES), Service]);
    const lines = log
      .trim()
      .split('\n')
      .map((line) => line.slice(0, LINE_LENGTH_MAX));
    return `${Service} (${[State, Health].filter(Boolean).join(', ')}):\n${lines.join('\n')}`;
  });
  return (await Promise.all(said)).join('\n');
}

/** @throws Fault where Docker, its engine or its plugin is missing here */
export async function checkCompose(): Promise<void> {
  const version = await docker('.', ['compose', 'version', '--short']).catch((fault: Fault) => {
    if (fault.message.startsWith('Docker is not installed')) throw fault;
    return 'none';
  });
  if (!/^v?([3-9]|2\.[2-9]\d)/.test(version))
    throw new Fault(
      `Docker's compose plugin must be 2.20 or newer, here is ${version.trim()}: install docker-compose-plugin of Docker's own packages.`,
    );
  await docker('.', ['version', '--format', '{{.Server.Version}}']).catch((fault: Fault) => {
    throw new Fault(`Docker's engine does not answer here: start it, or set DOCKER_HOST.\n${fault.message}`);
  });
}

/** @throws Fault naming what isn't well after fifteen minutes, with its last lines */
export async function compose(
  folder: BundleFolder,
  what: keyof typeof WORDS,
  report: (line: string) => void,
): Promise<void> {
  try {
    await inBundle(folder, WORDS[what], { report });
  } catch (error) {
    const images = await missingImages(folder).catch(() => '');
    const why = await complaints(folder).catch(() => '');
    throw new Fault([(error as Fault).message, images, why].filter(Boolean).join('\n\n'));
  }
}
