/** One tenant as one encrypted file: its bundle with its secrets, and its database; and back, here or on another machine. */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tenantSlug } from '@cloudfreedom/tenant-bundle';
import { z } from 'zod';
import { copyCluster, countRows, type RowCounts, withCluster } from '../backup/cluster.ts';
import { openArchive, readOpener, readSeal, sealFolder } from '../backup/sealed-archive.ts';
import { compareRows, placeCluster, withStaging } from '../backup/staging.ts';
import { Fault } from '../stack/fault.ts';
import type { BundleFolder } from './bundle-folder.ts';
import { copyStores, isInContainers, restoreStores } from './container-stores.ts';
import type { Progress } from './progress.ts';
import { DATABASE } from './run.ts';

const MANIFEST_FILE = 'manifest.json';
const manifest = z.object({
  format: z.literal(1),
  slug: tenantSlug,
  madeAt: z.iso.datetime(),
  /** A database as a folder of Postgres, or databases and volumes as containers had them. */
  stores: z.enum(['folder', 'containers']).default('folder'),
  rows: z.record(z.string(), z.number()),
});

interface BackupParts {
  folder: BundleFolder;
  progress: Progress;
  environment: NodeJS.ProcessEnv;
  report: (line: string) => void;
}

function passwordOf(folder: BundleFolder): string {
  const { POSTGRES_PASSWORD } = folder.secrets();
  if (POSTGRES_PASSWORD) return POSTGRES_PASSWORD;
  throw new Fault(`POSTGRES_PASSWORD is missing in ${folder.path}.`);
}

/** Its bundle and, where it ever ran here, its database. */
export async function copyTenant(
  folder: BundleFolder,
  target: string,
  report: (line: string) => void,
): Promise<{ hasDatabase: boolean }> {
  const dataDir = folder.file('data');
  copyBundle(folder, target);
  const hasDatabase = existsSync(dataDir);
  if (hasDatabase) await copyCluster(dataDir, passwordOf(folder), path.join(target, 'postgres'), report);
  return { hasDatabase };
}

/**
 * @param copy folder that `copyTenant` made
 * @throws Error where the database doesn't start or a table can't be read
 */
export function readTenant(folder: BundleFolder, copy: string): Promise<RowCounts> {
  const copied = folder.at(path.join(copy, 'bundle'));
  return withCluster(path.join(copy, 'postgres'), passwordOf(copied), (server) => countRows(server.url(DATABASE)));
}

function copyBundle(folder: BundleFolder, target: string): void {
  const withoutData = (from: string) => path.resolve(from) !== path.resolve(folder.file('data'));
  cpSync(folder.path, path.join(target, 'bundle'), { recursive: true, filter: withoutData });
}

/** @returns the rows that the copy holds */
async function copyFolder({ folder, progress, report }: BackupParts, staging: string): Promise<RowCounts> {
  await progress.step('database copied', () => copyTenant(folder, staging, report));
  return progress.step('copy started and read', () => readTenant(folder, staging));
}

/** @returns the rows that the copies hold */
async function copyContainers({ folder, progress }: BackupParts, staging: string): Promise<RowCounts> {
  copyBundle(folder, staging);
  return copyStores(folder, staging, (name, work) => progress.step(name, work));
}

/**
 * The tenant may run meanwhile. What is written was started and read before: a backup that is there can be restored.
 * @param into folder for the file
 * @returns the file
 */
