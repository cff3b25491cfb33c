/** What a credential may do, and what a tenant may serve: for rate limits and lists of models, never for money. */
import type { Catalogue, Credential, Principal, RateLimits, RefusalCode } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { billingError } from '../errors.ts';
import { allowsModel, identifyPrincipal, priceOf, servesTenant } from '../ledger/authorize.ts';
import { pricedReachOf } from '../pricing/price.ts';
import { readPrices } from '../pricing/pricing.store.ts';
import { readDirectory } from './directory.store.ts';

export async function resolvePrincipal(
  pool: Pool,
  tenantId: string,
  credential: Credential,
): Promise<Extract<ReturnType<typeof identifyPrincipal>, { refused: RefusalCode }> | { principal: Principal }> {
  const directory = await readDirectory(pool, {
    tenantId,
    keyHashes: credential.type === 'api_key' ? [credential.sha256] : [],
    keyIds: [],
    userIds: credential.type === 'subject' ? [credential.subjectId] : [],
    modelNames: null,
  });
  const known = identifyPrincipal({ now: new Date(), ...directory }, credential);
  if ('refused' in known) return known;
  const { user, product, apiKey, tenant } = known;
  const served = directory.models.filter(
    (model) => model.enabled && servesTenant(model, tenantId) && allowsModel(known, model),
  );
  return {
    principal: {
      subjectId: user.id,
      tenantId,
      apiKeyId: apiKey?.id ?? null,
      productId: product?.id ?? null,
      role: user.role,
      locale: user.locale,
      regionRule: product?.regionRule ?? 'any',
      models: [...new Set(served.map(({ name }) => name))].sort(),
      limits: {
        api_key: limitsOf(apiKey),
        user: limitsOf(user, product),
        product: limitsOf(product?.sharedLimits),
        tenant: limitsOf(tenant),
      },
      outputCapTokens: product?.outputCapTokens ?? 0,
    },
  };
}

type Wished = { [Kind in keyof RateLimits]?: number | undefined };

/** What stands there, else what stands at the other one; 0: none. */
function limitsOf(own: Wished | null | undefined, otherwise?: RateLimits | null): RateLimits {
  return {
    requestsPerMinute: own?.requestsPerMinute || otherwise?.requestsPerMinute || 0,
    tokensPerMinute: own?.tokensPerMinute || otherwise?.tokensPerMinute || 0,
    parallelRequests: own?.parallelRequests || otherwise?.parallelRequests || 0,
  };
}

/** @throws ApiError tenant_not_found */
export async function readCatalogue(pool: Pool, tenantId: string): Promise<Catalogue> {
  const { tenant, models } = await readDirectory(pool, {
    tenantId,
    keyHashes: [],
    keyIds: [],
    userIds: [],
    modelNames: null,
  });
  if (!tenant) throw billingError('tenant_not_found');
  const { prices, eurPerUsd } = await readPrices(pool, models);
  return {
    tenant: {
      id: tenant.id,
      name: tenant.name,
      type: tenant.type,
      status: tenant.status,
      domains: tenant.domains,
      retentionDays: tenant.retentionDays,
      answerCache: tenant.answerCache ?? 'off',
      contentLogDays: tenant.contentLogDays ?? 0,
    },
    models: models
      .filter((model) => model.enabled && servesTenant(model, tenantId))
      .map((model) => {
        const { rev: _rev, enabled: _enabled, tenants: _tenants, prices: _prices, ...served } = model;
        const price = eurPerUsd === null ? undefined : priceOf(prices, model);
        return {
          ...served,
          priced: price !== undefined,
          ...(price && { pricedReach: pricedReachOf(price.priceList) }),
        };
      })
      .sort((a, b) => a.name.localeCompare(b.name, 'en') || a.priority - b.priority || (a.id < b.id ? -1 : 1)),
  };
}
