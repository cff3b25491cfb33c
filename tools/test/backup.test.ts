/** A whole installation backed up to S3 while it is written to and restored elsewhere; and everything that is refused. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
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
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { backUp, backUpErasures } from '../src/backup/back-up.ts';
import { partsOf } from '../src/backup/installation.ts';
import { openPlace, splitAddress } from '../src/backup/open-place.ts';
import { restore } from '../src/backup/restore.ts';
import { openArchive, readOpener, readSeal, sealFolder } from '../src/backup/sealed-archive.ts';
import { folderBesides, postgresFolder } from '../src/stack/databases.ts';
import { loadSecrets } from '../src/stack/secrets.ts';
import { BundleFolder } from '../src/tenant/bundle-folder.ts';
import { Progress } from '../src/tenant/progress.ts';
import { BUCKET, KEYS, startBucketServer } from './backup/bucket-server.ts';
import { type SmallInstallation, signIn, startInstallation, startOf } from './backup/small-installation.ts';

// Several servers start one after the other.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });
const home = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-whole-'));
const backups = path.join(home, 'backups');
let keys: Record<string, string> = {};
let installed: SmallInstallation;
let bucket: Awaited<ReturnType<typeof startBucketServer>>;
/** The backup in the folder, made by the first test that needs it. */
let kept: string;