export async function backupTenant(parts: BackupParts, into: string): Promise<string> {
  const { folder, progress, environment } = parts;
  const encrypter = readSeal(environment);
  folder.finished();
  const stores = (await isInContainers(folder)) ? 'containers' : 'folder';
  if (stores === 'folder' && !existsSync(folder.file('data')))
    throw new Fault(
      `${folder.slug} was never started on this machine, neither by npm run tenant nor by Docker Compose: a backup is made where it runs. Of one in Coolify: docs/operations/backup.md.`,
    );
  const madeAt = new Date().toISOString();
  const file = path.join(path.resolve(into), `${folder.slug}-${madeAt.replaceAll(/[:.]/g, '-')}.tar.gz.age`);
  return withStaging(async (staging) => {
    const rows = stores === 'folder' ? await copyFolder(parts, staging) : await copyContainers(parts, staging);
    await progress.step('encrypted', async () => {
      const about: z.input<typeof manifest> = { format: 1, slug: folder.slug, madeAt, stores, rows };
      writeFileSync(path.join(staging, MANIFEST_FILE), `${JSON.stringify(about, null, 2)}\n`);
      mkdirSync(path.dirname(file), { recursive: true });
      await sealFolder(staging, file, encrypter);
    });
    return file;
  });
}

function readManifest(staging: string, slug: string): z.output<typeof manifest> {
  const file = path.join(staging, MANIFEST_FILE);
  const parsed = manifest.safeParse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);
  if (!parsed.success) throw new Fault('The file is no backup of a tenant, or one of another version.');
  if (parsed.data.slug !== slug) throw new Fault(`The file is a backup of ${parsed.data.slug}, not of ${slug}.`);
  return parsed.data;
}

/**
 * Beside where the bundle will be: until it is moved there in one go, there is nothing of the tenant here.
 * @param copy folder that `copyTenant` made
 */
function layOut(copy: string, folder: BundleFolder): BundleFolder {
  const arriving = `${folder.path}.restoring`;
  rmSync(arriving, { recursive: true, force: true });
  cpSync(path.join(copy, 'bundle'), arriving, { recursive: true });
  chmodSync(arriving, 0o700);
  return folder.at(arriving);
}

/**
 * The bundle comes last, in one move: until then there is nothing of the tenant here.
 * @param copy folder that `copyTenant` made
 */
export function placeTenant(copy: string, folder: BundleFolder, report: (line: string) => void): void {
  const arriving = layOut(copy, folder).path;
  if (existsSync(path.join(copy, 'postgres'))) {
    const data = path.join(arriving, 'data');
    mkdirSync(data, { mode: 0o755 });
    const besides = placeCluster(path.join(copy, 'postgres'), data, folder.file('data'));
    if (besides) report(`The database of ${folder.slug} lies in ${besides}.`);
  }
  renameSync(arriving, folder.path);
}

async function restoreFolder({ folder, progress, report }: BackupParts, staging: string, rows: RowCounts) {
  await progress.step('database started, read and compared', async () =>
    compareRows(await readTenant(folder, staging), rows, folder.slug),
  );
  await progress.step('put in its place', () => placeTenant(staging, folder, report));
}

async function restoreContainers({ folder, progress }: BackupParts, staging: string, rows: RowCounts) {
  const arriving = layOut(staging, folder);
  try {
    await restoreStores(arriving, staging, rows, (name, work) => progress.step(name, work));
    await progress.step('put in its place', () => renameSync(arriving.path, folder.path));
  } finally {
    arriving.remove();
  }
}

/**
 * @param from the file
 * @returns the rows that were read, by table, and where they are
 * @throws Fault where there is such a tenant here already, and where the file can't be opened or read
 */
export async function restoreTenant(
  parts: BackupParts,
  from: string,
): Promise<{ rows: RowCounts; stores: z.output<typeof manifest>['stores'] }> {
  const { folder, progress, environment } = parts;
  const decrypter = readOpener(environment);
  if (existsSync(folder.path))
    throw new Fault(`${folder.path} is there already: move it away first, nothing is written over.`);
  if (!existsSync(from)) throw new Fault(`--from: there is no file ${from}.`);
  return withStaging(async (staging) => {
    await progress.step('opened', () => openArchive(from, staging, decrypter));
    const { rows, stores } = readManifest(staging, folder.slug);
    const restore = stores === 'folder' ? restoreFolder : restoreContainers;
    await restore(parts, staging, rows);
    return { rows, stores };
  });
}
