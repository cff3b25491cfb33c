/** A folder for the time of a backup or a restore, and putting in place what was made ready in it. */
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownByPostgres } from '@cloudfreedom/testkit';
import { folderBesides, postgresFolder } from '../stack/databases.ts';
import { Fault } from '../stack/fault.ts';
import type { RowCounts } from './cluster.ts';
import { ROOM } from './sealed-archive.ts';

const MEGABYTE = 1024 * 1024;

export async function withStaging<T>(work: (staging: string) => Promise<T>): Promise<T> {
  const staging = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-backup-'));
  ownByPostgres(staging);
  try {
    return await work(staging);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Bytes below a folder; what is removed meanwhile counts nothing. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(path.join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * A copy and its archive lie in the temporary folder for a while.
 * @param target bytes that fit where the archive goes; undefined: nobody knows
 * @throws Fault where they would not fit
 */
export async function checkRoom(folders: string[], target: { name: string; free: number | undefined }): Promise<void> {
  const sizes = await Promise.all(folders.map(sizeOf));
  const size = sizes.reduce((sum, one) => sum + one, 0);
  const { bavail, bsize } = await statfs(tmpdir());
  const rooms = [
    { name: tmpdir(), free: bavail * bsize, needed: 2 * size },
    { name: target.name, free: target.free ?? Number.POSITIVE_INFINITY, needed: size },
  ];
  for (const { name, free, needed } of rooms)
    if (free < needed)
      throw new Fault(
        `${name} has ${Math.floor(free / MEGABYTE)} MB free, up to ${Math.ceil(needed / MEGABYTE)} MB are needed: ${ROOM}`,
      );
}

/** @throws Fault that names the tables */
export function compareRows(found: RowCounts, expected: RowCounts, of: string): void {
  const wrong = [...new Set([...Object.keys(found), ...Object.keys(expected)])].filter(
    (table) => found[table] !== expected[table],
  );
  if (wrong.length > 0) throw new Fault(`These tables of ${of} are not as they were backed up: ${wrong.join(', ')}.`);
}

/**
 * Where Postgres will look for it once the data directory has its name.
 * @param arriving the data directory that is to be renamed
 * @param dataDir its name then
 * @returns the folder outside of it, where Postgres can't enter it
 */
export function placeCluster(cluster: string, arriving: string, dataDir: string): string | null {
  rmSync(folderBesides(dataDir), { recursive: true, force: true });
  const own = postgresFolder(arriving, false, () => {});
  const isBesides = own !== path.join(arriving, 'postgres');
  const target = isBesides ? folderBesides(dataDir) : own;
  cpSync(cluster, target, { recursive: true });
  chmodSync(target, 0o700);
  ownByPostgres(target);
  return isBesides ? target : null;
}
