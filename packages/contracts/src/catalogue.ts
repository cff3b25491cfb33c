/** Billing -> proxy `GET /v1/catalogue` (bearer: the tenant's service token): what can be served, without any price. */
import { z } from 'zod';
import { answerCacheRule, modelRecord, recordId, TENANT_TYPES } from './directory.ts';
import { meter } from './meter.ts';
import { serviceTier } from './usage.ts';

export const catalogueModel = modelRecord.omit({ rev: true, enabled: true, tenants: true, prices: true }).extend({
  priced: z.boolean().meta({ description: 'false: not served (model_not_priced)' }),
  pricedReach: z
    .object({ serviceTiers: z.array(serviceTier), meters: z.array(meter) })
    .optional()
    .meta({ description: 'beside plain tokens of the standard tier; absent: nothing' }),
});
export type CatalogueModel = z.infer<typeof catalogueModel>;

export const catalogue = z.object({
  tenant: z.object({
    id: recordId,
    name: z.string(),
    type: z.enum(TENANT_TYPES),
    status: z.enum(['active', 'suspended']),
    domains: z.array(z.string()).meta({ description: 'host names of its own pages, which may call its services' }),
    retentionDays: z.number().int().nonnegative().meta({ description: "0: the platform's rule" }),
    answerCache: answerCacheRule.optional().meta({ description: 'absent: off' }),
    contentLogDays: z
      .number()
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'how long requests and answers are kept; 0 or absent: not at all' }),
  }),
  models: z.array(catalogueModel),
});
export type Catalogue = z.infer<typeof catalogue>;

/** `POST /v1/tenants/{tenantId}/service-tokens` (a platform admin): the token is shown this once. */
export const serviceTokenCreateRequest = z.object({ name: z.string().trim().min(1).max(80) });
export const serviceTokenCreateResponse = z.object({ id: z.uuid(), token: z.string() });

/** `GET /v1/tenants/{tenantId}/service-tokens` (a platform admin): newest first, the revoked ones too, never a token. */
export const serviceTokenList = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      createdAt: z.iso.datetime(),
      revokedAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type ServiceTokenList = z.infer<typeof serviceTokenList>;

/** One item of the proxy's `GET /v1/models`, and all of `GET /v1/models/{id}`: OpenAI's fields and ours. */
export const listedModel = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.number().int(),
  owned_by: z.string(),
  name: z.string().meta({ description: 'says so when the model is simulated' }),
  description: catalogueModel.shape.description.unwrap(),
  languages: catalogueModel.shape.languages.unwrap(),
  simulated: z.boolean(),
  kind: catalogueModel.shape.kind.unwrap(),
  region: catalogueModel.shape.region,
  context_tokens: z.number().int().meta({ description: 'input and output together; of an embedding model: one input' }),
  output_tokens_max: z.number().int().meta({ description: '0: an embedding model, which makes no tokens' }),
  reasoning: catalogueModel.shape.reasoning,
  unsupported: catalogueModel.shape.unsupported,
});
export const listedModels = z.object({ object: z.literal('list'), data: z.array(listedModel) });
export type ListedModel = z.infer<typeof listedModel>;

/** What the proxy adds to the usage of an answer under `usage.cloudfreedom`. Absent where settlement is still in the outbox. */
export const chargeNote = z.object({
  charge_eur: z.string(),
  remaining_eur: z.string().nullable(),
  request_id: z.string(),
  simulated: z.boolean(),
  cached: z.literal(true).optional().meta({ description: 'an earlier answer again; no provider was asked' }),
});
export type ChargeNote = z.infer<typeof chargeNote>;