beforeAll(async () => {
  chmodSync(home, 0o755);
  const identity = await generateX25519Identity();
  keys = { BACKUP_IDENTITY: identity, BACKUP_RECIPIENT: await identityToRecipient(identity) };
  bucket = await startBucketServer();
  vi.stubEnv('AWS_ENDPOINT_URL_S3', bucket.url);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', KEYS.id);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', KEYS.secret);
  installed = await startInstallation(home);
  kept = await makeBackup(backups);
});
afterAll(async () => {
  await installed?.stop();
  bucket?.close();
  vi.unstubAllEnvs();
  for (const machine of ['new', 'third', 'never'])
    rmSync(folderBesides(path.join(home, machine, 'tenants', 'acme', 'data')), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

const common = () => ({ progress: new Progress(() => {}, 'Again.'), environment: keys, report: () => {} });
const wholeOf = () => ({ dataDir: installed.dataDir, databaseUrl: undefined, tenants: [installed.tenant] });

async function makeBackup(to: string): Promise<string> {
  const { name } = await backUp(wholeOf(), { ...common(), place: openPlace(to) });
  return `${to}/${name}`;
}

/** Onto a machine of this name. */
function bringBack(from: string, machine: string, environment = keys, withoutErasures = false) {
  const { place, name } = splitAddress(from);
  const at = path.join(home, machine);
  return restore(
    name,
    { withoutErasures },
    {
      ...common(),
      ...{ place, environment, dataDir: path.join(at, 'data'), pocketbaseBinary: undefined },
      folderOf: (slug) => new BundleFolder(slug, path.join(at, 'tenants')),
    },
  );
}

const filesOf = (machine: string) => {
  const folder = path.join(home, machine);
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
};

/** Opens a backup, changes it, and seals it again. */
async function tampered(change: (folder: string) => void): Promise<string> {
  const folder = mkdtempSync(path.join(home, 'opened-'));
  await openArchive(kept, path.join(folder, 'whole'), readOpener(keys));
  change(path.join(folder, 'whole'));
  const file = path.join(backups, `${path.basename(folder)}.age`);
  await sealFolder(path.join(folder, 'whole'), file, readSeal(keys));
  rmSync(folder, { recursive: true, force: true });
  return file;
}

test('to S3 and elsewhere: people, rows, bundles and secrets; gone is who was erased since, and usage of no book', async () => {
  const { tenantId, people } = installed;
  const [stays, goes] = [await installed.newPerson(), await installed.newPerson()];
  const before = await installed.showUsage(stays, new Date(Date.now() - 3_600_000));
  // As if it was settled between the copy of the books and PocketBase's.
  await installed.showUsage(stays, new Date(Date.now() + 3_600_000));
  const file = await makeBackup(`s3://${BUCKET}/nightly`);
  expect(bucket.inParts() ?? 1, 'sent in several parts').toBeGreaterThan(0);
  await people.collection('users').delete(goes);
  await backUpErasures(wholeOf(), openPlace(`s3://${BUCKET}/nightly`));

  await bringBack(file, 'new');
  const dataDir = path.join(home, 'new', 'data');
  const secrets = loadSecrets(dataDir);
  expect(secrets).toEqual(loadSecrets(installed.dataDir));
  expect(statSync(path.join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
  const tenant = new BundleFolder('acme', path.join(home, 'new', 'tenants'));
  expect(tenant.secrets()).toEqual(installed.tenant.secrets());
  expect(
    existsSync(
      path.join(
        postgresFolder(tenant.file('data'), false, () => {}),
        'PG_VERSION',
      ),
    ),
  ).toBe(true);
  expect(filesOf('new').filter((name) => name.includes('.restoring'))).toEqual([]);
  const server = await startOf(dataDir, secrets);
  try {
    const restored = await signIn(server);
    expect(await restored.collection('users').getOne(stays)).toMatchObject({ tenant: tenantId });
    await expect(restored.collection('users').getOne(goes)).rejects.toMatchObject({ status: 404 });
    const shown = await restored.collection('usage_logs').getFullList();
    expect(shown.map((row) => row.reservation_id)).toEqual([before]);
    const trigger = restored.collection('usage_logs').delete(shown[0]?.id ?? '');
    await expect(trigger, 'still only ever added to').rejects.toThrow();
  } finally {
    await server.stop();
  }
  await expect(bringBack(file, 'new')).rejects.toThrow('is not empty: move it away');
});

test('a restore that was broken off before its end is done again; a bundle that is there stays', async () => {
  const tenants = path.join(home, 'third', 'tenants', 'acme');
  mkdirSync(tenants, { recursive: true });
  writeFileSync(path.join(tenants, 'TENANT_SECRETS.env'), 'mine');
  await expect(bringBack(kept, 'third')).rejects.toThrow('acme is there already: move it away');
  expect(readFileSync(path.join(tenants, 'TENANT_SECRETS.env'), 'utf8')).toBe('mine');
  writeFileSync(path.join(tenants, '.restoring'), '');
  expect((await bringBack(kept, 'third')).tenants.acme?.['public.chats']).toBe(1000);
  expect(readFileSync(path.join(tenants, 'TENANT_SECRETS.env'), 'utf8')).not.toBe('mine');
});

test('another key, a cut or changed file, rows or laws that are not as they were: nothing is put in place', async () => {
  const other = { BACKUP_IDENTITY: await generateX25519Identity() };
  await expect(bringBack(kept, 'never', other)).rejects.toThrow("can't be opened");
  await expect(bringBack(kept, 'never', {})).rejects.toThrow('Set BACKUP_IDENTITY');
  await expect(bringBack(`${kept}.none`, 'never')).rejects.toThrow('--from: there is no file');
  await expect(bringBack(`s3://${BUCKET}/none`, 'never')).rejects.toThrow(`--from: there is no s3://${BUCKET}/none`);
  const cut = path.join(backups, 'cut.age');
  writeFileSync(cut, readFileSync(kept));
  truncateSync(cut, 1_000_000);
  await expect(bringBack(cut, 'never')).rejects.toThrow('is damaged');
  const fewer = await tampered((folder) => {
    const file = partsOf(folder).manifest;
    writeFileSync(file, readFileSync(file, 'utf8').replace('"public.chats": 1000', '"public.chats": 1001'));
  });
  await expect(bringBack(fewer, 'never')).rejects.toThrow(
    'tables of acme are not as they were backed up: public.chats',
  );
  const foreign = path.join(backups, 'foreign.age');
  await sealFolder(installed.tenant.path, foreign, readSeal(keys));
  await expect(bringBack(foreign, 'never')).rejects.toThrow('is no backup of an installation');
  expect(filesOf('never')).toEqual([]);
});

test("books that break a law are backed up with a warning; a restore notices what wasn't so before", async () => {
  const { billing, tenantId } = installed;
  const from = '2026-01-01T00:00:00Z';
  await billing.query('BEGIN');
  await billing.query(
    `INSERT INTO budget_periods (tenant_id, period_start, period_end, time_zone) VALUES ($1, $2, '2026-02-01T00:00:00Z', 'UTC')`,
    [tenantId, from],
  );
  await billing.query(
    `INSERT INTO budget_balances (tenant_id, level, owner_id, period_start, posted_nano_eur, pending_nano_eur)
     VALUES ($1, 'tenant', $1, $2, 5, 0)`,
    [tenantId, from],
  );
  await billing.query('COMMIT');
  const law = `law 3: the sums of tenant ${tenantId} are not its rows`;
  const place = openPlace(backups);
  const { name, brokenLaws } = await backUp(wholeOf(), { ...common(), place });
  expect(brokenLaws).toEqual([law]);
  kept = path.join(backups, name);
  const silent = await tampered((folder) => {
    const file = partsOf(folder).manifest;
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), brokenLaws: [] }));
  });
  await expect(bringBack(silent, 'never')).rejects.toThrow(law);
  expect(filesOf('never')).toEqual([]);
});

test('without the list of erasures only on purpose; a damaged one is named', async () => {
  const list = path.join(backups, 'erasures.json');
  const text = readFileSync(list, 'utf8');
  rmSync(list);
  await expect(bringBack(kept, 'never')).rejects.toThrow('erasures.json is missing');
  writeFileSync(list, '{"erasures": [{}]}');
  await expect(bringBack(kept, 'never')).rejects.toThrow('erasures.json is damaged');
  await expect(backUpErasures(wholeOf(), openPlace(backups))).rejects.toThrow('erasures.json is damaged');
  writeFileSync(list, text);
});

test('a bucket that refuses says why; nothing is written', async () => {
  const before = bucket.keys();
  const refusals = [
    ['AWS_SECRET_ACCESS_KEY', 'another', "AWS_SECRET_ACCESS_KEY doesn't belong to AWS_ACCESS_KEY_ID"],
    ['AWS_ACCESS_KEY_ID', 'AKIDNOBODY', 'AWS_ACCESS_KEY_ID is not known there'],
    ['AWS_REGION', 'us-east-1', 'in another region: set AWS_REGION'],
    ['AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:1', 'nobody answers at AWS_ENDPOINT_URL_S3'],
  ] as const;
  for (const [name, value, said] of refusals) {
    const right = process.env[name];
    vi.stubEnv(name, value);
    await expect(backUpErasures(wholeOf(), openPlace(`s3://${BUCKET}`))).rejects.toThrow(said);
    vi.stubEnv(name, right);
  }
  await expect(backUpErasures(wholeOf(), openPlace('s3://no-such/x'))).rejects.toThrow('there is no such bucket');
  expect(bucket.keys()).toEqual(before);
  expect(() => openPlace('gs://somewhere/else')).toThrow('must be a folder or s3://bucket/folder');
});

test('nothing was started, a Postgres of its own, no key, no room: said before anything is copied', async () => {
  const before = readdirSync(backups);
  const attempt = (whole: object, parts: object = {}) =>
    backUp({ ...wholeOf(), ...whole }, { ...common(), place: openPlace(backups), ...parts });
  await expect(attempt({ dataDir: path.join(home, 'nowhere') })).rejects.toThrow('There is no installation in');
  await expect(attempt({ databaseUrl: 'postgres://db.example' })).rejects.toThrow('docs/operations/backup.md');
  await expect(attempt({}, { environment: {} })).rejects.toThrow('set BACKUP_RECIPIENT');
  const full = { ...openPlace(backups), free: async () => 1_000_000 };
  await expect(attempt({}, { place: full })).rejects.toThrow(/has 0 MB free, up to \d+ MB are needed/);
  expect(readdirSync(backups)).toEqual(before);
});
