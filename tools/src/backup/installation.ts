/** What a backup of the whole installation holds, and how it says so. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { erasureList } from '@cloudfreedom/contracts';
import { tenantSlug } from '@cloudfreedom/tenant-bundle';
import { z } from 'zod';
import { Fault } from '../stack/fault.ts';
import type { Place } from './place.ts';

const rows = z.record(z.string(), z.number());

const manifest = z.object({
  format: z.literal(1),
  of: z.literal('installation'),
  madeAt: z.iso.datetime(),
  /** The books are not older than this; PocketBase is a little younger. */
  booksFrom: z.iso.datetime(),
  /** By database. */
  postgres: z.record(z.string(), rows),
  pocketbase: rows,
  /** Null: it never ran here, there is its bundle alone. */
  tenants: z.record(tenantSlug, rows.nullable()),
  /** What the books said when they were copied; empty when all is well. */
  brokenLaws: z.array(z.string()),
});
export type Manifest = z.output<typeof manifest>;

/** In an opened backup. */
export const partsOf = (folder: string) => ({
  manifest: path.join(folder, 'manifest.json'),
  core: path.join(folder, 'core'),
  postgres: path.join(folder, 'core', 'postgres'),
  pocketbase: path.join(folder, 'core', 'pocketbase'),
  tenant: (slug: string) => path.join(folder, 'tenants', slug),
});

/** Beside databases: secrets and sign-ins of the installation, and the keys that identity signs with. */
export const CORE_FILES = ['secrets.json', 'identity-keys.json'];

export function readManifest(folder: string): Manifest {
  const file = partsOf(folder).manifest;
  const parsed = manifest.safeParse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);
  if (parsed.success) return parsed.data;
  throw new Fault('The file is no backup of an installation, or one of another version.');
}

const ERASURES_FILE = 'erasures.json';
type Erasures = z.output<typeof erasureList>['erasures'];

/** The list that lies beside the backups. undefined: there is none. @throws Fault where it is damaged */
export async function readErasureList(place: Place): Promise<Erasures | undefined> {
  const text = await place.readText(ERASURES_FILE);
  if (text === undefined) return undefined;
  try {
    return erasureList.parse(JSON.parse(text)).erasures;
  } catch {
    throw new Fault(`${place.nameOf(ERASURES_FILE)} is damaged: take an older copy of it.`);
  }
}

/** Nobody who ever stood on it goes from it. */
export async function addToErasureList(place: Place, erasures: Erasures): Promise<number> {
  const known = (await readErasureList(place)) ?? [];
  const all = [...new Map([...erasures, ...known].map((one) => [one.subjectId, one])).values()];
  await place.putText(ERASURES_FILE, `${JSON.stringify({ erasures: all })}\n`);
  return all.length;
}
