/**
 * People, plans and access as PocketBase keeps them and billing copies them.
 * Every record carries `rev`, one counter over all collections: a copy applies a change only where `rev` is greater.
 * An empty string means "not set" (PocketBase has no null): `budgetOverrideEur: ""` is no override, `"0"` is a budget of nothing.
 */
import { z } from 'zod';
import { eurAmountNotNegative } from './money.ts';

/** PocketBase record id; for a user also the opaque subject id that money and usage rows carry. */
export const recordId = z.string().regex(/^[a-z0-9]{15}$/, 'a record id: 15 lower-case letters and digits');

export const TENANT_TYPES = ['internal', 'demo', 'dev', 'enterprise'] as const;
export const ROLES = ['member', 'tenant_admin', 'platform_admin'] as const;
export const PROVIDERS = ['openai', 'anthropic', 'gemini'] as const;
export const REGION_RULES = ['any', 'eu'] as const;
export const role = z.enum(ROLES);
export type Role = z.infer<typeof role>;
export const providerName = z.enum(PROVIDERS);
export type ProviderName = z.infer<typeof providerName>;
export const locale = z.enum(['de', 'en']);
export type Locale = z.infer<typeof locale>;
const status = z.enum(['active', 'suspended']);
const eurOrUnset = z.union([z.literal(''), eurAmountNotNegative]);
const instantOrUnset = z.union([z.iso.datetime(), z.literal('')]);
const revision = z.number().int().nonnegative();

export const tenantRecord = z.object({
  id: recordId,
  rev: revision,
  name: z.string().min(1),
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/),
  type: z.enum(TENANT_TYPES),
  status,
  timeZone: z.string().min(1).meta({ description: 'IANA zone; decides when a month begins', example: 'Europe/Berlin' }),
  locale,
  monthlyBudgetEur: eurOrUnset,
  markupPercent: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,2})?$/)
    .meta({ description: 'decimal string, "0" is no mark-up' }),
  domains: z.array(z.string()).meta({ description: 'host names of its own pages, no two tenants have the same' }),
  expiresAt: instantOrUnset.meta({ description: 'end of a demo; from then on it is refused like a suspended tenant' }),
  singleSignOnRequired: z.boolean().meta({ description: 'its people sign in at their own provider, not by password' }),
  retentionDays: z
    .number()
    .int()
    .nonnegative()
    .meta({ description: "how long its chats and the read model of its usage are kept; 0: the platform's rule" }),
});
export type TenantRecord = z.infer<typeof tenantRecord>;

export const productRecord = z.object({
  id: recordId,
  rev: revision,
  name: z.string().min(1),
  monthlyBudgetEur: eurAmountNotNegative.meta({ description: 'budget per user and calendar month' }),
  carryOverCapEur: eurOrUnset.meta({
    description: "most of a month's unspent budget that is added to the next month's; empty: nothing is carried over",
  }),
  models: z.array(z.string()).meta({ description: 'allowed public model names; empty: all' }),
  regionRule: z.enum(REGION_RULES).meta({ description: 'eu: only deployments in the EU' }),
  requestsPerMinute: z.number().int().nonnegative().meta({ description: '0: no limit of its own' }),
  tokensPerMinute: z.number().int().nonnegative(),
  parallelRequests: z.number().int().nonnegative(),
  outputCapTokens: z
    .number()
    .int()
    .nonnegative()
    .meta({ description: 'output cap where the client names none; 0: the model decides' }),
});
export type ProductRecord = z.infer<typeof productRecord>;

export const userRecord = z.object({
  id: recordId,
  rev: revision,
  tenantId: recordId,
  productId: z.union([recordId, z.literal('')]),
  role,
  kind: z.enum(['person', 'service_account']),
  status,
  budgetOverrideEur: eurOrUnset,
  costCentre: z.string(),
  locale,
});
export type UserRecord = z.infer<typeof userRecord>;

export const apiKeyRecord = z.object({
  id: recordId,
  rev: revision,
  tenantId: recordId,
  userId: recordId,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  prefix: z.string(),
  revoked: z.boolean(),
  expiresAt: instantOrUnset,
  monthlyBudgetEur: eurOrUnset,
  models: z.array(z.string()),
});
export type ApiKeyRecord = z.infer<typeof apiKeyRecord>;

/** A model deployment: public name -> provider, upstream model, region and abilities. Prices live in billing. */
export const modelRecord = z.object({
  id: recordId,
  rev: revision,
  name: z.string().min(1).meta({ description: 'public model name, the one clients send' }),
  displayName: z.string().min(1),
  provider: providerName,
  upstreamModel: z.string().min(1),
  kind: z.enum(['chat', 'embedding']).default('chat').meta({ description: 'what it makes: an answer, or vectors' }),
  region: z.enum(['eu', 'us', 'global']),
  contextTokens: z.number().int().positive(),
  outputTokensMax: z.number().int().positive().meta({ description: 'means nothing for an embedding model' }),
  reasoning: z
    .enum(['none', 'visible', 'hidden'])
    .meta({ description: 'hidden: output tokens arrive that the stream does not show' }),
  enabled: z.boolean(),
});
export type ModelRecord = z.infer<typeof modelRecord>;

export const DIRECTORY_COLLECTIONS = ['tenants', 'products', 'users', 'api_keys', 'models'] as const;
export type DirectoryCollection = (typeof DIRECTORY_COLLECTIONS)[number];

/** One change as the webhook carries it. `record: null` is a tombstone. */
export const directoryChange = z.discriminatedUnion('collection', [
  z.object({ collection: z.literal('tenants'), id: recordId, rev: revision, record: tenantRecord.nullable() }),
  z.object({ collection: z.literal('products'), id: recordId, rev: revision, record: productRecord.nullable() }),
  z.object({ collection: z.literal('users'), id: recordId, rev: revision, record: userRecord.nullable() }),
  z.object({ collection: z.literal('api_keys'), id: recordId, rev: revision, record: apiKeyRecord.nullable() }),
  z.object({ collection: z.literal('models'), id: recordId, rev: revision, record: modelRecord.nullable() }),
]);
export type DirectoryChange = z.infer<typeof directoryChange>;

/** Body of PocketBase -> billing `POST /internal/directory`, signed: `x-signature` = HMAC-SHA256 (hex) of the raw body. */
export const directoryWebhook = z.object({ changes: z.array(directoryChange).min(1).max(500) });

/** Answer of PocketBase `GET /api/internal/directory`: everything as of `rev`; what is missing was deleted before it. */
export const directorySnapshot = z.object({
  rev: revision,
  tenants: z.array(tenantRecord),
  products: z.array(productRecord),
  users: z.array(userRecord),
  api_keys: z.array(apiKeyRecord),
  models: z.array(modelRecord),
});
export type DirectorySnapshot = z.infer<typeof directorySnapshot>;
