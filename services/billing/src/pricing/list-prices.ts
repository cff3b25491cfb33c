/** Use cases of platform admins around prices. */
import type { PriceVersion, priceList, priceQuery, priceVersionCreateRequest } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { queueAudit } from '../audit/audit-outbox.store.ts';
import { billingError } from '../errors.ts';
import { pricesOf } from './price-differences.ts';
import { addPriceVersion, readPriceVersions } from './price-versions.store.ts';

export async function listPrices(pool: Pool, query: z.infer<typeof priceQuery>): Promise<z.infer<typeof priceList>> {
  const items = await readPriceVersions(pool, { ...query, limit: query.limit + 1 });
  return { items: items.slice(0, query.limit), more: items.length > query.limit };
}

/** A price list by hand. @throws ApiError price_version_exists where the model has one of that very moment */
export async function addPrice(
  pool: Pool,
  actor: Actor,
  request: z.infer<typeof priceVersionCreateRequest>,
): Promise<PriceVersion> {
  const version = { ...request, author: actor.subjectId };
  const id = await addPriceVersion(pool, version, async (client, { id: targetId, effectiveFrom, before }) => {
    const { provider, model } = request;
    const [old, now] = [before ? pricesOf(before) : new Map<string, string>(), pricesOf(request)];
    const changed = [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name));
    const side = (prices: Map<string, string>) =>
      Object.fromEntries(changed.map((name) => [name, prices.get(name) ?? null]));
    const after = { provider, model, effective_from: effectiveFrom, ...side(now) };
    const entry = { action: 'create', collection: 'prices', targetId, before: side(old), after } as const;
    await queueAudit(client, [auditEntry(actor, '', entry)]);
  });
  const [added] = id === null ? [] : await readPriceVersions(pool, { id, versions: 'all', limit: 1 });
  if (!added) throw billingError('price_version_exists', { param: 'effectiveFrom' });
  return added;
}
