/** What a tenant in containers keeps: its databases and volumes, copied out of them and back. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RowCounts } from '../backup/cluster.ts';
import { compareRows } from '../backup/staging.ts';
import { Fault } from '../stack/fault.ts';
import type { BundleFolder } from './bundle-folder.ts';
import { docker, inBundle } from './compose.ts';

interface Database {
  service: string;
  /** Of the database and of its owner alike. */
  name: string;
}

const TENANT: Database = { service: 'postgres', name: 'tenant' };
const WEBUI: Database = { service: 'webui-postgres', name: 'webui' };
/** Where a service has its volume; by profile. */
const VOLUMES = [
  { service: 'webui', at: '/app/backend/data' },
  { service: 'qdrant', at: '/qdrant/storage' },
  { service: 'garage', at: '/data' },
];
const CHECKED = 'backup_check';
const COUNT_ROWS = `SELECT format('SELECT %L, count(*) FROM %I.%I', schemaname || '.' || tablename, schemaname, tablename)
  FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 \\gexec
`;

const profilesOf = (folder: BundleFolder) => (folder.secrets().COMPOSE_PROFILES ?? '').split(',');
const databasesOf = (folder: BundleFolder) => (profilesOf(folder).includes('webui') ? [TENANT, WEBUI] : [TENANT]);
const volumesOf = (folder: BundleFolder) => VOLUMES.filter(({ service }) => profilesOf(folder).includes(service));

/** Whether the bundle was deployed by Docker Compose on this machine, by the command or by hand. */
export async function isInContainers(folder: BundleFolder): Promise<boolean> {
  if (folder.state().compose) return true;
  const listed = await inBundle(folder, ['ps', '--all', '--quiet', TENANT.service]).catch(() => '');
  return listed.trim() !== '';
}

const exec = (folder: BundleFolder, { service }: Database, words: string[], streams?: Parameters<typeof docker>[2]) =>
  inBundle(folder, ['exec', '--no-TTY', service, ...words], streams);

async function countRows(folder: BundleFolder, database: Database, name: string): Promise<RowCounts> {
  const psql = ['psql', '-X', '-q', '-A', '-t', '-F', ' ', '-v', 'ON_ERROR_STOP=1', '-U', database.name, '-d', name];
  const listed = await exec(folder, database, psql, { input: COUNT_ROWS });
  const lines = listed.split('\n').filter(Boolean);
  // The count comes last: a table's name may hold anything.
  const cells = lines.map((line) => /^(.*) (\d+)$/.exec(line) ?? []);
  return Object.fromEntries(cells.map(([, table, count]) => [`${database.name}: ${table}`, Number(count)]));
}

const fileOf = (folder: string, { name }: Database) => path.join(folder, `${name}.dump`);

/** The dump is put into a database beside the tenant's own and read there: what was written can be restored. */
async function readDump(folder: BundleFolder, database: Database, file: string): Promise<RowCounts> {
  const drop = () => exec(folder, database, ['dropdb', '-U', database.name, '--if-exists', '--force', CHECKED]);
  await drop();
  try {
    await exec(folder, database, ['createdb', '-U', database.name, '-T', 'template0', CHECKED]);
    await restoreDump(folder, database, file, CHECKED);
    return await countRows(folder, database, CHECKED);
  } finally {
    await drop();
  }
}

const restoreDump = (folder: BundleFolder, database: Database, file: string, into: string) =>
  exec(folder, database, ['pg_restore', '-U', database.name, '--exit-on-error', '-d', into], { from: file });

/** A program with a container's volume, in the image of Postgres, which has tar. */
async function withVolume(
  folder: BundleFolder,
  { service, at }: (typeof VOLUMES)[number],
  words: string[],
  streams: Parameters<typeof docker>[2],
): Promise<void> {
  const id = (await inBundle(folder, ['ps', '--all', '--quiet', service])).trim();
  if (id === '') throw new Fault(`${service} has no container, and so no volume: deploy it first.`);
  const from = (await inBundle(folder, ['ps', '--all', '--quiet', TENANT.service])).trim();
  const image = (await docker(folder.path, ['inspect', '--format', '{{.Image}}', from])).trim();
  const run = ['run', '--rm', '--interactive', '--network', 'none', '--volumes-from', id, '--entrypoint', 'tar', image];
  await docker(folder.path, [...run, '-C', at, ...words], streams);
}

