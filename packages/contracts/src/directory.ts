/**
 * People, plans and access as PocketBase keeps them and billing copies them.
 * Every record carries `rev`, one counter over all collections: a copy applies a change only where `rev` is greater.
 * An empty string means "not set" (PocketBase has no null): `budgetOverrideEur: ""` is no override, `"0"` is a budget of nothing.
 */
import { z } from 'zod';
import { meter } from './meter.ts';
import { eurAmountNotNegative, usdPerMillion } from './money.ts';
import { rateLimitFields, rateLimits } from './rate-limits.ts';

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
/** `custom`: a server of one's own choice that speaks OpenAI's chat API (Ollama, vLLM, Mistral, Azure OpenAI …). */
export const modelProvider = z.enum([...PROVIDERS, 'custom']);
export type ModelProvider = z.infer<typeof modelProvider>;
export const region = z.enum(['eu', 'us', 'global']);
export type Region = z.infer<typeof region>;
export const locale = z.enum(['de', 'en']);
export type Locale = z.infer<typeof locale>;
const status = z.enum(['active', 'suspended']);
/** Who may get an earlier answer to the same request again: nobody, whoever asked for it, or everybody of the tenant. */
export const ANSWER_CACHE_RULES = ['off', 'person', 'tenant'] as const;
export const answerCacheRule = z.enum(ANSWER_CACHE_RULES);
export type AnswerCacheRule = z.infer<typeof answerCacheRule>;
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
  answerCache: answerCacheRule.optional().meta({ description: 'absent: a copy from before there was one, off' }),
  contentLogDays: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .meta({ description: 'how long its proxy keeps requests and answers; 0 or absent: not at all' }),
  ...rateLimitFields,
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
  ...rateLimits.shape,
  sharedLimits: rateLimits.optional().meta({
    description:
      'of all its people in a tenant together, beside those of each person; absent: a copy from before there were any',
  }),
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
  sessionsEndedAt: instantOrUnset.optional().meta({
    description: 'access tokens from before it count no more; absent: a copy from before there was such a moment',
  }),
  ...rateLimitFields,
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
  ...rateLimitFields,
});
export type ApiKeyRecord = z.infer<typeof apiKeyRecord>;

/** What a deployment may be unable to do; a request that needs it goes to another one, or is refused with the field. */
export const INABILITIES = ['tools', 'images', 'files', 'audio', 'json_schema', 'stream_options'] as const;
export const inability = z.enum(INABILITIES);
export type Inability = z.infer<typeof inability>;

/** Name of a set of provider keys, as the tenants' proxies keep them. */
export const keyName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, at most 40 characters');
export const deploymentName = z
  .string()
  .regex(/^[\w.:/@-]{1,120}$/, 'letters, digits and . _ : / @ -, at most 120 characters');

/**
 * A model deployment: public name -> provider, upstream model, region and abilities. Several may serve one public name:
 * the lowest priority first, among equals by weight. The prices of the providers' own models live in billing; a custom
 * deployment brings its own. No secret is in it: keys are kept by each tenant's proxy.
 */
/** As ISO 639 has it. */
export const modelLanguage = z.string().regex(/^[a-z]{2,3}$/);
export const modelRecord = z.object({
  id: recordId,
  rev: revision,
  name: z.string().min(1).meta({ description: 'public model name, the one clients send' }),
  deployment: deploymentName.meta({ description: 'unique; who served, in headers and usage rows' }),
  displayName: z.string().min(1),
  description: z
    .object({ en: z.string().max(200), de: z.string().max(200) })
    .default({ en: '', de: '' })
    .meta({ description: 'what it is good for, in a plain sentence per language; "": not said' }),
  languages: z
    .array(modelLanguage)
    .max(60)
    .default([])
    .meta({ description: 'codes of the languages it answers well in; empty: not said' }),
  provider: modelProvider,
  upstreamModel: z.string().min(1),
  kind: z.enum(['chat', 'embedding']).default('chat').meta({ description: 'what it makes: an answer, or vectors' }),
  region,
  processor: z
    .string()
    .max(120)
    .meta({ description: 'who processes the data, for the list of processors; "": not said' }),
  priority: z.number().int().min(0).max(1000).meta({ description: 'lower is tried first' }),
  weight: z.number().int().min(1).max(1000),
  baseUrl: z.string().max(500).meta({ description: '"": the provider\'s own address' }),
  apiVersion: z
    .string()
    .max(40)
    .meta({ description: 'Azure OpenAI\'s api-version; "": no Azure resource', example: '2024-10-21' }),
  keyName: z.union([z.literal(''), keyName]).meta({ description: '"": the provider\'s name; custom: no key at all' }),
  contextTokens: z.number().int().positive(),
  outputTokensMax: z.number().int().positive().meta({ description: 'means nothing for an embedding model' }),
  reasoning: z
    .enum(['none', 'visible', 'hidden'])
    .meta({ description: 'hidden: output tokens arrive that the stream does not show' }),
  unsupported: z.array(inability),
  firstByteTimeoutMs: z.number().int().min(0).max(3_600_000).meta({ description: "0: the proxy's own limit" }),
  chunkTimeoutMs: z.number().int().min(0).max(3_600_000).meta({ description: "0: the proxy's own limit" }),
  tenants: z.array(recordId).meta({ description: 'who may use it; empty: all' }),
  prices: z
    .partialRecord(meter, usdPerMillion)
    .nullable()
    .meta({ description: 'of a custom deployment, USD per million units and meter; null: not priced' }),
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

/** The whole directory as of `rev`. */
export const directorySnapshot = z.object({
  rev: revision,
  tenants: z.array(tenantRecord),
  products: z.array(productRecord),
  users: z.array(userRecord),
  api_keys: z.array(apiKeyRecord),
  models: z.array(modelRecord),
});
export type DirectorySnapshot = z.infer<typeof directorySnapshot>;

/**
 * Answer of PocketBase `GET /api/internal/directory-pages?limit=…&after=…&known=…`: the next records in the order of
 * collections and ids, each as it stands now. With the `rev` of the first page the pages are the directory as of it: whatever
 * existed then and still does is on one of them, and what has changed since has a greater `rev` of its own.
 *
 * `known` is the SHA-256 (hex) of `revisionsText` of what the reader believes to be on the page. Where it is right the page
 * comes without its records, `unchanged`: making, sending and checking them is nearly all of a comparison's work.
 */
export const directoryPage = directorySnapshot.extend({
  next: z.string().meta({ description: '`after` of the next page; empty: this was the last' }),
  unchanged: z.literal(true).optional(),
});
export type DirectoryPage = z.infer<typeof directoryPage>;

/** The records of a page by their revisions, as both sides write it down to compare; each collection in the order of ids. */
export function revisionsText(page: Record<DirectoryCollection, { id: string; rev: number }[]>): string {
  const of = (collection: DirectoryCollection) => page[collection].map(({ id, rev }) => `${id}:${rev}`).join(' ');
  return DIRECTORY_COLLECTIONS.map((collection) => `${collection} ${of(collection)}`).join('\n');
}
