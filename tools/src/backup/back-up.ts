/** The whole installation as one encrypted file, made while it runs or while it stands still. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { postgresFolder } from '../stack/databases.ts';
import { Fault } from '../stack/fault.ts';
import { loadSecrets } from '../stack/secrets.ts';
import { copyTenant, readTenant } from '../tenant/backup.ts';
import type { BundleFolder } from '../tenant/bundle-folder.ts';
import type { Progress } from '../tenant/progress.ts';
import { readBooks } from './books.ts';
import { copyCluster, type RowCounts } from './cluster.ts';
import { addToErasureList, CORE_FILES, type Manifest, partsOf } from './installation.ts';
import type { Place } from './place.ts';
import { copyPocketBase, readErasures, readPocketBase } from './pocketbase-copy.ts';
import { readSeal, sealFolder } from './sealed-archive.ts';
import { checkRoom, withStaging } from './staging.ts';

export interface Installation {
  dataDir: string;
  /** A Postgres of one's own, where there is one. */
  databaseUrl: string | undefined;
  tenants: BundleFolder[];
}

export interface BackupParts {
  place: Place;
  progress: Progress;
  environment: NodeJS.ProcessEnv;
  report: (line: string) => void;
}

function checkStarted(dataDir: string): void {
  for (const name of ['secrets.json', 'pocketbase'])
    if (!existsSync(path.join(dataDir, name)))
      throw new Fault(`There is no installation in ${dataDir}: npm start was never run with it (DATA_DIR).`);
}

/** The ids alone, which lead nowhere: small enough to be told every minute. @returns how many people are on the list */
export async function backUpErasures({ dataDir }: Installation, place: Place): Promise<number> {
  checkStarted(dataDir);
  return addToErasureList(place, readErasures(path.join(dataDir, 'pocketbase')));
}

function checkInstallation({ dataDir, databaseUrl }: Installation): void {
  checkStarted(dataDir);
  if (databaseUrl)
    throw new Fault(
      "Postgres is a server of its own here (DATABASE_URL): it is backed up by that server's own means, see docs/operations/backup.md.",
    );
}

/** Postgres' user has to get through to what is in it. */
function makePassable(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
}

/**
 * A message goes from a tenant to billing, and from billing to PocketBase, and is sent until it is taken. So the sender
 * is copied first: what is under way is in its copy, in the receiver's, or in both, and taken once. PocketBase's own
 * messages need no order, billing compares itself with it whole.
 */
async function copyAll(
  { dataDir, tenants }: Installation,
  staging: string,
  { progress, report }: BackupParts,
): Promise<{ withDatabase: BundleFolder[]; booksFrom: Date }> {
  const parts = partsOf(staging);
  const withDatabase: BundleFolder[] = [];
  makePassable(parts.core);
  for (const folder of tenants) {
    makePassable(path.dirname(parts.tenant(folder.slug)));
    makePassable(parts.tenant(folder.slug));
    await progress.step(`tenant ${folder.slug} copied`, async () => {
      const { hasDatabase } = await copyTenant(folder, parts.tenant(folder.slug), report);
      if (hasDatabase) withDatabase.push(folder);
      else report(`    ${folder.slug} never ran on this machine: its bundle is in it, its database is elsewhere.`);
    });
  }
  const booksFrom = new Date();
  await progress.step('Postgres copied', () =>
    copyCluster(dataDir, loadSecrets(dataDir).postgresPassword, parts.postgres, report),
  );
  await progress.step('PocketBase copied', async () => {
    await copyPocketBase(path.join(dataDir, 'pocketbase'), parts.pocketbase);
    for (const name of CORE_FILES)
      if (existsSync(path.join(dataDir, name))) copyFileSync(path.join(dataDir, name), path.join(parts.core, name));
  });
  return { withDatabase, booksFrom };
}

/** Starts every copied database: what is written can be restored. */
async function readAll(
  { tenants }: Installation,
  staging: string,
  { withDatabase, booksFrom }: { withDatabase: BundleFolder[]; booksFrom: Date },
): Promise<Manifest> {
  const parts = partsOf(staging);
  const { rows, brokenLaws } = await readBooks(staging, booksFrom);
  const ofTenants: Record<string, RowCounts | null> = {};
  for (const folder of tenants)
    ofTenants[folder.slug] = withDatabase.includes(folder) ? await readTenant(folder, parts.tenant(folder.slug)) : null;
  return {
    format: 1,
    of: 'installation',
    madeAt: new Date().toISOString(),
    booksFrom: booksFrom.toISOString(),
    postgres: rows,
    pocketbase: readPocketBase(parts.pocketbase),
    tenants: ofTenants,
    brokenLaws,
  };
}

function foldersOf({ dataDir, tenants }: Installation): string[] {
  const clusters = [dataDir, ...tenants.map((folder) => folder.file('data')).filter((data) => existsSync(data))];
  return [path.join(dataDir, 'pocketbase'), ...clusters.map((folder) => postgresFolder(folder, false, () => {}))];
}

/**
 * @returns the backup's name in its place, and what is wrong with the books as they are
 * @throws Fault; nothing is written then
 */
export async function backUp(
  installation: Installation,
  parts: BackupParts,
): Promise<{ name: string; brokenLaws: string[] }> {
  const { place, progress, environment } = parts;
  const encrypter = readSeal(environment);
  checkInstallation(installation);
  await checkRoom(foldersOf(installation), { name: place.nameOf(''), free: await place.free() });
  return withStaging(async (folder) => {
    const staging = path.join(folder, 'installation');
    makePassable(staging);
    const copied = await copyAll(installation, staging, parts);
    const about = await progress.step('copies started, read and checked', () => readAll(installation, staging, copied));
    writeFileSync(partsOf(staging).manifest, `${JSON.stringify(about, null, 2)}\n`);
    const name = `cloudfreedom-${about.madeAt.replaceAll(/[:.]/g, '-')}.tar.gz.age`;
    const sealed = path.join(folder, name);
    await progress.step('encrypted', () => sealFolder(staging, sealed, encrypter));
    await progress.step('written', async () => {
      await addToErasureList(place, readErasures(partsOf(staging).pocketbase));
      await place.put(name, sealed);
    });
    return { name, brokenLaws: about.brokenLaws };
  });
}
