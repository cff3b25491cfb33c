/**
 * Price lists by the id of their version, remembered: the database lets nobody change a version. A batch asks Postgres only
 * which versions are in effect.
 */
import type { PoolClient } from '@cloudfreedom/service-kit';
import type { PriceList } from './price.ts';
import { readPriceLists } from './pricing.store.ts';

/** A list is a few hundred bytes; more are asked for again. */
const KNOWN_MAX = 5_000;

export interface KnownPriceLists {
  /** Asks for those that are not known yet. A version without prices is not among them. */
  find(client: PoolClient, ids: bigint[]): Promise<Map<bigint, PriceList>>;
}

export function createKnownPriceLists(): KnownPriceLists {
  const known = new Map<bigint, PriceList>();
  return {
    find: async (client, ids) => {
      const unknown = [...new Set(ids)].filter((id) => !known.has(id));
      if (unknown.length === 0) return known;
      const found = await readPriceLists(client, unknown);
      if (known.size + found.size > KNOWN_MAX) known.clear();
      for (const [id, list] of found) known.set(id, list);
      // Another batch may have made room meanwhile.
      return new Map([...known, ...found]);
    },
  };
}
