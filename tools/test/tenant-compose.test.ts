/** A tenant by Docker Compose, with a stand-in for Docker: what is called, what it is told, what of its words is handed on. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BUNDLE_FILE, SECRETS_FILE } from '@cloudfreedom/tenant-bundle';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { backupTenant, restoreTenant } from '../src/tenant/backup.ts';
import { BundleFolder, readTemplate } from '../src/tenant/bundle-folder.ts';
import { checkCompose, compose } from '../src/tenant/compose.ts';
import { Progress } from '../src/tenant/progress.ts';

// Many processes, one after the other.
vi.setConfig({ testTimeout: 300_000 });
let home: string;
let folder: BundleFolder;

beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-compose-'));
  mkdirSync(path.join(home, 'answers'));
  mkdirSync(path.join(home, 'bin'));
  copyFileSync(path.join(import.meta.dirname, 'docker-stand-in.sh'), path.join(home, 'bin/docker'));
  chmodSync(path.join(home, 'bin/docker'), 0o755);
  vi.stubEnv('HOME', home);
  vi.stubEnv('PATH', `${path.join(home, 'bin')}:${process.env.PATH}`);
  folder = new BundleFolder('acme', path.join(home, 'tenants'));
  folder.make();
  const tenant = { id: 'a'.repeat(15), slug: 'acme', name: 'Acme', type: 'dev' as const, domain: 'acme.test' };
  const url = 'https://core.test';
  const core = { pocketbase: url, identity: url, billing: url, portal: url, imprint: null, privacy: null };
  folder.completeSecrets(false);
  folder.keepSecrets({ BILLING_SERVICE_TOKEN: 'cfs-x' });
  const serviceTokenId = '00000000-0000-4000-8000-000000000000';
  folder.write(readTemplate(), { templateVersion: 'x', tenant, webui: false, core, serviceTokenId });
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

/** @param call words of it, one after the other */
const answer = (call: string, code: number, text: string) =>
  writeFileSync(path.join(home, 'answers', call), `${code}\n${text}`);
const callsOf = () => readFileSync(path.join(home, 'calls'), 'utf8').trim().split('\n');

test('up waits until all is well; variables of this shell stay out of the deployment', async () => {
  vi.stubEnv('POSTGRES_PASSWORD', 'of-another-database');
  vi.stubEnv('OPENAI_API_KEY', 'sk-of-the-operator');
  await compose(folder, 'up', () => {});
  expect(callsOf().at(-1)).toMatch(/^compose --env-file TENANT_SECRETS\.env up --detach --wait /);
  const environment = readFileSync(path.join(home, 'environment'), 'utf8');
  expect(environment).toContain(`HOME=${home}`);
  expect(environment).not.toMatch(/POSTGRES_PASSWORD|OPENAI_API_KEY|sk-of/);
  await compose(folder, 'down', () => {});
  expect(callsOf().at(-1)).toContain('--profile * down --volumes');
});

test('what did not get well is named, with its last words', async () => {
  answer('up', 1, 'container cloudfreedom-acme-proxy-1 is unhealthy');
  const listed = [
    { Service: 'postgres', State: 'running', Health: 'healthy', ExitCode: 0 },
    { Service: 'proxy', State: 'running', Health: 'unhealthy', ExitCode: 0 },
    { Service: 'chat', State: 'exited', Health: '', ExitCode: 1 },
  ];
  answer('ps', 0, listed.map((line) => JSON.stringify(line)).join('\n'));
  answer('config --images', 0, 'proxy:2\npostgres:18');
  answer('inspect proxy:2', 1, 'No such image');
  answer('8 proxy', 0, 'BILLING_SERVICE_TOKEN was revoked');
  answer('8 chat', 0, 'API_URL is needed');
  const said = await compose(folder, 'up', () => {}).catch((error: Error) => error.message);
  expect(said).toContain('cloudfreedom-acme-proxy-1 is unhealthy');
  expect(said).toContain('proxy (running, unhealthy):\nBILLING_SERVICE_TOKEN was revoked');
  expect(said).toContain('chat (exited):\nAPI_URL is needed');
  expect(said).not.toContain('postgres (');
  expect(said).toContain('Not on this machine: proxy:2.');
});

