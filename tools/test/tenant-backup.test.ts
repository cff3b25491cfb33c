/** A tenant's backup: made while its database is written to, opened by its key alone, restored with every row that it says. */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BUNDLE_FILE, SECRETS_FILE } from '@cloudfreedom/tenant-bundle';
import { ownByPostgres, type Postgres, startPostgres } from '@cloudfreedom/testkit';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { folderBesides, postgresFolder } from '../src/stack/databases.ts';
import { backupTenant, restoreTenant } from '../src/tenant/backup.ts';
import { BundleFolder, readTemplate } from '../src/tenant/bundle-folder.ts';
import { Progress } from '../src/tenant/progress.ts';

// Several servers start one after the other.
vi.setConfig({ testTimeout: 300_000 });
const home = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-moving-'));
const parentOf = (machine: string) => path.join(home, machine);
const folder = new BundleFolder('acme', parentOf('old'));
const backups = path.join(home, 'backups');
let environment: Record<string, string> = {};
let server: Postgres | undefined;
let client: pg.Client;

const partsOf = (at: BundleFolder, keys: Record<string, string> = environment) => ({
  folder: at,
  environment: keys,
  progress: new Progress(() => {}, 'Run it again.'),
  report: () => {},
});
const filesIn = (of: string) => (existsSync(of) ? readdirSync(of) : []);

async function start(at: BundleFolder): Promise<Postgres> {
  const dataDir = postgresFolder(at.file('data'), false, () => {});
  return startPostgres({ dataDir, password: at.secrets().POSTGRES_PASSWORD ?? '' });
}

async function startTenantDatabase(): Promise<void> {
  server = await start(folder);
  const databaseUrl = await server.createDatabase('tenant');
  writeFileSync(folder.file('data/running.json'), JSON.stringify({ databaseUrl }));
  client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
}

async function stopTenantDatabase(): Promise<void> {
  await client.end();
  await server?.stop();
  server = undefined;
  rmSync(folder.file('data/running.json'));
}

beforeAll(async () => {
  ownByPostgres(home);
  folder.make();
  folder.completeSecrets(false);
  folder.keepSecrets({ BILLING_SERVICE_TOKEN: 'cfs-of-acme' });
  const core = 'https://api.core.test';
  folder.write(readTemplate(), {
    templateVersion: 'v',
    tenant: { id: 'a'.repeat(15), slug: 'acme', name: 'Acme', type: 'dev', domain: 'acme.test' },
    webui: false,
    core: { pocketbase: core, identity: core, billing: core, portal: core, imprint: null, privacy: null },
    serviceTokenId: '00000000-0000-4000-8000-000000000000',
  });
  const identity = await generateX25519Identity();
  environment = { BACKUP_IDENTITY: identity, BACKUP_RECIPIENT: await identityToRecipient(identity) };
  await startTenantDatabase();
  await client.query('CREATE TABLE chats (id int PRIMARY KEY, text text)');
  await client.query("INSERT INTO chats SELECT n, repeat('secret words ', 50) FROM generate_series(1, 2000) n");
});
afterAll(async () => {
  if (server) await stopTenantDatabase();
  for (const machine of ['old', 'new', 'third'])
    rmSync(folderBesides(new BundleFolder('acme', parentOf(machine)).file('data')), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

/** Writes until it is told to stop. */
function keepWriting(): () => Promise<number> {
  let goesOn = true;
  let last = 2000;
  const written = (async () => {
    while (goesOn) {
      await client.query("INSERT INTO chats VALUES ($1, 'while it was copied')", [++last]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return last;
  })();
  return () => {
    goesOn = false;
    return written;
  };
}

test('made while it is written to, restored on another machine with every row, secret and file', async () => {
  const stop = keepWriting();
  const file = await backupTenant(partsOf(folder), backups).finally(stop);
  const last = await stop();
  expect(readFileSync(file).includes('cfs-of-acme')).toBe(false);
  expect(filesIn(backups)).toEqual([path.basename(file)]);

  const moved = new BundleFolder('acme', parentOf('new'));
  const { rows } = await restoreTenant(partsOf(moved), file);
  expect(rows['public.chats']).toBeGreaterThanOrEqual(2000);
  expect(rows['public.chats']).toBeLessThanOrEqual(last);
  for (const name of [SECRETS_FILE, BUNDLE_FILE, 'docker-compose.yml'])
    expect(readFileSync(moved.file(name))).toEqual(readFileSync(folder.file(name)));
  expect(statSync(moved.file(SECRETS_FILE)).mode & 0o777).toBe(0o600);
  const restored = await start(moved);
  try {
    const reader = new pg.Client({ connectionString: restored.url('tenant') });
    await reader.connect();
    const found = await reader.query('SELECT max(id) AS last, count(*) AS count FROM chats');
    await reader.end();
    // No row is missing between the first and the last that came along.
    expect(found.rows).toEqual([{ last: rows['public.chats'], count: String(rows['public.chats']) }]);
  } finally {
    await restored.stop();
  }
  await expect(restoreTenant(partsOf(moved), file)).rejects.toThrow('is there already: move it away first');
});

test('also while the tenant stands still; another key, a cut file or another tenant restore nothing', async () => {
  await stopTenantDatabase();
  const file = await backupTenant(partsOf(folder), backups);
  const target = new BundleFolder('acme', parentOf('third'));
  const other = { BACKUP_IDENTITY: await generateX25519Identity() };
  await expect(restoreTenant(partsOf(target, other), file)).rejects.toThrow("can't be opened");
  await expect(restoreTenant(partsOf(target, {}), file)).rejects.toThrow('Set BACKUP_IDENTITY');
  await expect(restoreTenant(partsOf(target), `${file}.none`)).rejects.toThrow('--from: there is no file');
  const beta = new BundleFolder('beta', parentOf('third'));
  await expect(restoreTenant(partsOf(beta), file)).rejects.toThrow('is a backup of acme, not of beta');
  const cut = path.join(home, 'cut.age');
  cpSync(file, cut);
  truncateSync(cut, 200_000);
  await expect(restoreTenant(partsOf(target), cut)).rejects.toThrow('is damaged');
  expect(filesIn(parentOf('third'))).toEqual([]);
  expect((await restoreTenant(partsOf(target), file)).rows['public.chats']).toBeGreaterThanOrEqual(2000);
});

test('without a key nothing is copied; a tenant that never ran here is sent to the guide', async () => {
  const before = filesIn(backups);
  await expect(backupTenant(partsOf(folder, {}), backups)).rejects.toThrow(
    'A backup holds secrets: set BACKUP_RECIPIENT',
  );
  await expect(backupTenant(partsOf(folder, { BACKUP_PASSPHRASE: 'short' }), backups)).rejects.toThrow(
    'BACKUP_PASSPHRASE must have at least 16 characters',
  );
  await expect(backupTenant(partsOf(folder, { BACKUP_RECIPIENT: 'age1nobody' }), backups)).rejects.toThrow(
    'BACKUP_RECIPIENT is no public key of age',
  );
  expect(filesIn(backups)).toEqual(before);
  const never = new BundleFolder('beta', parentOf('old'));
  cpSync(folder.path, never.path, { recursive: true, filter: (from) => !from.includes('/data') });
  await expect(backupTenant(partsOf(never), backups)).rejects.toThrow('docs/operations/backup.md');
});
