/** A tenant in containers by `npm run tenant` alone: made again, failing, upgraded, suspended, moved, ended. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '../stack/fault.ts';
import type { Bases } from './bases.ts';
import type { Project } from './bring-up.ts';
import { adaptTenant, TENANT_PROJECT, TENANT_SLUG } from './deployment.ts';
import { containersOf, type Engine } from './engine.ts';
import { type Account, ADDRESSES, streamAnswer } from './flow.ts';
import { TENANT_DOMAIN } from './names.ts';
import { typed } from './typed.ts';

export const BUNDLE_ENV = 'TENANT_SECRETS.env';

interface LifeParts {
  engine: Engine;
  bases: Bases;
  folder: string;
  report: (line: string) => void;
  admin: Account;
  authority: string;
}

type Person = Parameters<typeof streamAnswer>[0];

export class TenantLife {
  readonly engine: Engine;
  readonly folder: string;
  readonly report: (line: string) => void;
  readonly wish = ['--type', 'demo', '--domain', TENANT_DOMAIN, '--product', 'Operator', '--portal', ADDRESSES.portal];
  readonly #parts: LifeParts;

  constructor(parts: LifeParts) {
    this.#parts = parts;
    this.engine = parts.engine;
    this.folder = parts.folder;
    this.report = parts.report;
  }

  /** `npm run tenant` asks `docker compose`. */
  get byCommand(): boolean {
    return this.engine.composeWords[0] === 'docker';
  }

  get home(): string {
    return path.join(this.folder, 'tenants', TENANT_SLUG);
  }

  /** @returns what it wrote. @throws Fault with its last lines */
  tenant(...words: string[]): Promise<string> {
    const keys = { BACKUP_PASSPHRASE: 'a passphrase of the trial alone' };
    return typed('tools/src/tenant.ts', words, this.#parts.admin, this.folder, keys);
  }

  /** To the images and the authority of the trial. */
  adapt(): void {
    adaptTenant(this.home, BUNDLE_ENV, this.#parts.bases, this.#parts.authority);
  }
}

async function idsOf(engine: Engine): Promise<string[]> {
  const containers = await containersOf(engine, TENANT_PROJECT);
  return containers.map(({ id }) => id).sort();
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const said = await work.then(
    () => null,
    (error: Error) => error.message,
  );
  if (said === null) throw new Fault('what had to be refused was done');
  return said;
}

/** An image that isn't there: named, and the containers go on as they are. */
async function tryFailure(life: TenantLife): Promise<void> {
  const file = path.join(life.home, BUNDLE_ENV);
  const right = readFileSync(file, 'utf8');
  const before = await idsOf(life.engine);
  writeFileSync(file, right.replace(/^VERSION=.*$/m, 'VERSION=never-built'));
  const said = await refusalOf(life.tenant('deploy', TENANT_SLUG, '--target', 'compose'));
  writeFileSync(file, right);
  if (
    !/✗ docker compose up/.test(said) ||
    !said.includes('never-built') ||
    !said.includes('Run the same command again')
  )
    throw new Fault(`a deployment of an image that isn't there says:\n${said}`);
  if ((await idsOf(life.engine)).join() !== before.join()) throw new Fault('a failed deployment changed containers');
}

/** Debian's client of the bases of this machine is older than their server; the public image's is not. */
function canDump(life: TenantLife, project: Project): Promise<boolean> {
  const words = ['exec', '-T', 'postgres', 'pg_dump', '-U', 'tenant', '--schema-only', 'tenant'];
  return life.engine.compose(project.folder, project.envFile, ...words).then(
    () => true,
    () => false,
  );
}

/** Its folder and its containers are gone, as on another machine; the backup brings them back. */
async function tryMove(life: TenantLife, project: Project, person: Person): Promise<void> {
  const backups = path.join(life.folder, 'backups');
  mkdirSync(backups);
  await life.tenant('backup', TENANT_SLUG, '--to', backups);
  const file = path.join(backups, readdirSync(backups)[0] ?? '');
  const there = await refusalOf(life.tenant('restore', TENANT_SLUG, '--from', file));
  if (!there.includes('nothing is written over')) throw new Fault(`a restore over a tenant says:\n${there}`);
  const left = `${life.home}.left`;
  renameSync(life.home, left);
  const stillThere = await refusalOf(life.tenant('restore', TENANT_SLUG, '--from', file));
  if (!stillThere.includes('nothing is written over')) throw new Fault(`a restore over volumes says:\n${stillThere}`);
  await life.engine.compose(left, project.envFile, 'down', '--volumes');
  await life.tenant('restore', TENANT_SLUG, '--from', file);
  await life.tenant('deploy', TENANT_SLUG, '--target', 'compose');
  await streamAnswer(person, '');
}

/** @throws Fault of the first that isn't as docs/operations/tenants.md says */
export async function tryTenantLife(life: TenantLife, project: Project, person: Person): Promise<void> {
  const { report, engine } = life;
  report('\nThe tenant by its command');
  const before = await idsOf(engine);
  await life.tenant('create', TENANT_SLUG, ...life.wish, '--target', 'compose');
  if ((await idsOf(engine)).join() !== before.join()) throw new Fault('created again, its containers are others');
  report('  ✓ created and deployed again: nothing is changed');
  await tryFailure(life);
  report('  ✓ an image that is not there is named, and what runs goes on');
  await life.tenant('upgrade', TENANT_SLUG);
  life.adapt();
  await life.tenant('deploy', TENANT_SLUG, '--target', 'compose');
  await life.tenant('suspend', TENANT_SLUG, '--portal', ADDRESSES.portal);
  const refused = await refusalOf(streamAnswer(person, ''));
  if (!/: 40[13] /.test(refused)) throw new Fault(`a suspended tenant's person is answered: ${refused}`);
  await life.tenant('resume', TENANT_SLUG, '--portal', ADDRESSES.portal);
  await streamAnswer(person, '');
  report('  ✓ upgraded and deployed, suspended and resumed');
  if (await canDump(life, project)) {
    await tryMove(life, project, person);
    report('  ✓ backed up while it runs, restored where nothing of it was left, deployed');
  } else report('  skipped: backup and restore; pg_dump of this base is older than its Postgres');
  await life.tenant('destroy', TENANT_SLUG, '--confirm', TENANT_SLUG, '--portal', ADDRESSES.portal);
  const volumes = await engine.docker(
    'volume',
    'ls',
    '-q',
    '--filter',
    `label=com.docker.compose.project=${TENANT_PROJECT}`,
  );
  if ((await idsOf(engine)).length > 0 || volumes.trim() !== '') throw new Fault('destroyed, it left something behind');
  report('  ✓ destroyed: no container, no volume');
}
