/** The directory copy in Postgres. */
import type {
  ApiKeyRecord,
  DirectoryChange,
  DirectoryCollection,
  DirectorySnapshot,
  ModelRecord,
  ProductRecord,
  TenantRecord,
  UserRecord,
} from '@cloudfreedom/contracts';
import { DIRECTORY_COLLECTIONS } from '@cloudfreedom/contracts';
import { inTransaction, type Pool, type PoolClient } from '@cloudfreedom/service-kit';
import { insertShape, type RowShape, writeRows } from '../database/insert-rows.ts';

function upsertShape(collection: DirectoryCollection): RowShape {
  const table = `directory_${collection}`;
  return insertShape(
    table,
    { id: 'text', rev: 'bigint', deleted: 'boolean', record: 'jsonb' },
    `ON CONFLICT (id) DO UPDATE SET rev = EXCLUDED.rev, deleted = EXCLUDED.deleted, record = EXCLUDED.record
     WHERE ${table}.rev < EXCLUDED.rev`,
  );
}
const UPSERTS = Object.fromEntries(
  DIRECTORY_COLLECTIONS.map((collection) => [collection, upsertShape(collection)]),
) as Record<DirectoryCollection, RowShape>;

/** The newest change of each record, in the order of ids, so that two writers never wait for each other in a circle. */
function newestById(changes: DirectoryChange[]): DirectoryChange[] {
  const newest = new Map<string, DirectoryChange>();
  for (const change of changes) {
    const earlier = newest.get(change.id);
    if (!earlier || change.rev > earlier.rev) newest.set(change.id, change);
  }
  return [...newest.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function writeChanges(client: PoolClient, changes: DirectoryChange[]): Promise<number> {
  let written = 0;
  for (const collection of DIRECTORY_COLLECTIONS) {
    const rows = newestById(changes.filter((change) => change.collection === collection)).map((change) => ({
      id: change.id,
      rev: change.rev,
      deleted: change.record === null,
      record: change.record,
    }));
    written += await writeRows(client, `directory-${collection}`, UPSERTS[collection], rows);
  }
  if (changes.some(({ collection }) => collection === 'models'))
    await client.query('SELECT price_custom_deployments()');
  return written;
}

/** Apply changes that are newer than what is here. @returns how many were */
export function writeDirectoryChanges(pool: Pool, changes: DirectoryChange[]): Promise<number> {
  return inTransaction(pool, (client) => writeChanges(client, changes));
}

/** The greatest revision in the copy, 0 where it is empty. */
export async function readHighestRevision(pool: Pool): Promise<number> {
  const highest = DIRECTORY_COLLECTIONS.map((collection) => `SELECT max(rev) AS rev FROM directory_${collection}`);
  const { rows } = await pool.query<{ rev: bigint | null }>(
    `SELECT max(rev) AS rev FROM (${highest.join(' UNION ALL ')}) revisions`,
  );
  return Number(rows[0]?.rev ?? 0);
}

interface KnownRevision {
  id: string;
  rev: bigint;
}

export type KnownRecords = Record<DirectoryCollection, { id: string; rev: number }[]>;

/**
 * What the copy has of the next page of a comparison.
 * @param after the place behind which it begins, `<collection>:<id>`; empty: at the beginning
 */
export async function readKnownPage(pool: Pool, after: string, limit: number): Promise<KnownRecords> {
  const [begun, id = ''] = after.split(':');
  const first = DIRECTORY_COLLECTIONS.indexOf(begun as DirectoryCollection);
  const known: KnownRecords = { tenants: [], products: [], users: [], api_keys: [], models: [] };
  let left = limit;
  for (const [index, collection] of DIRECTORY_COLLECTIONS.entries()) {
    if (index < first || left === 0) continue;
    const { rows } = await pool.query<KnownRevision>(
      `SELECT id, rev FROM directory_${collection} WHERE NOT deleted AND id > $1 ORDER BY id LIMIT $2`,
      [index === first ? id : '', left],
    );
    known[collection] = rows.map((row) => ({ id: row.id, rev: Number(row.rev) }));
    left -= rows.length;
  }
  return known;
}

/**
 * Apply one page of a comparison with PocketBase: it tells of its records how they stood after the comparison began. Only
 * what differs is written, so a page without news locks nothing. A copy that knows a later revision than a page may have
 * heard of a change since; one that knows a later revision *up to `upTo`* has heard of something that PocketBase has
 * forgotten (a restored backup, a power cut), and goes back with it.
 * @param upTo the greater of the first page's revision and the greatest in the copy before it was asked for
 * @returns how many rows changed, and how many of them PocketBase had forgotten
 */
export function writeDirectoryPage(
  pool: Pool,
  page: DirectorySnapshot,
  upTo: number,
): Promise<{ changed: number; forgotten: number }> {
  return inTransaction(pool, async (client) => {
    let forgotten = 0;
    const changes: DirectoryChange[] = [];
    for (const collection of DIRECTORY_COLLECTIONS) {
      const records: (DirectoryChange['record'] & object)[] = page[collection];
      if (records.length === 0) continue;
      const { rows } = await client.query<KnownRevision>(
        `SELECT id, rev FROM directory_${collection} WHERE id = ANY ($1::text[])`,
        [records.map(({ id }) => id)],
      );
      const known = new Map(rows.map(({ id, rev }) => [id, Number(rev)]));
      const isForgotten = ({ id, rev }: { id: string; rev: number }) => {
        const heard = known.get(id) ?? 0;
        return heard > rev && heard <= upTo;
      };
      forgotten += await openForgotten(client, collection, records.filter(isForgotten), upTo);
      for (const record of records)
        if ((known.get(record.id) ?? -1) < record.rev || isForgotten(record))
          changes.push({ collection, id: record.id, rev: record.rev, record } as DirectoryChange);
    }
    return { changed: await writeChanges(client, changes), forgotten };
  });
}

/**
 * The end of a comparison: what was on none of its pages is gone, unless the copy heard of it since it began.
 * @param seen the ids on all pages
 * @returns how many records were buried
 */
export function finishComparison(
  pool: Pool,
  seen: Record<DirectoryCollection, string[]>,
  { rev, upTo }: { rev: number; upTo: number },
): Promise<number> {
  return inTransaction(pool, async (client) => {
    let buried = 0;
    for (const collection of DIRECTORY_COLLECTIONS)
      buried += await buryMissing(client, collection, seen[collection], upTo);
    await client.query(
      `INSERT INTO directory_state (rev, reconciled_at) VALUES ($1, now())
       ON CONFLICT (only_row) DO UPDATE SET rev = EXCLUDED.rev, reconciled_at = EXCLUDED.reconciled_at`,
      [rev],
    );
    return buried;
  });
}

/** Let records that the copy knows in a revision that PocketBase has forgotten be written over by the page's. */
async function openForgotten(
  client: PoolClient,
  collection: DirectoryCollection,
  records: { id: string; rev: number }[],
  upTo: number,
): Promise<number> {
  if (records.length === 0) return 0;
  const { rowCount } = await client.query(
    `UPDATE directory_${collection} known SET rev = 0 FROM unnest($1::text[], $2::bigint[]) AS told (id, rev)
     WHERE known.id = told.id AND known.rev > told.rev AND known.rev <= $3`,
    [records.map(({ id }) => id), records.map(({ rev }) => rev), upTo],
  );
  return rowCount ?? 0;
}

/** Looked for first: an UPDATE that finds nothing would still wait for its turn among the writers of the directory. */
async function buryMissing(
  client: PoolClient,
  collection: DirectoryCollection,
  seenIds: string[],
  upTo: number,
): Promise<number> {
  const missing = await client.query<{ id: string }>(
    `SELECT id FROM directory_${collection} WHERE NOT deleted AND rev <= $2 AND id <> ALL ($1::text[]) ORDER BY id`,
    [seenIds, upTo],
  );
  if (missing.rows.length === 0) return 0;
  const { rowCount } = await client.query(
    `UPDATE directory_${collection} SET deleted = true, record = NULL, rev = $2
     WHERE NOT deleted AND rev <= $2 AND id = ANY ($1::text[])`,
    [missing.rows.map(({ id }) => id), upTo],
  );
  return rowCount ?? 0;
}

/** When the last whole comparison with PocketBase succeeded; null: never. */
export async function readReconciledAt(pool: Pool): Promise<Date | null> {
  const { rows } = await pool.query<{ reconciled_at: Date }>('SELECT reconciled_at FROM directory_state');
  return rows[0]?.reconciled_at ?? null;
}

export interface DirectoryQuery {
  tenantId: string;
  keyHashes: string[];
  keyIds: string[];
  userIds: string[];
  /** null: all models. */
  modelNames: string[] | null;
}

export interface DirectoryRows {
  tenant: TenantRecord | null;
  users: UserRecord[];
  products: ProductRecord[];
  apiKeys: ApiKeyRecord[];
  models: ModelRecord[];
}

const READ_DIRECTORY = `
  WITH keys AS (
    SELECT record FROM directory_api_keys WHERE tenant_id = $1 AND sha256 = ANY ($2::text[])
    UNION SELECT record FROM directory_api_keys WHERE tenant_id = $1 AND id = ANY ($3::text[])
  ), people AS (
    SELECT record FROM directory_users WHERE tenant_id = $1
      AND id = ANY ($4::text[] || ARRAY(SELECT record ->> 'userId' FROM keys))
  ), plans AS (
    SELECT record FROM directory_products
    WHERE NOT deleted AND id = ANY (ARRAY(SELECT record ->> 'productId' FROM people))
  ), deployments AS (
    SELECT record FROM directory_models WHERE NOT deleted AND ($5::text[] IS NULL OR name = ANY ($5::text[]))
  )
  SELECT (SELECT record FROM directory_tenants WHERE id = $1) AS tenant,
    (SELECT coalesce(jsonb_agg(record), '[]') FROM people) AS users,
    (SELECT coalesce(jsonb_agg(record), '[]') FROM plans) AS products,
    (SELECT coalesce(jsonb_agg(record), '[]') FROM keys) AS "apiKeys",
    (SELECT coalesce(jsonb_agg(record), '[]') FROM deployments) AS models`;

/** What the directory has of a tenant under these names. A tombstone has no tenant, so it is never among them. */
export async function readDirectory(client: Pool | PoolClient, query: DirectoryQuery): Promise<DirectoryRows> {
  const { rows } = await client.query<DirectoryRows>({
    name: 'read-directory',
    text: READ_DIRECTORY,
    values: [query.tenantId, query.keyHashes, query.keyIds, query.userIds, query.modelNames],
  });
  const [first] = rows;
  if (!first) throw new Error('the directory gave no answer');
  return first;
}

/** All people of a tenant with their products. */
export async function readTenantPeople(
  client: PoolClient,
  tenantId: string,
  subjectIds: string[] | null = null,
): Promise<{ tenant: TenantRecord | null; users: UserRecord[]; products: ProductRecord[] }> {
  const tenant = await client.query<{ record: TenantRecord | null }>(
    'SELECT record FROM directory_tenants WHERE id = $1',
    [tenantId],
  );
  const users = await client.query<{ record: UserRecord }>(
    'SELECT record FROM directory_users WHERE tenant_id = $1 AND ($2::text[] IS NULL OR id = ANY ($2)) ORDER BY id',
    [tenantId, subjectIds],
  );
  const products = await client.query<{ record: ProductRecord }>(
    'SELECT record FROM directory_products WHERE NOT deleted',
  );
  return {
    tenant: tenant.rows[0]?.record ?? null,
    users: users.rows.map(({ record }) => record),
    products: products.rows.map(({ record }) => record),
  };
}

/** The subject ids of a tenant's admins who may work. */
export async function readTenantAdmins(client: PoolClient, tenantId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM directory_users
     WHERE tenant_id = $1 AND record ->> 'role' = 'tenant_admin' AND record ->> 'status' = 'active' ORDER BY id`,
    [tenantId],
  );
  return rows.map(({ id }) => id);
}

/** One person, whatever the tenant; `deleted` where a tombstone is all that is left, undefined where we never heard. */
export async function readUser(pool: Pool, userId: string): Promise<UserRecord | 'deleted' | undefined> {
  const { rows } = await pool.query<{ record: UserRecord | null }>('SELECT record FROM directory_users WHERE id = $1', [
    userId,
  ]);
  return rows[0] && (rows[0].record ?? 'deleted');
}

/** The tenant that a key belongs to, by the key's SHA-256. */
export async function readTenantOfKey(pool: Pool, sha256: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ tenant_id: string }>(
    'SELECT tenant_id FROM directory_api_keys WHERE sha256 = $1',
    [sha256],
  );
  return rows[0]?.tenant_id;
}

/** A tenant that exists, or undefined. */
export async function readTenant(pool: Pool, tenantId: string): Promise<TenantRecord | undefined> {
  const { rows } = await pool.query<{ record: TenantRecord | null }>(
    'SELECT record FROM directory_tenants WHERE id = $1',
    [tenantId],
  );
  return rows[0]?.record ?? undefined;
}
