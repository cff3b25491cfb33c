/** Prices as a tenant's admins read them: in euro, for a million units, with and without the tenant's mark-up. */
import { formatEur, type Meter, type TenantPriceStep, type TenantPrices } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { readDirectory } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';
import { priceOf, servesTenant } from '../ledger/authorize.ts';
import { readCurrentRate } from './exchange-rates.store.ts';
import { isStale } from './exchange-rates.ts';
import { pricePerMillion, type Terms } from './price.ts';
import { readVersionOrigins } from './price-versions.store.ts';
import { readPrices } from './pricing.store.ts';

/** Every step of a list, each named price at the exchange rate of now; rounded up like a charge. */
function eurSteps(terms: Terms): TenantPriceStep[] {
  return terms.priceList.map(({ serviceTier = 'standard', aboveInputTokens, usdPerMillion }) => {
    const named = Object.entries(usdPerMillion) as [Meter, string][];
    const prices = named.map(([meter, usd]) => [meter, pricePerMillion(terms, usd)] as const);
    return {
      serviceTier,
      aboveInputTokens,
      cost: Object.fromEntries(prices.map(([meter, { costNanoEur }]) => [meter, formatEur(costNanoEur)])),
      charge: Object.fromEntries(prices.map(([meter, { chargeNanoEur }]) => [meter, formatEur(chargeNanoEur)])),
    };
  });
}

/** @throws ApiError tenant_not_found */
export async function readTenantPrices(pool: Pool, tenantId: string): Promise<TenantPrices> {
  const { tenant, models } = await readDirectory(pool, {
    tenantId,
    keyHashes: [],
    keyIds: [],
    userIds: [],
    modelNames: null,
  });
  if (!tenant) throw billingError('tenant_not_found');
  const { markupPercent } = tenant;
  const [{ prices }, rate] = await Promise.all([readPrices(pool, models), readCurrentRate(pool)]);
  if (!rate) return { markupPercent, exchangeRate: null, items: [] };
  const { eurPerUsd, quotedAt, source } = rate;
  const served = models.filter((model) => servesTenant(model, tenantId));
  const priced = served.flatMap((model) => {
    const price = priceOf(prices, model);
    return price ? [{ deploymentId: model.id, ...price }] : [];
  });
  const origins = await readVersionOrigins(
    pool,
    priced.map(({ priceVersionId }) => priceVersionId),
  );
  return {
    markupPercent,
    exchangeRate: { eurPerUsd, quotedAt: quotedAt.toISOString(), source, stale: isStale(quotedAt) },
    items: priced.flatMap(({ deploymentId, priceVersionId, priceList }) => {
      const origin = origins.get(priceVersionId);
      return origin ? [{ deploymentId, ...origin, steps: eurSteps({ priceList, eurPerUsd, markupPercent }) }] : [];
    }),
  };
}
