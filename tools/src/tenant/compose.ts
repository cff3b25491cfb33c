/** A tenant's bundle by Docker Compose on this machine. */
import { spawn } from 'node:child_process';
import { SECRETS_FILE } from '@cloudfreedom/tenant-bundle';
import { Fault } from '../stack/fault.ts';
import type { BundleFolder } from './bundle-folder.ts';

const WORDS = { up: ['up', '--detach', '--wait'], down: ['down', '--volumes'] };

/** @throws Fault with what Docker said last */
export async function compose(
  folder: BundleFolder,
  what: keyof typeof WORDS,
  report: (line: string) => void,
): Promise<void> {
  const words = ['compose', '--env-file', SECRETS_FILE, ...WORDS[what]];
  const child = spawn('docker', words, { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
      report(chunk.toString().trimEnd());
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
  if (code === 0) return;
  throw new Fault(
    `docker ${words.join(' ')} in ${folder.path} ended with ${code}:\n${said.trim().split('\n').slice(-5).join('\n')}`,
  );
}