/** Frozen while it is copied: its files belong to one moment. */
async function copyVolume(folder: BundleFolder, volume: (typeof VOLUMES)[number], to: string): Promise<void> {
  const running = (await inBundle(folder, ['ps', '--quiet', '--status', 'running', volume.service])).trim() !== '';
  if (running) await inBundle(folder, ['pause', volume.service]);
  try {
    await withVolume(folder, volume, ['-cf', '-', '.'], { to });
  } finally {
    if (running) await inBundle(folder, ['unpause', volume.service]);
  }
}

const startDatabases = (folder: BundleFolder) =>
  inBundle(folder, ['up', '--detach', '--wait', '--no-recreate', ...databasesOf(folder).map(({ service }) => service)]);

type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/**
 * The tenant may run meanwhile; one that is stopped has its databases started.
 * @param into folder for the files
 * @returns the rows that the copies hold
 */
export async function copyStores(folder: BundleFolder, into: string, step: Step): Promise<RowCounts> {
  let rows: RowCounts = {};
  await startDatabases(folder);
  for (const database of databasesOf(folder)) {
    const file = fileOf(into, database);
    const dump = ['pg_dump', '-U', database.name, '-Fc', database.name];
    await step(`database ${database.name} copied`, () => exec(folder, database, dump, { to: file }));
    const found = await step(`copy of ${database.name} read`, () => readDump(folder, database, file));
    rows = { ...rows, ...found };
  }
  for (const volume of volumesOf(folder))
    await step(`files of ${volume.service} copied`, () =>
      copyVolume(folder, volume, path.join(into, `${volume.service}.tar`)),
    );
  return rows;
}

/** @throws Fault where this machine has containers or volumes of the tenant already */
async function checkEmpty(folder: BundleFolder): Promise<void> {
  const project = folder.secrets().COMPOSE_PROJECT_NAME ?? '';
  const label = `label=com.docker.compose.project=${project}`;
  const volumes = await docker(folder.path, ['volume', 'ls', '--quiet', '--filter', label]);
  const containers = await docker(folder.path, ['ps', '--all', '--quiet', '--filter', label]);
  if (volumes.trim() !== '' || containers.trim() !== '')
    throw new Fault(
      `Docker has containers or volumes of ${project} already: nothing is written over. Look at docker ps -a and docker volume ls.`,
    );
}

/**
 * Databases and volumes from the files; nothing else is started. A failure leaves nothing of them behind.
 * @param from folder with the files
 * @param rows that have to be there then
 */
export async function restoreStores(folder: BundleFolder, from: string, rows: RowCounts, step: Step): Promise<void> {
  await checkEmpty(folder);
  try {
    await step('databases started', () => startDatabases(folder));
    await step('databases restored, read and compared', async () => {
      let found: RowCounts = {};
      for (const database of databasesOf(folder)) {
        await restoreDump(folder, database, fileOf(from, database), database.name);
        found = { ...found, ...(await countRows(folder, database, database.name)) };
      }
      compareRows(found, rows, folder.slug);
    });
    for (const volume of volumesOf(folder).filter(({ service }) => existsSync(path.join(from, `${service}.tar`))))
      await step(`files of ${volume.service} restored`, async () => {
        await inBundle(folder, ['up', '--no-start', '--no-deps', volume.service]);
        await withVolume(folder, volume, ['-xpf', '-'], { from: path.join(from, `${volume.service}.tar`) });
      });
  } catch (error) {
    await inBundle(folder, ['--profile', '*', 'down', '--volumes']).catch(() => {});
    throw error;
  }
}
