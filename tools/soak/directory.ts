/** Whoever and whatever a soak needs, as directory records. */
import { randomBytes } from 'node:crypto';
import type { ApiKeyRecord, ModelRecord, ProductRecord, TenantRecord, UserRecord } from '@cloudfreedom/contracts';
import { createSecret, sha256Hex } from '@cloudfreedom/service-kit';

let rev = 0;
export const nextRev = () => ++rev;
const newId = () => randomBytes(8).toString('hex').slice(0, 15);

/** Visible output, and output that nobody sees. Both at 0.15 and 0.60 USD per million, the prices of gpt-4o-mini. */
export const VISIBLE = 'visible';
export const HIDDEN = 'hidden';
export const OUTPUT_MAX_TOKENS = 16_384;
/** What a request of a client that names no cap may take: modest, so that hidden reasoning doesn't block others. */
const DEFAULT_CAP_TOKENS = 4_096;

export const tenant: TenantRecord = {
  id: newId(),
  rev: nextRev(),
  name: 'Soak',
  slug: 'soak',
  type: 'dev',
  status: 'active',
  timeZone: 'Europe/Berlin',
  locale: 'en',
  monthlyBudgetEur: '',
  markupPercent: '12.5',
  domains: [],
  expiresAt: '',
  singleSignOnRequired: false,
  retentionDays: 0,
};

export const product: ProductRecord = {
  id: newId(),
  rev: nextRev(),
  name: 'Soak',
  monthlyBudgetEur: '1000.00',
  carryOverCapEur: '',
  models: [],
  regionRule: 'any',
  requestsPerMinute: 0,
  tokensPerMinute: 0,
  parallelRequests: 0,
  outputCapTokens: DEFAULT_CAP_TOKENS,
};

function model(
  name: string,
  reasoning: ModelRecord['reasoning'],
  fields: Partial<Pick<ModelRecord, 'provider' | 'upstreamModel' | 'kind' | 'chunkTimeoutMs'>> = {},
): ModelRecord {
  return {
    id: newId(),
    rev: nextRev(),
    name,
    deployment: name,
    displayName: name,
    description: { en: '', de: '' },
    languages: [],
    kind: 'chat',
    provider: 'openai',
    upstreamModel: 'gpt-4o-mini',
    region: 'us',
    processor: '',
    priority: 0,
    weight: 1,
    baseUrl: '',
    apiVersion: '',
    keyName: '',
    contextTokens: 128_000,
    outputTokensMax: OUTPUT_MAX_TOKENS,
    reasoning,
    unsupported: [],
    firstByteTimeoutMs: 0,
    chunkTimeoutMs: 0,
    tenants: [],
    prices: null,
    enabled: true,
    ...fields,
  };
}
export const models = [model(VISIBLE, 'none'), model(HIDDEN, 'hidden')];

/** A provider that falls silent is left after this. */
const silence = { chunkTimeoutMs: 10_000 };

/** One of each provider, and one that makes vectors. */
export const mixedModels = {
  openai: model('of-openai', 'none', silence),
  anthropic: model('of-anthropic', 'none', { ...silence, provider: 'anthropic', upstreamModel: 'claude-haiku-4-5' }),
  gemini: model('of-gemini', 'none', { ...silence, provider: 'gemini', upstreamModel: 'gemini-2.5-flash' }),
  vectors: model('vectors', 'none', { kind: 'embedding', upstreamModel: 'text-embedding-3-small' }),
};

/** Somebody with a limit of their own, and the key that they call with. */
export function newPerson(
  budgetEur: string,
  productId = product.id,
): { user: UserRecord; record: ApiKeyRecord; key: string } {
  const user: UserRecord = {
    id: newId(),
    rev: nextRev(),
    tenantId: tenant.id,
    productId,
    role: 'member',
    kind: 'person',
    status: 'active',
    budgetOverrideEur: budgetEur,
    costCentre: '',
    locale: 'en',
  };
  const key = createSecret('cf-');
  const record: ApiKeyRecord = {
    id: newId(),
    rev: nextRev(),
    tenantId: tenant.id,
    userId: user.id,
    sha256: sha256Hex(key),
    prefix: key.slice(0, 8),
    revoked: false,
    expiresAt: '',
    monthlyBudgetEur: '',
    models: [],
  };
  return { user, record, key };
}
