/** A tenant in containers by `npm run tenant` alone: made again, failing, upgraded, suspended, moved, ended. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readVariables } from '@cloudfreedom/tenant-bundle';
import type PocketBase from 'pocketbase';
import { Fault } from '../stack/fault.ts';
import type { Bases } from './bases.ts';
import type { Project } from './bring-up.ts';
import { adaptTenant, TENANT_PROJECT, TENANT_SLUG, VERSION } from './deployment.ts';
import { containersOf, type Engine } from './engine.ts';
import { type Account, ADDRESSES, type Person, signIn } from './flow.ts';
import { chargedTo, chatTitles, startChat, statusAsService } from './kept.ts';
import { TENANT_DOMAIN } from './names.ts';
import { ACTIVE, ENDED, expectStanding, holderOf, SUSPENDED } from './standing.ts';
import { typed } from './typed.ts';

export const BUNDLE_ENV = 'TENANT_SECRETS.env';
const CHAT = 'Kept by the backup';

interface LifeParts {
  engine: Engine;
  bases: Bases;
  folder: string;
  report: (line: string) => void;
  admin: Account;
  authority: string;
}

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

/** Its folder and its containers are gone, as on another machine; the backup brings them back. */
async function tryMove(life: TenantLife, project: Project, person: Person, tenantId: string): Promise<void> {
  const holder = await holderOf(person, tenantId);
  await startChat(holder, CHAT);
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
  await expectStanding(holder, ACTIVE);
  const titles = await chatTitles(holder);
  if (titles.join() !== CHAT) throw new Fault(`after the restore the person has these chats: ${titles.join(', ')}`);
}

async function trySuspension(life: TenantLife, person: Person, tenantId: string): Promise<void> {
  const holder = await holderOf(person, tenantId);
  await expectStanding(holder, ACTIVE);
  await life.tenant('suspend', TENANT_SLUG, '--portal', ADDRESSES.portal);
  await expectStanding(holder, SUSPENDED);
  await life.tenant('resume', TENANT_SLUG, '--portal', ADDRESSES.portal);
  // Their sessions ended; keys are as they were.
  person.session = (await signIn(person)).authStore.token;
  await expectStanding(await holderOf(person, tenantId), ACTIVE);
}

/** What Docker still has of it. */
async function leftOf(engine: Engine): Promise<string[]> {
  const label = ['--filter', `label=com.docker.compose.project=${TENANT_PROJECT}`];
  const lists = [
    ['ps', '--all', '--quiet'],
    ['volume', 'ls', '--quiet'],
    ['network', 'ls', '--quiet'],
  ];
  const left = await Promise.all(lists.map((words) => engine.docker(...words, ...label)));
  return left.flatMap((text) => text.split('\n').filter(Boolean));
}

async function tryEnd(life: TenantLife, admin: PocketBase, person: Person, tenantId: string): Promise<void> {
  const holder = await holderOf(person, tenantId);
  const { BILLING_SERVICE_TOKEN = '' } = readVariables(readFileSync(path.join(life.home, BUNDLE_ENV), 'utf8'));
  const charged = await chargedTo(tenantId, admin);
  if ((await statusAsService(BILLING_SERVICE_TOKEN)) !== 200)
    throw new Fault('billing does not know the service token of a tenant that runs');
  await life.tenant('destroy', TENANT_SLUG, '--confirm', TENANT_SLUG, '--portal', ADDRESSES.portal);
  await expectStanding(holder, ENDED);
  const left = await leftOf(life.engine);
  if (left.length > 0 || existsSync(life.home)) throw new Fault(`destroyed, it left behind: ${left.join(', ')}`);
  const status = await statusAsService(BILLING_SERVICE_TOKEN);
  if (status !== 401) throw new Fault(`destroyed, its service token is answered with ${status}`);
  const record = await admin.collection('tenants').getOne(tenantId);
  if (record.status !== 'suspended') throw new Fault(`destroyed, its record says ${record.status}`);
  const { requests, charge } = await chargedTo(tenantId, admin);
  if (requests === 0 || requests !== charged.requests || charge !== charged.charge)
    throw new Fault(`of ${charged.requests} requests for ${charged.charge} € ${requests} for ${charge} € are left`);
}

/** @throws Fault of the first that isn't as docs/operations/tenants.md says */
export async function tryTenantLife(
  life: TenantLife,
  project: Project,
  admin: PocketBase,
  person: Person,
): Promise<void> {
  const { report, engine } = life;
  const tenantId = (await admin.collection('tenants').getFirstListItem(`slug = '${TENANT_SLUG}'`)).id;
  report('\nThe tenant by its command');
  const versionOf = () => readVariables(readFileSync(path.join(life.home, BUNDLE_ENV), 'utf8')).VERSION;
  const set = versionOf();
  const kept = await life.tenant('upgrade', TENANT_SLUG);
  if (versionOf() !== set || !kept.includes(`stay at VERSION=${set}`))
    throw new Fault(`an upgrade that names no version leaves ${versionOf()} of ${set}, and says:\n${kept}`);
  await life.tenant('upgrade', TENANT_SLUG, '--version', VERSION);
  if (versionOf() !== VERSION) throw new Fault(`an upgrade to ${VERSION} leaves ${versionOf()}`);
  await life.tenant('deploy', TENANT_SLUG, '--target', 'compose');
  await expectStanding(await holderOf(person, tenantId), ACTIVE);
  report('  ✓ the bundle made again and deployed, with the version from before');
  const before = await idsOf(engine);
  await life.tenant('create', TENANT_SLUG, ...life.wish, '--target', 'compose');
  if ((await idsOf(engine)).join() !== before.join()) throw new Fault('created again, its containers are others');
  report('  ✓ created and deployed again: nothing is changed');
  await tryFailure(life);
  report('  ✓ an image that is not there is named, and what runs goes on');
  await trySuspension(life, person, tenantId);
  report('  ✓ suspended: refused with the right words everywhere; resumed: all is answered');
  await tryMove(life, project, person, tenantId);
  report(
    '  ✓ backed up while it runs, restored where nothing of it was left, deployed: chats, keys and budget are there',
  );
  await tryEnd(life, admin, person, tenantId);
  report('  ✓ destroyed: no container, volume, network, bundle or service token; its record and what was charged stay');
}
