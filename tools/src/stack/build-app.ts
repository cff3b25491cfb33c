/** Builds an app with Vite when its sources changed since the last build. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Fault } from './fault.ts';
import { ROOT } from './settings.ts';

function sourceHash(app: string): string {
  const hash = createHash('sha256');
  const files = globSync(
    [
      `apps/${app}/{src,public}/**/*`,
      `apps/${app}/*.*`,
      'packages/{ui,contracts}/{src/**/*,package.json}',
      'pnpm-lock.yaml',
    ],
    { cwd: ROOT, withFileTypes: true },
  )
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(path.relative(ROOT, file)).update(readFileSync(file));
  return hash.digest('hex');
}

/** @returns the folder with the built app */
export async function buildApp(app: 'admin' | 'chat' | 'sign-in', report: (line: string) => void): Promise<string> {
  const folder = path.join(ROOT, 'apps', app);
  const dist = path.join(folder, 'dist');
  const stamp = path.join(dist, '.built-from');
  const hash = sourceHash(app);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return dist;
  report(`Building the ${app} app (once per change) …`);
  const vite = path.join(folder, 'node_modules', 'vite', 'bin', 'vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: folder,
    // Whoever starts the stack (a test) may run as something else; people are always given what is made for them.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Fault(`The ${app} app could not be built:\n${output.trimEnd()}`);
  writeFileSync(stamp, hash);
  return dist;
}
