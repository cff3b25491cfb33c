/** One tenant as one encrypted file: its bundle with its secrets, and its database; and back, here or on another machine. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tenantSlug } from '@cloudfreedom/tenant-bundle';
import { ownByPostgres } from '@cloudfreedom/testkit';
import { z } from 'zod';
import { compareRows, copyRunningCluster, copyStoppedCluster, type RowCounts, readCluster } from '../backup/cluster.ts';
import { openArchive, readOpener, readSeal, sealFolder } from '../backup/sealed-archive.ts';
import { folderBesides, postgresFolder } from '../stack/databases.ts';
import { Fault } from '../stack/fault.ts';
import { releaseDataDir, takeDataDir } from '../stack/run-file.ts';
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
const running = z.object({ databaseUrl: z.string() });

interface BackupParts {
  folder: BundleFolder;
  progress: Progress;
  environment: NodeJS.ProcessEnv;
  report: (line: string) => void;
}

async function withStaging<T>(work: (staging: string) => Promise<T>): Promise<T> {
  const staging = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-backup-'));
  ownByPostgres(staging);
  try {
    return await work(staging);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function passwordOf(folder: BundleFolder): string {
  const { POSTGRES_PASSWORD } = folder.secrets();
  if (POSTGRES_PASSWORD) return POSTGRES_PASSWORD;
  throw new Fault(`POSTGRES_PASSWORD is missing in ${folder.path}.`);
}

async function copyDatabase({ folder, report }: BackupParts, target: string): Promise<void> {
  const dataDir = folder.file('data');
  const source = postgresFolder(dataDir, false, () => {});
  const started = folder.file('data/running.json');
  if (existsSync(started)) {
    const { databaseUrl } = running.parse(JSON.parse(readFileSync(started, 'utf8')));
    return copyRunningCluster(databaseUrl, source, target);
  }
  await takeDataDir(dataDir, report);
  try {
    await copyStoppedCluster(source, target);
  } finally {
    releaseDataDir(dataDir);
  }
}

/** @returns the rows that the copy holds */
async function copyFolder(parts: BackupParts, staging: string): Promise<RowCounts> {
  const { folder, progress } = parts;
  const copied = path.join(staging, 'postgres');
  await progress.step('database copied', () => copyDatabase(parts, copied));
  return progress.step('copy started and read', () => readCluster(copied, passwordOf(folder), DATABASE));
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
    const rows =
      stores === 'folder'
        ? await copyFolder(parts, staging)
        : await copyStores(folder, staging, (name, work) => progress.step(name, work));
    await progress.step('encrypted', async () => {
      const withoutData = (from: string) => path.resolve(from) !== path.resolve(folder.file('data'));
      cpSync(folder.path, path.join(staging, 'bundle'), { recursive: true, filter: withoutData });
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

/** Beside where the bundle will be: until it is moved there in one go, there is nothing of the tenant here. */
function layOut(staging: string, folder: BundleFolder): BundleFolder {
  const arriving = `${folder.path}.restoring`;
  rmSync(arriving, { recursive: true, force: true });
  cpSync(path.join(staging, 'bundle'), arriving, { recursive: true });
  chmodSync(arriving, 0o700);
  return folder.at(arriving);
}

function putInPlace(staging: string, folder: BundleFolder, report: (line: string) => void): void {
  const arriving = layOut(staging, folder).path;
  mkdirSync(path.join(arriving, 'data'), { mode: 0o755 });
  rmSync(folderBesides(folder.file('data')), { recursive: true, force: true });
  const own = postgresFolder(path.join(arriving, 'data'), false, () => {});
  const isBesides = own !== path.join(arriving, 'data', 'postgres');
  const target = isBesides ? folderBesides(folder.file('data')) : own;
  cpSync(path.join(staging, 'postgres'), target, { recursive: true });
  chmodSync(target, 0o700);
  ownByPostgres(target);
  renameSync(arriving, folder.path);
  if (isBesides) report(`Its database lies in ${target}.`);
}

async function restoreFolder({ folder, progress, report }: BackupParts, staging: string, rows: RowCounts) {
  await progress.step('database started, read and compared', async () => {
    const restored = folder.at(path.join(staging, 'bundle'));
    compareRows(await readCluster(path.join(staging, 'postgres'), passwordOf(restored), DATABASE), rows);
  });
  await progress.step('put in its place', () => putInPlace(staging, folder, report));
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
