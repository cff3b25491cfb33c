/** A copy of a Postgres data folder that starts by itself: of one that is stopped, or of one that runs meanwhile. */
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ownByPostgres, startPostgres } from '@cloudfreedom/testkit';
import pg from 'pg';
import { Fault } from '../stack/fault.ts';

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
async function copyTree(source: string, target: string, leaves: (name: string) => boolean): Promise<void> {
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
export async function copyRunningCluster(url: string, source: string, target: string): Promise<void> {
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

export async function copyStoppedCluster(source: string, target: string): Promise<void> {
  await copyTree(source, target, (name) => LEFT_OUT.has(name));
}

/** Rows of each table, by `schema.table`. */
export type RowCounts = Record<string, number>;

/** @throws Fault naming the tables whose rows are not as many as they were */
export function compareRows(found: RowCounts, expected: RowCounts): void {
  const wrong = [...new Set([...Object.keys(found), ...Object.keys(expected)])].filter(
    (table) => found[table] !== expected[table],
  );
  if (wrong.length > 0) throw new Fault(`These tables are not as they were backed up: ${wrong.join(', ')}.`);
}

async function countRows(url: string): Promise<RowCounts> {
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
 * Starts the server that a copied folder is, reads every table of one database, and stops it in order.
 * @throws Error where it doesn't start or a table can't be read
 */
export async function readCluster(folder: string, password: string, database: string): Promise<RowCounts> {
  if (!existsSync(path.join(folder, 'PG_VERSION'))) throw new Error(`${folder} holds no Postgres.`);
  await chmod(folder, 0o700);
  ownByPostgres(folder);
  const server = await startPostgres({ dataDir: folder, password });
  try {
    return await countRows(server.url(database));
  } finally {
    await server.stop();
  }
}
