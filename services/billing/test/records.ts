/** Directory records and ledger operations as tests need them: right in every field, and each with ids of its own. */
import { randomUUID } from 'node:crypto';
import type {
  ApiKeyRecord,
  DirectoryChange,
  DirectorySnapshot,
  LedgerOperation,
  ModelRecord,
  ProductRecord,
  ReserveOperation,
  TenantRecord,
  UsageRow,
  UserRecord,
} from '@cloudfreedom/contracts';
import { createSecret, sha256Hex } from '@cloudfreedom/service-kit';

export const MODEL = 'gpt-4o-mini';
const MODEL_ID = 'model0gpt4omini';
let lastRev = 0;
export const nextRev = () => ++lastRev;

/** A record id that no other test has. */
export function newId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 15);
}

export function tenant(fields: Partial<TenantRecord> = {}): TenantRecord {
  const id = fields.id ?? newId();
  return {
    id,
    rev: nextRev(),
    name: 'Acme',
    slug: `acme-${id}`,
    type: 'dev',
    status: 'active',
    timeZone: 'Europe/Berlin',
    locale: 'de',
    monthlyBudgetEur: '',
    markupPercent: '0',
    domains: [],
    expiresAt: '',
    singleSignOnRequired: false,
    retentionDays: 0,
    ...fields,
  };
}

export function product(fields: Partial<ProductRecord> = {}): ProductRecord {
  return {
    id: newId(),
    rev: nextRev(),
    name: 'Standard',
    monthlyBudgetEur: '10.00',
    carryOverCapEur: '',
    models: [],
    regionRule: 'any',
    requestsPerMinute: 60,
    tokensPerMinute: 0,
    parallelRequests: 4,
    outputCapTokens: 4096,
    ...fields,
  };
}

export function user(fields: Partial<UserRecord> & Pick<UserRecord, 'tenantId'>): UserRecord {
  return {
    id: newId(),
    rev: nextRev(),
    productId: '',
    role: 'member',
    kind: 'person',
    status: 'active',
    budgetOverrideEur: '',
    costCentre: '',
    locale: 'de',
    ...fields,
  };
}

export function apiKey(
  fields: Partial<ApiKeyRecord> & Pick<ApiKeyRecord, 'tenantId' | 'userId'>,
): ApiKeyRecord & { key: string } {
  const key = createSecret('cf-');
  return {
    key,
    id: newId(),
    rev: nextRev(),
    sha256: sha256Hex(key),
    prefix: key.slice(0, 8),
    revoked: false,
    expiresAt: '',
    monthlyBudgetEur: '',
    models: [],
    ...fields,
  };
}

export function model(fields: Partial<ModelRecord> = {}): ModelRecord {
  return {
    id: fields.name === undefined ? MODEL_ID : newId(),
    rev: nextRev(),
    name: MODEL,
    deployment: fields.name ?? MODEL,
    displayName: 'GPT-4o mini',
    description: { en: '', de: '' },
    languages: [],
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
    outputTokensMax: 16_384,
    reasoning: 'none',
    kind: 'chat',
    unsupported: [],
    firstByteTimeoutMs: 0,
    chunkTimeoutMs: 0,
    tenants: [],
    prices: null,
    enabled: true,
    ...fields,
  };
}

export type Records = Partial<Pick<DirectorySnapshot, 'tenants' | 'products' | 'users' | 'api_keys' | 'models'>>;

export function changesOf(records: Records): DirectoryChange[] {
  return Object.entries(records).flatMap(([collection, list]) =>
    list.map((record) => ({ collection, id: record.id, rev: record.rev, record }) as DirectoryChange),
  );
}

export function reserveOf(
  credential: ReserveOperation['credential'],
  fields: Partial<ReserveOperation> = {},
): ReserveOperation {
  return {
    op: 'reserve',
    reservationId: randomUUID(),
    requestId: `req-${randomUUID()}`,
    attempt: 1,
    credential,
    model: MODEL,
    deploymentId: MODEL_ID,
    provider: 'openai',
    simulated: false,
    streamed: true,
    inputTokensMax: 1_000,
    outputTokensCap: 1_000,
    outputTokensMin: 1,
    outputTokensSlice: 200,
    choices: 1,
    ...fields,
  };
}

export function settleOf(
  reservationId: string,
  meters: UsageRow['usage']['meters'],
  fields: Partial<Extract<LedgerOperation, { op: 'settle' }>> = {},
): Extract<LedgerOperation, { op: 'settle' }> {
  return {
    op: 'settle',
    reservationId,
    usage: { basis: 'exact', meters },
    outcome: 'completed',
    finishReason: 'stop',
    firstByteMs: 120,
    totalMs: 900,
    upstreamRequestId: 'up-1',
    ...fields,
  };
}
