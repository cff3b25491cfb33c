/** Who asks, may they, and at which price: decided from the directory copy and the prices of the same transaction. */
import type {
  ApiKeyRecord,
  Credential,
  ModelRecord,
  ProductRecord,
  ProviderName,
  Reach,
  RefusalCode,
  TenantRecord,
  UserRecord,
} from '@cloudfreedom/contracts';
import { covers, isComplete, type PriceList, type Terms } from '../pricing/price.ts';

/** What the directory knows about the people, keys and models that a batch names; deleted records are not in it. */
export interface DirectoryFacts {
  now: Date;
  tenant: TenantRecord | null;
  users: UserRecord[];
  products: ProductRecord[];
  apiKeys: ApiKeyRecord[];
  models: ModelRecord[];
}

export interface PricedModel {
  provider: ProviderName;
  upstreamModel: string;
  priceVersionId: bigint;
  priceList: PriceList;
}

export interface PriceFacts {
  prices: PricedModel[];
  /** Decimal string; null: no rate is known. */
  eurPerUsd: string | null;
}

/** A credential that stands for somebody who may work now. */
export interface KnownPrincipal {
  tenant: TenantRecord;
  user: UserRecord;
  product: ProductRecord | null;
  apiKey: ApiKeyRecord | null;
}

interface Refused {
  refused: RefusalCode;
}

export interface GrantedModel {
  upstreamModel: string;
  priceVersionId: bigint;
  terms: Terms;
}

function findUser(facts: DirectoryFacts, credential: Credential): Refused | Pick<KnownPrincipal, 'user' | 'apiKey'> {
  if (credential.type === 'subject') {
    const user = facts.users.find(({ id }) => id === credential.subjectId);
    return user ? { user, apiKey: null } : { refused: 'subject_unknown' };
  }
  const apiKey = facts.apiKeys.find(({ sha256 }) => sha256 === credential.sha256);
  const expired = apiKey?.expiresAt && new Date(apiKey.expiresAt) <= facts.now;
  if (!apiKey || apiKey.revoked || expired) return { refused: 'invalid_api_key' };
  const user = facts.users.find(({ id }) => id === apiKey.userId);
  return user ? { user, apiKey } : { refused: 'subject_unknown' };
}

/** Resolve a credential; a person without a product is known too, with a budget of nothing unless one was set. */
export function identifyPrincipal(facts: DirectoryFacts, credential: Credential): Refused | KnownPrincipal {
  const found = findUser(facts, credential);
  if ('refused' in found) return found;
  if (found.user.status !== 'active') return { refused: 'subject_suspended' };
  if (facts.tenant?.status !== 'active') return { refused: 'tenant_suspended' };
  if (isExpired(facts.tenant, facts.now)) return { refused: 'tenant_expired' };
  const product = facts.products.find(({ id }) => id === found.user.productId) ?? null;
  return { ...found, tenant: facts.tenant, product };
}

/** A demo after its end. */
export function isExpired(tenant: Pick<TenantRecord, 'expiresAt'>, now: Date): boolean {
  return tenant.expiresAt !== '' && new Date(tenant.expiresAt) <= now;
}

/** Both allow-lists (an empty one allows every model) and the product's region rule. */
export function allowsModel(
  principal: Pick<KnownPrincipal, 'product' | 'apiKey'>,
  { name, region }: Pick<ModelRecord, 'name' | 'region'>,
): boolean {
  if (principal.product?.regionRule === 'eu' && region !== 'eu') return false;
  const lists = [principal.product?.models ?? [], principal.apiKey?.models ?? []];
  return lists.every((names) => names.length === 0 || names.includes(name));
}

/** The deployment that serves a public name at a provider, with its prices fixed as they are now. */
export function grantModel(
  facts: DirectoryFacts & PriceFacts,
  principal: KnownPrincipal,
  request: { model: string; provider: ProviderName; simulated: boolean; reach?: Reach | undefined },
): Refused | GrantedModel {
  const deployments = facts.models
    .filter(({ name, provider, enabled }) => name === request.model && provider === request.provider && enabled)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (deployments.length === 0) return { refused: 'model_not_found' };
  const deployment = deployments.find((model) => allowsModel(principal, model));
  // A demo costs nobody anything: the proxy simulates it, and whatever says otherwise is not served.
  const realInDemo = principal.tenant.type === 'demo' && !request.simulated;
  if (!deployment || realInDemo) return { refused: 'model_not_allowed' };
  const price = facts.prices.find(
    ({ provider, upstreamModel }) => provider === deployment.provider && upstreamModel === deployment.upstreamModel,
  );
  if (facts.eurPerUsd === null || !isComplete(price?.priceList) || !price) return { refused: 'model_not_priced' };
  if (request.reach && !covers(price.priceList, request.reach)) return { refused: 'model_not_priced' };
  return {
    upstreamModel: deployment.upstreamModel,
    priceVersionId: price.priceVersionId,
    terms: {
      priceList: price.priceList,
      eurPerUsd: facts.eurPerUsd,
      markupPercent: principal.tenant.markupPercent,
    },
  };
}
