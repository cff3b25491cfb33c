/**
 * What batches read of the directory and of the prices in effect, remembered until something of it changes. Each batch asks
 * in its own transaction for the newest event of the directory's log: what was read since that event is what would be read
 * now, so a key that was revoked a moment ago buys nothing more.
 */
import type { ApiKeyRecord, ModelRecord, ProductRecord, UserRecord } from '@cloudfreedom/contracts';
import type { PoolClient } from '@cloudfreedom/service-kit';
import { type DirectoryRows, readDirectory } from '../directory/directory.store.ts';
import { readVersionsInEffect, type VersionsInEffect } from '../pricing/pricing.store.ts';

/** Of each kind of record, for one tenant. */
const RECORDS_MAX = 10_000;
const TENANTS_MAX = 1_000;

interface Names {
  tenantId: string;
  keyHashes: string[];
  keyIds: string[];
  userIds: string[];
  modelNames: string[];
}

/** When a batch asks. */
interface Moment {
  /** The newest event of the directory's log. */
  directoryEvent: string;
  now: Date;
}

type Facts = DirectoryRows & { versions: VersionsInEffect['versions'] };

interface Known {
  directoryEvent: string;
  tenant: DirectoryRows['tenant'];
  users: Map<string, UserRecord>;
  /** null: looked for, and not there. */
  products: Map<string, ProductRecord | null>;
  keysByHash: Map<string, ApiKeyRecord>;
  keysById: Map<string, ApiKeyRecord>;
  /** By public name. */
  models: Map<string, ModelRecord[]>;
  versions: Map<string, VersionsInEffect['versions'][number]>;
  /** A price that was entered ahead takes effect then. */
  versionsUntil: Date | null;
}

export interface KnownDirectory {
  /** Asks the database for all of it where anything is not known. */
  find(client: PoolClient, names: Names, moment: Moment): Promise<Facts>;
}

function remember(known: Known, found: DirectoryRows, { modelNames }: Names, prices: VersionsInEffect): void {
  known.tenant = found.tenant;
  for (const user of found.users) {
    known.users.set(user.id, user);
    const product = found.products.find(({ id }) => id === user.productId);
    known.products.set(user.productId, product ?? null);
  }
  for (const key of found.apiKeys) {
    known.keysByHash.set(key.sha256, key);
    known.keysById.set(key.id, key);
  }
  for (const name of modelNames)
    known.models.set(
      name,
      found.models.filter((model) => model.name === name),
    );
  for (const version of prices.versions) known.versions.set(`${version.provider} ${version.priceName}`, version);
  const { nextFrom } = prices;
  if (nextFrom && (!known.versionsUntil || nextFrom < known.versionsUntil)) known.versionsUntil = nextFrom;
}

/** All of them, or undefined where one is not known. */
function pickAll<T>(from: Map<string, T>, names: Iterable<string>): T[] | undefined {
  const found = new Set<T>();
  for (const name of names) {
    const record = from.get(name);
    if (record === undefined) return undefined;
    found.add(record);
  }
  return [...found];
}

function recall(known: Known, names: Names, now: Date): Facts | undefined {
  if (!known.tenant || (known.versionsUntil && now >= known.versionsUntil)) return undefined;
  const byHash = pickAll(known.keysByHash, names.keyHashes);
  const byId = pickAll(known.keysById, names.keyIds);
  if (!byHash || !byId) return undefined;
  const apiKeys = [...new Set([...byHash, ...byId])];
  const users = pickAll(known.users, new Set([...names.userIds, ...apiKeys.map(({ userId }) => userId)]));
  const products = users && pickAll(known.products, new Set(users.map(({ productId }) => productId)));
  const models = pickAll(known.models, new Set(names.modelNames));
  if (!users || !products || !models) return undefined;
  return {
    ...{ tenant: known.tenant, users, apiKeys, models: models.flat() },
    products: products.filter((product) => product !== null),
    versions: [...known.versions.values()],
  };
}

function isFull({ users, products, keysById, models, versions }: Known): boolean {
  return [users, products, keysById, models, versions].some(({ size }) => size > RECORDS_MAX);
}

export function createKnownDirectory(): KnownDirectory {
  const knownByTenant = new Map<string, Known>();

  function knownOf(tenantId: string, { directoryEvent, now }: Moment): Known {
    const before = knownByTenant.get(tenantId);
    const isOver = before?.versionsUntil && now >= before.versionsUntil;
    if (before && before.directoryEvent === directoryEvent && !isOver && !isFull(before)) return before;
    const [users, products, keysByHash, keysById, models, versions] = Array.from({ length: 6 }, () => new Map());
    const maps = { users, products, keysByHash, keysById, models, versions } as Pick<
      Known,
      'users' | 'products' | 'keysByHash' | 'keysById' | 'models' | 'versions'
    >;
    const known: Known = { directoryEvent, tenant: null, ...maps, versionsUntil: null };
    if (knownByTenant.size >= TENANTS_MAX) knownByTenant.clear();
    knownByTenant.set(tenantId, known);
    return known;
  }

  return {
    find: async (client, names, moment) => {
      const known = knownOf(names.tenantId, moment);
      const recalled = recall(known, names, moment.now);
      if (recalled) return recalled;
      const [found, prices] = await Promise.all([
        readDirectory(client, names),
        names.modelNames.length > 0 ? readVersionsInEffect(client, names.modelNames) : { versions: [], nextFrom: null },
      ]);
      remember(known, found, names, prices);
      return { ...found, versions: prices.versions };
    },
  };
}
