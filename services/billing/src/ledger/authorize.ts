/** Who asks, may they, and at which price: decided from the directory copy and the prices of the same transaction. */
import type {
  ApiKeyRecord,
  Credential,
  ModelProvider,
  ModelRecord,
  ProductRecord,
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
  provider: ModelProvider;
  /** As `priceNameOf` has it. */
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
  /** Whose credential it is, where it is somebody's. */
  bearer?: { subjectId: string; apiKeyId: string | null };
}

export interface GrantedModel {
  deployment: ModelRecord;
  priceVersionId: bigint;
  terms: Terms;
}

function findUser(facts: DirectoryFacts, credential: Credential): Refused | Pick<KnownPrincipal, 'user' | 'apiKey'> {
  if (credential.type === 'subject') {
    const user = facts.users.find(({ id }) => id === credential.subjectId);
    const ended = user && credential.issuedAt && endedSince(user, new Date(credential.issuedAt));
    return user && !ended ? { user, apiKey: null } : { refused: 'subject_unknown' };
  }
  const apiKey = facts.apiKeys.find(({ sha256 }) => sha256 === credential.sha256);
  const expired = apiKey?.expiresAt && new Date(apiKey.expiresAt) <= facts.now;
  if (!apiKey) return { refused: 'invalid_api_key' };
  const bearer = { subjectId: apiKey.userId, apiKeyId: apiKey.id };
  if (apiKey.revoked || expired) return { refused: 'invalid_api_key', bearer };
  const user = facts.users.find(({ id }) => id === apiKey.userId);
  return user ? { user, apiKey } : { refused: 'subject_unknown' };
}

/** Whether the person's sessions were ended after a token was issued. */
export function endedSince(user: Pick<UserRecord, 'sessionsEndedAt'>, issuedAt: Date): boolean {
  return user.sessionsEndedAt ? issuedAt < new Date(user.sessionsEndedAt) : false;
}

/** Resolve a credential; a person without a product is known too, with a budget of nothing unless one was set. */
export function identifyPrincipal(facts: DirectoryFacts, credential: Credential): Refused | KnownPrincipal {
  const found = findUser(facts, credential);
  if ('refused' in found) return found;
  const bearer = { subjectId: found.user.id, apiKeyId: found.apiKey?.id ?? null };
  if (found.user.status !== 'active') return { refused: 'subject_suspended', bearer };
  if (facts.tenant?.status !== 'active') return { refused: 'tenant_suspended', bearer };
  if (isExpired(facts.tenant, facts.now)) return { refused: 'tenant_expired', bearer };
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

/** No tenants: everybody's. */
export function servesTenant(model: ModelRecord, tenantId: string): boolean {
  return model.tenants.length === 0 || model.tenants.includes(tenantId);
}

/** The name under which a deployment's prices stand: a custom one has prices of its own, whatever its upstream model. */
export function priceNameOf(model: Pick<ModelRecord, 'id' | 'provider' | 'upstreamModel'>): string {
  return model.provider === 'custom' ? model.id : model.upstreamModel;
}

/** The prices of a deployment that are in effect; undefined: none, or not for everything that counts. */
export function priceOf(prices: PricedModel[], model: ModelRecord): PricedModel | undefined {
  if (model.provider === 'custom' && model.prices === null) return undefined;
  const name = priceNameOf(model);
  const price = prices.find(({ provider, upstreamModel }) => provider === model.provider && upstreamModel === name);
  return isComplete(price?.priceList) ? price : undefined;
}

/** The deployment that is to be called, with its prices fixed as they are now. */
export function grantModel(
  facts: DirectoryFacts & PriceFacts,
  principal: KnownPrincipal,
  request: {
    model: string;
    deploymentId: string;
    provider: ModelProvider;
    simulated: boolean;
    reach?: Reach | undefined;
  },
): Refused | GrantedModel {
  const deployment = facts.models.find(
    ({ id, name, provider, enabled }) =>
      id === request.deploymentId && name === request.model && provider === request.provider && enabled,
  );
  if (!deployment || !servesTenant(deployment, principal.tenant.id)) return { refused: 'model_not_found' };
  // A demo costs nobody anything: the proxy simulates it, and whatever says otherwise is not served.
  const realInDemo = principal.tenant.type === 'demo' && !request.simulated;
  if (!allowsModel(principal, deployment) || realInDemo) return { refused: 'model_not_allowed' };
  const price = priceOf(facts.prices, deployment);
  if (facts.eurPerUsd === null || !price) return { refused: 'model_not_priced' };
  if (request.reach && !covers(price.priceList, request.reach)) return { refused: 'model_not_priced' };
  return {
    deployment,
    priceVersionId: price.priceVersionId,
    terms: {
      priceList: price.priceList,
      eurPerUsd: facts.eurPerUsd,
      markupPercent: principal.tenant.markupPercent,
    },
  };
}