test('what is missing on this machine is named before anything is made', async () => {
  answer('compose version', 0, '2.40.3');
  await checkCompose();
  answer('version', 1, 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock');
  answer('compose version', 0, '2.40.3');
  await expect(checkCompose()).rejects.toThrow(/engine does not answer here.*\n.*Cannot connect to the Docker daemon/s);
  answer('compose version', 0, '1.29.2');
  await expect(checkCompose()).rejects.toThrow('must be 2.20 or newer, here is 1.29.2');
  answer('compose version', 1, "docker: 'compose' is not a docker command.");
  await expect(checkCompose()).rejects.toThrow('must be 2.20 or newer, here is none');
  rmSync(path.join(home, 'bin/docker'));
  vi.stubEnv('PATH', path.join(home, 'bin'));
  await expect(checkCompose()).rejects.toThrow('Docker is not installed here');
});

const partsOf = (of: BundleFolder, environment: Record<string, string>) => ({
  folder: of,
  environment,
  progress: new Progress(() => {}, 'Run it again.'),
  report: () => {},
});

test('a tenant in containers: dumped, the dump read, moved to another machine, nothing written over', async () => {
  const identity = await generateX25519Identity();
  const keys = { BACKUP_RECIPIENT: await identityToRecipient(identity), BACKUP_IDENTITY: identity };
  folder.keep({ compose: true });
  answer('pg_dump', 0, 'THE DUMP');
  answer('pg_restore', 0, '');
  answer('psql', 0, 'public.chats 2000\npublic.Odd name 0\n');
  const file = await backupTenant(partsOf(folder, keys), path.join(home, 'backups'));
  const made = callsOf();
  const order = ['up --detach --wait --no-recreate postgres', 'pg_dump', 'createdb', 'pg_restore', 'psql', 'dropdb'];
  const places = order.map((words) => made.findLastIndex((call) => call.includes(words)));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[0]).toBeGreaterThanOrEqual(0);
  expect(readFileSync(path.join(home, 'restored'), 'utf8').trim()).toBe('THE DUMP');
  expect(readFileSync(file).includes('THE DUMP')).toBe(false);

  const moved = new BundleFolder('acme', path.join(home, 'new'));
  mkdirSync(path.join(home, 'new'));
  answer('volume ls', 0, 'cloudfreedom-acme_postgres');
  await expect(restoreTenant(partsOf(moved, keys), file)).rejects.toThrow(
    'containers or volumes of cloudfreedom-acme already',
  );
  answer('volume ls', 0, '');
  answer('psql', 0, 'public.chats 1999\npublic.Odd name 0\n');
  await expect(restoreTenant(partsOf(moved, keys), file)).rejects.toThrow(
    'not as they were backed up: tenant: public.chats',
  );
  expect(callsOf().at(-1)).toContain('down --volumes');
  expect(readdirSync(path.join(home, 'new'))).toEqual([]);
  answer('psql', 0, 'public.chats 2000\npublic.Odd name 0\n');
  expect(await restoreTenant(partsOf(moved, keys), file)).toEqual({
    stores: 'containers',
    rows: { 'tenant: public.chats': 2000, 'tenant: public.Odd name': 0 },
  });
  for (const name of [BUNDLE_FILE, SECRETS_FILE])
    expect(readFileSync(moved.file(name), 'utf8')).toBe(readFileSync(folder.file(name), 'utf8'));
  expect(existsSync(`${moved.path}.restoring`)).toBe(false);
});

test('a dump that can not be read is no backup', async () => {
  folder.keep({ compose: true });
  answer('pg_dump', 0, 'HALF A DUMP');
  answer('pg_restore', 1, 'pg_restore: error: could not read from input file: end of file');
  const keys = { BACKUP_PASSPHRASE: 'a long passphrase of the tests' };
  await expect(backupTenant(partsOf(folder, keys), path.join(home, 'backups'))).rejects.toThrow('end of file');
  expect(callsOf().at(-1)).toContain('dropdb');
  expect(existsSync(path.join(home, 'backups'))).toBe(false);
});
