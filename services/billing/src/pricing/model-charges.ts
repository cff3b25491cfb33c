/** What models cost, in as few figures as people can use: a million tokens in and out, per public name. */
import { formatEur, type ModelCharge } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { readDirectory } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';
import { priceOf, servesTenant } from '../ledger/authorize.ts';
import { readCurrentRate } from './exchange-rates.store.ts';
import { findPrice, pricePerMillion } from './price.ts';
import { readPrices } from './pricing.store.ts';

/** Nothing without an exchange rate. @throws ApiError tenant_not_found */
export async function readModelCharges(pool: Pool, tenantId: string): Promise<{ items: ModelCharge[] }> {
  const { tenant, models } = await readDirectory(pool, {
    tenantId,
    keyHashes: [],
    keyIds: [],
    userIds: [],
    modelNames: null,
  });
  if (!tenant) throw billingError('tenant_not_found');
  const [{ prices }, rate] = await Promise.all([readPrices(pool, models), readCurrentRate(pool)]);
  if (!rate) return { items: [] };
  const terms = { eurPerUsd: rate.eurPerUsd, markupPercent: tenant.markupPercent };
  const items = new Map<string, ModelCharge>();
  const firstTried = models.filter((model) => servesTenant(model, tenantId)).sort((a, b) => a.priority - b.priority);
  for (const model of firstTried) {
    const price = priceOf(prices, model);
    if (!price || items.has(model.name)) continue;
    const charge = (meter: 'uncached_input' | 'output_text') =>
      formatEur(pricePerMillion(terms, findPrice(price.priceList, 'standard', 0, meter).usdPerMillion).chargeNanoEur);
    items.set(model.name, {
      model: model.name,
      inputEurPerMillion: charge('uncached_input'),
      outputEurPerMillion: model.kind === 'embedding' ? '0.00' : charge('output_text'),
    });
  }
  return { items: [...items.values()] };
}
