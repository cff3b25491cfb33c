/** Use cases of platform admins around prices. */
import type { PriceVersion, priceList, priceQuery, priceVersionCreateRequest } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import { billingError } from '../errors.ts';
import { addPriceVersion, readPriceVersions } from './price-versions.store.ts';

export async function listPrices(pool: Pool, query: z.infer<typeof priceQuery>): Promise<z.infer<typeof priceList>> {
  const items = await readPriceVersions(pool, { ...query, limit: query.limit + 1 });
  return { items: items.slice(0, query.limit), more: items.length > query.limit };
}

/** A price list by hand. @throws ApiError price_version_exists where the model has one of that very moment */
export async function addPrice(
  pool: Pool,
  author: string,
  request: z.infer<typeof priceVersionCreateRequest>,
): Promise<PriceVersion> {
  const id = await addPriceVersion(pool, { ...request, author });
  const [version] = id === null ? [] : await readPriceVersions(pool, { id, versions: 'all', limit: 1 });
  if (!version) throw billingError('price_version_exists', { param: 'effectiveFrom' });
  return version;
}
