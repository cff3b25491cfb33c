/**
 * What a service's image holds: `server.js` with all of its code and its libraries, beside it the files that it reads
 * (migrations, catalogue). Node strips no types below node_modules, and an image needs no package manager.
 * Use: bundle-service.ts <service> <folder>
 */
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { ROOT } from '../stack/settings.ts';
import { copyApp } from './prepare-app.ts';

interface Service {
  home: string;
  entries: Record<string, string>;
  /** Folders beside `src`, read at run time. */
  folders: string[];
}

const server = { server: 'src/server.ts' };
const SERVICES: Record<string, Service> = {
  billing: { home: 'services/billing', entries: server, folders: ['migrations', 'catalogue'] },
  identity: { home: 'services/identity', entries: server, folders: ['migrations'] },
  proxy: {
    home: 'services/proxy',
    entries: { ...server, 'src/tokens/count-worker': 'src/tokens/count-worker.ts' },
    folders: ['migrations'],
  },
  conversations: { home: 'services/conversations', entries: server, folders: ['migrations'] },
  /** Providers of demo tenants. */
  simulator: { home: 'packages/testkit', entries: { server: 'src/simulated-provider/main.ts' }, folders: [] },
};

/**
 * In one file there is one place only: what a module finds from where it lies (`import.meta`), it finds from where it lay,
 * as the folders beside the bundle lie where they lay beside `src`.
 */
function keepPlaces(folder: string): Plugin {
  return {
    name: 'keep-places',
    transform(code, id) {
      if (!id.startsWith(folder) || !code.includes('import.meta')) return null;
      const at = JSON.stringify(path.relative(folder, id).replaceAll(path.sep, '/'));
      return {
        code: code
          .replaceAll('import.meta.dirname', `new URL('./', new URL(${at}, import.meta.url)).pathname`)
          .replaceAll(
            /new URL\('(\.[^']*)\.ts', import\.meta\.url\)/g,
            `new URL('$1.js', new URL(${at}, import.meta.url))`,
          )
          .replaceAll(/new URL\('(\.[^']*)', import\.meta\.url\)/g, `new URL('$1', new URL(${at}, import.meta.url))`),
        map: null,
      };
    },
  };
}

/** @throws Error where the service is unknown or a library can't be bundled */
export async function bundleService(name: string, folder: string): Promise<void> {
  const service = SERVICES[name];
  if (!service) throw new Error(`Unknown service ${name}: one of ${Object.keys(SERVICES).join(', ')}`);
  const home = path.join(ROOT, service.home);
  const bundle = await rolldown({
    cwd: home,
    input: service.entries,
    platform: 'node',
    plugins: [keepPlaces(home)],
    onLog(level, log) {
      // A library of the OpenID provider makes its deprecation notices so.
      if (level === 'warn' && log.code !== 'EVAL') process.stderr.write(`${log.message}\n`);
    },
  });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].js', sourcemap: false, minify: false });
  await bundle.close();
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}\n');
  for (const part of service.folders) cpSync(path.join(home, part), path.join(folder, part), { recursive: true });
}

if (import.meta.main) {
  const [name, folder] = process.argv.slice(2);
  if (name === undefined || folder === undefined) throw new Error('Use: bundle-service.ts <service> <folder>');
  await bundleService(name, path.resolve(folder));
  // Identity shows the sign-in page of applications itself.
  if (name === 'identity') await copyApp('sign-in', path.resolve(folder, 'sign-in'));
}
