/** A backup of the whole installation back on a machine that has none: checked whole first, then put in place. */
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Erasure } from '@cloudfreedom/contracts';
import { startPocketBase } from '@cloudfreedom/testkit';
import { defaultCacheDir, ensurePocketBase } from '../pocketbase-binary.ts';
import { Fault } from '../stack/fault.ts';
import { loadSecrets } from '../stack/secrets.ts';
import { ROOT } from '../stack/settings.ts';
import { placeTenant, readTenant } from '../tenant/backup.ts';
import type { BundleFolder } from '../tenant/bundle-folder.ts';
import type { BackupParts } from './back-up.ts';
import { readBooks } from './books.ts';
import { type Manifest, partsOf, readErasureList, readManifest } from './installation.ts';
import { dropUnbookedUsage, readPocketBase } from './pocketbase-copy.ts';
import { openArchive, readOpener } from './sealed-archive.ts';
import { compareRows, placeCluster, withStaging } from './staging.ts';

interface RestoreParts extends BackupParts {
  dataDir: string;
  /** Where a tenant's bundle belongs. */
  folderOf: (slug: string) => BundleFolder;
  pocketbaseBinary: string | undefined;
}

/** In a tenant's folder until all is in place: a restore that was broken off may replace it. */
const UNFINISHED = '.restoring';

function checkEmpty(dataDir: string): void {
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0)
    throw new Fault(
      `${dataDir} is not empty: move it away, or set DATA_DIR to another folder. Nothing is written over.`,
    );
}

function checkTenantsAreNew({ folderOf }: RestoreParts, slugs: string[]): void {
  for (const folder of slugs.map(folderOf))
    if (existsSync(folder.path) && !existsSync(folder.file(UNFINISHED)))
      throw new Fault(
        `${folder.path} is there already: move it away, or set TENANTS_DIR to another folder. Nothing is written over.`,
      );
}

/** @throws Fault where the books are not as they were, or break a law that they kept then */
async function checkBooks(staging: string, about: Manifest) {
  const books = await readBooks(staging, new Date(about.booksFrom));
  for (const [database, rows] of Object.entries(about.postgres))
    compareRows(books.rows[database] ?? {}, rows, database);
  const broken = books.brokenLaws.filter((law) => !about.brokenLaws.includes(law));
  if (broken.length > 0) throw new Fault(`The books don't keep the ledger's laws:\n  ${broken.join('\n  ')}`);
  return books;
}

async function checkTenants(staging: string, { tenants }: Manifest, parts: RestoreParts): Promise<void> {
  for (const [slug, rows] of Object.entries(tenants))
    if (rows) compareRows(await readTenant(parts.folderOf(slug), partsOf(staging).tenant(slug)), rows, slug);
}

/**
 * PocketBase itself erases who was erased since, in the copy and before anybody is served. It tells billing at the first
 * start, and billing tells the tenants.
 */
async function eraseAgain(staging: string, erasures: Erasure[], parts: RestoreParts): Promise<void> {
  const { core, pocketbase } = partsOf(staging);
  const internalSecret = randomBytes(24).toString('hex');
  const serviceDir = path.join(ROOT, 'services/pocketbase');
  const server = await startPocketBase({
    binary: await ensurePocketBase({
      sourceDir: serviceDir,
      cacheDir: defaultCacheDir(),
      override: parts.pocketbaseBinary,
      report: parts.report,
    }),
    serviceDir,
    dataDir: pocketbase,
    superuser: loadSecrets(core).superuser,
    env: { INTERNAL_SECRET: internalSecret },
  });
  try {
    const response = await fetch(`${server.url}/api/internal/erasures`, {
      method: 'POST',
      headers: { authorization: `Bearer ${internalSecret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ erasures }),
    });
    if (!response.ok)
      throw new Fault(`PocketBase refused the list of erasures with ${response.status}: ${await response.text()}`);
  } finally {
    await server.stop();
  }
}

/** The data directory comes last, in one move: until then there is no installation here. */
function putInPlace(staging: string, { tenants }: Manifest, parts: RestoreParts): void {
  const opened = partsOf(staging);
  const { dataDir, folderOf, report } = parts;
  for (const slug of Object.keys(tenants)) {
    const folder = folderOf(slug);
    if (existsSync(folder.path)) folder.remove();
    mkdirSync(path.dirname(folder.path), { recursive: true });
    writeFileSync(path.join(opened.tenant(slug), 'bundle', UNFINISHED), '');
    placeTenant(opened.tenant(slug), folder, report);
  }
  const arriving = `${dataDir}.restoring`;
  rmSync(arriving, { recursive: true, force: true });
  mkdirSync(arriving, { recursive: true });
  const besides = placeCluster(opened.postgres, arriving, dataDir);
  const withoutCluster = (from: string) => path.resolve(from) !== path.resolve(opened.postgres);
  cpSync(opened.core, arriving, { recursive: true, filter: withoutCluster });
  renameSync(arriving, dataDir);
  for (const slug of Object.keys(tenants)) rmSync(folderOf(slug).file(UNFINISHED), { force: true });
  if (besides) report(`Postgres' data lies in ${besides}.`);
}

/** @throws Fault where the list of erasures is missing and nobody said to go on without */
async function readErased({ place }: RestoreParts, withoutErasures: boolean): Promise<Erasure[]> {
  const erasures = await readErasureList(place);
  if (!erasures && !withoutErasures)
    throw new Fault(
      `${place.nameOf('erasures.json')} is missing: who was erased since this backup would come back. Fetch it, or say --without-erasures.`,
    );
  return erasures ?? [];
}

/** @throws Fault; nothing is put in place then */
export async function restore(
  name: string,
  { withoutErasures }: { withoutErasures: boolean },
  parts: RestoreParts,
): Promise<Manifest> {
  const { place, progress, environment, dataDir } = parts;
  const decrypter = readOpener(environment);
  checkEmpty(dataDir);
  return withStaging(async (folder) => {
    const sealed = path.join(folder, 'sealed');
    const staging = path.join(folder, 'installation');
    const erasures = await progress.step('fetched', async () => {
      await place.fetch(name, sealed);
      return readErased(parts, withoutErasures);
    });
    await progress.step('opened', () => openArchive(sealed, staging, decrypter));
    rmSync(sealed);
    const about = readManifest(staging);
    checkTenantsAreNew(parts, Object.keys(about.tenants));
    const { booked } = await progress.step("Postgres started, compared, the ledger's laws asked", () =>
      checkBooks(staging, about),
    );
    await progress.step('tenants started and compared', () => checkTenants(staging, about, parts));
    await progress.step('PocketBase compared and started, erasures repeated', async () => {
      const { pocketbase } = partsOf(staging);
      compareRows(readPocketBase(pocketbase), about.pocketbase, 'PocketBase');
      dropUnbookedUsage(pocketbase, new Date(about.booksFrom), booked);
      await eraseAgain(staging, erasures, parts);
    });
    await progress.step('put in place', () => putInPlace(staging, about, parts));
    return about;
  });
}
