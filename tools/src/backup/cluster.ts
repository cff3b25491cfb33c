/** A copy of a Postgres data folder that starts by itself: of one that is stopped, or of one that runs meanwhile. */
import { existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ownByPostgres, type Postgres, startPostgres } from '@cloudfreedom/testkit';
import pg from 'pg';
import { postgresFolder } from '../stack/databases.ts';
import { releaseDataDir, takeDataDir } from '../stack/run-file.ts';

/** Of the running server alone, or made anew at each start. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts']);
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/** A running server removes files while they are listed: what is gone by then isn't needed. */
export async function copyTree(
  source: string,
  target: string,
  leaves: (name: string) => boolean = () => false,
): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(source, { withFileTypes: true }).catch(ignoreGone)) {
    if (leaves(entry.name)) continue;
    const [from, to] = [path.join(source, entry.name), path.join(target, entry.name)];
    if (entry.isDirectory()) await copyTree(from, to, () => false);
    else if (entry.isFile()) await copyFile(from, to).catch(ignoreGone);
  }
}

function ignoreGone(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

/**
 * Postgres' own way to copy a running server: between the two calls its files may change as they like, the log that
 * belongs to them makes them whole at the first start.
 * @param url of a superuser
 */
async function copyRunningCluster(url: string, source: string, target: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Keeps the log from its removal; it ends with this connection.
    await client.query("SELECT pg_create_physical_replication_slot('backup_' || pg_backend_pid(), true, true)");
    await client.query("SELECT pg_backup_start('cloudfreedom', true)");
    await copyTree(source, target, (name) => LEFT_OUT.has(name) || EMPTIED.has(name));
    for (const name of EMPTIED) await mkdir(path.join(target, name), { recursive: true, mode: 0o700 });
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    await copyTree(path.join(source, 'pg_wal'), path.join(target, 'pg_wal'), (name) => name === 'summaries');
    await writeFile(path.join(target, 'backup_label'), rows[0]?.labelfile ?? '', { mode: 0o600 });
  } finally {
    await client.end();
  }
}

/** By the file that a running server keeps in its folder: process, folder, start, port. undefined: none runs. */
function runningPort(folder: string): number | undefined {
  const file = path.join(folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const [pid, , , port] = readFileSync(file, 'utf8').split('\n');
  try {
    process.kill(Number(pid), 0);
    return Number(port);
  } catch {
    return undefined;
  }
}

/**
 * The Postgres of a data directory, whether it runs or not.
 * @param password of its superuser
 * @throws Fault where a launcher is starting or stopping it at this moment
 */
export async function copyCluster(
  dataDir: string,
  password: string,
  target: string,
  report: (line: string) => void,
): Promise<void> {
  const source = postgresFolder(dataDir, false, () => {});
  const port = runningPort(source);
  if (port !== undefined) {
    const url = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
    return copyRunningCluster(url, source, target);
  }
  await takeDataDir(dataDir, report);
  try {
    await copyTree(source, target, (name) => LEFT_OUT.has(name));
  } finally {
    releaseDataDir(dataDir);
  }
}

/** Rows of each table, by `schema.table`. */
export type RowCounts = Record<string, number>;

/** @param url of one database */
export async function countRows(url: string): Promise<RowCounts> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string; quoted: string }>(
      `SELECT schemaname || '.' || tablename AS name, format('%I.%I', schemaname, tablename) AS quoted
         FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const counts: RowCounts = {};
    for (const { name, quoted } of tables) {
      const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${quoted}`);
      counts[name] = Number(rows[0]?.count);
    }
    return counts;
  } finally {
    await client.end();
  }
}

/**
 * Starts the server that a copied folder is, lets it be worked with, and stops it in order.
 * @throws Error where it doesn't start
 */
export async function withCluster<T>(
  folder: string,
  password: string,
  work: (server: Postgres) => Promise<T>,
): Promise<T> {
  if (!existsSync(path.join(folder, 'PG_VERSION'))) throw new Error(`${folder} holds no Postgres.`);
  await chmod(folder, 0o700);
  ownByPostgres(folder);
  const server = await startPostgres({ dataDir: folder, password });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}
