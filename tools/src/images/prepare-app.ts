/** What an app's image holds: `html/`, `nginx.conf`, `start-app.sh`. Use: prepare-app.ts <admin|chat> <folder> */
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildApp } from '../stack/build-app.ts';
import { ROOT } from '../stack/settings.ts';
import { nginxConfig } from './nginx-config.ts';

/** The app's files, built where they changed. */
export async function copyApp(app: 'admin' | 'chat' | 'sign-in', folder: string): Promise<void> {
  const dist = await buildApp(app, (line) => process.stdout.write(`${line}\n`));
  cpSync(dist, folder, { recursive: true, filter: (file) => path.basename(file) !== '.built-from' });
}

export async function prepareApp(app: 'admin' | 'chat', folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await copyApp(app, path.join(folder, 'html'));
  writeFileSync(path.join(folder, 'nginx.conf'), nginxConfig());
  copyFileSync(path.join(ROOT, 'images/start-app.sh'), path.join(folder, 'start-app.sh'));
}

if (import.meta.main) {
  const [app, folder] = process.argv.slice(2);
  if ((app !== 'admin' && app !== 'chat') || folder === undefined)
    throw new Error('Use: prepare-app.ts <admin|chat> <folder>');
  await prepareApp(app, path.resolve(folder));
}
