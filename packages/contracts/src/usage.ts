/** Usage: counts per meter, never money. A meter that is absent is unknown, which is not the same as 0. */
import { z } from 'zod';
import { modelProvider, recordId, region } from './directory.ts';
import { meter } from './meter.ts';
import { eurAmount } from './money.ts';

/** What Postgres can keep. */
const milliseconds = z.number().int().nonnegative().max(2_147_483_647);
const storable = z.string().refine((value) => !value.includes('\0'), 'must not contain the character U+0000');
const units = z.number().int().nonnegative().max(1_000_000_000);
export const meterCounts = z.partialRecord(meter, units);
export type MeterCounts = z.infer<typeof meterCounts>;

/** Meters that a request is counted by only when it asks for what they measure; a reservation has to announce them. */
export const RARE_METERS = ['cache_write_1h', 'input_audio', 'output_audio', 'output_image'] as const;
export type RareMeter = (typeof RARE_METERS)[number];

/** At which speed and price a provider works; each has a price list of its own, or the standard one. */
export const SERVICE_TIERS = ['standard', 'flex', 'priority', 'batch'] as const;
export const serviceTier = z.enum(SERVICE_TIERS);
export type ServiceTier = z.infer<typeof serviceTier>;

export const usage = z.object({
  basis: z.enum(['exact', 'estimated']),
  meters: meterCounts,
  serviceTier: serviceTier.optional().meta({ description: 'that was served; absent: the provider did not say' }),
});
export type Usage = z.infer<typeof usage>;

/**
 * `cached`: an earlier answer again, which no provider was asked for. `corrected`: no request of its own, but the difference
 * to what an expiry had charged.
 */
export const OUTCOMES = [
  'completed',
  'cached',
  'client_closed',
  'upstream_error',
  'budget_stopped',
  'expired',
  'corrected',
] as const;
export const outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof outcome>;

/** What a program asked by itself beside somebody's question, or without one. */
export const usageTask = z.enum([
  'title',
  'tags',
  'follow_ups',
  'emoji',
  'search_query',
  'image_prompt',
  'autocomplete',
  'tool_choice',
  'merged_answers',
  'memory',
  'summary',
  'other',
]);
export type UsageTask = z.infer<typeof usageTask>;

/** A call of a provider that came to nothing, before another one was tried. */
export const failedAttempt = z.object({
  deployment: z.string().max(120),
  kind: z.string().regex(/^[a-z_]{1,40}$/),
  startedMs: milliseconds.meta({ description: 'since the request came in' }),
  endedMs: milliseconds,
  upstreamRequestId: storable.max(200).nullable(),
});
export type FailedAttempt = z.infer<typeof failedAttempt>;

/**
 * One settled reservation as people see it. Billing's `GET /v1/usage` shows the row that is true now. PocketBase's
 * `usage_logs` only ever adds: there a settlement or void after an expiry is a further row of the same reservation with
 * the outcome `corrected`, the signed difference as charge and cost, and no meters. Its rows add up to the charge.
 */
export const usageRow = z.object({
  reservationId: z.uuid(),
  requestId: z.string(),
  at: z.iso.datetime().meta({ description: 'when it was settled' }),
  tenantId: recordId,
  subjectId: recordId,
  apiKeyId: recordId.nullable(),
  model: z.string(),
  provider: modelProvider,
  upstreamModel: z.string(),
  deployment: z
    .string()
    .nullable()
    .meta({ description: 'which one served; null: a row from before deployments had names' }),
  region: region.nullable(),
  simulated: z.boolean(),
  usage,
  charge: eurAmount.meta({ description: 'what the budget paid, exact' }),
  cost: eurAmount.meta({ description: 'what the provider takes, exact' }),
  outcome,
  streamed: z.boolean(),
  task: usageTask.optional().meta({ description: 'absent: what a person or a program of theirs asked' }),
  finishReason: z.string().nullable(),
  firstByteMs: z.number().int().nonnegative().nullable(),
  totalMs: z.number().int().nonnegative(),
});
export type UsageRow = z.infer<typeof usageRow>;

const day = z.iso.date();
const name = z
  .string()
  .min(1)
  .max(200)
  .refine((value) => !value.includes('\0'), 'must not contain the character U+0000');

/** What narrows usage down; absent: all of it. */
const usageFilter = {
  subjectId: recordId.optional().meta({ description: 'for admins; others see their own anyway' }),
  apiKeyId: recordId.optional(),
  model: name.optional(),
  costCentre: name.optional(),
};
/** What a row may lack: asked in the chat, by somebody without a plan, without a cost centre. */
export const LACKING = ['apiKey', 'product', 'costCentre'] as const;
const moments = {
  from: z.iso.datetime().optional().meta({ description: 'settled at or after it' }),
  to: z.iso.datetime().optional().meta({ description: 'settled before it' }),
};
/**
 * What narrows the rows themselves down; the portal's page of usage takes the same names in its address. The sum of what
 * is filtered: `GET …/usage/sum`.
 */
export const usageRowFilter = z.object({
  ...usageFilter,
  productId: recordId.optional().meta({ description: 'the plan that the person had then' }),
  provider: modelProvider.optional(),
  deployment: name.optional(),
  region: region.optional(),
  outcome: outcome.optional(),
  errorKind: name.optional().meta({ description: 'why an answer broke off' }),
  basis: z.enum(['exact', 'estimated']).optional(),
  requestId: name.optional(),
  without: z.enum(LACKING).optional().meta({ description: 'only rows that have none of it' }),
  ...moments,
});
export type UsageRowFilter = z.infer<typeof usageRowFilter>;

export const usageQuery = usageRowFilter.extend({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type UsageQuery = z.infer<typeof usageQuery>;

/** `GET …/usage.csv`: everything, newest first. A comma as decimal sign brings semicolons between cells, as spreadsheets do. */
export const usageExportQuery = usageRowFilter.extend({
  decimal: z.enum(['point', 'comma']).default('point'),
});
export type UsageExportQuery = z.infer<typeof usageExportQuery>;

export const USAGE_DIMENSIONS = ['day', 'subject', 'apiKey', 'product', 'model', 'provider', 'costCentre'] as const;
/** Lines of one answer; the most expensive are in it. */
export const TOTALS_MAX = 10_000;
export const usageDimension = z.enum(USAGE_DIMENSIONS);
export type UsageDimension = z.infer<typeof usageDimension>;

/** `GET …/usage/totals?by=day,model&from=2026-11-01&to=2026-12-01`: days are those of the tenant's time zone. */
export const usageTotalsQuery = z.object({
  ...usageFilter,
  productId: recordId.optional().meta({ description: 'the plan that the person had then' }),
  provider: modelProvider.optional(),
  from: day.optional(),
  to: day.optional().meta({ description: 'the first day that does not count' }),
  by: z
    .string()
    .default('')
    .transform((text) => [...new Set(text.split(',').filter(Boolean))])
    .pipe(z.array(usageDimension)),
  limit: z.coerce.number().int().min(1).max(TOTALS_MAX).default(TOTALS_MAX),
});
export type UsageTotalsQuery = z.infer<typeof usageTotalsQuery>;
export const usageTotal = z.object({
  day: day.optional(),
  subjectId: recordId.optional(),
  apiKeyId: recordId.nullable().optional(),
  productId: recordId.nullable().optional(),
  model: z.string().optional(),
  provider: z.string().optional(),
  costCentre: z.string().optional(),
  requests: z.number().int(),
  errors: z.number().int().meta({ description: 'answers that broke off: outcome upstream_error' }),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  charge: eurAmount,
  cost: eurAmount,
});
export type UsageTotal = z.infer<typeof usageTotal>;
export const usageTotals = z.object({ items: z.array(usageTotal) });

const firstToken = z.object({
  requests: z.number().int().meta({ description: 'streamed answers, which alone have a first token to wait for' }),
  medianMs: z.number().int().nullable().meta({ description: 'to within 5 %; null: there were none' }),
  slowMs: z.number().int().nullable().meta({ description: '95 of 100 were faster, to within 5 %' }),
});
export type FirstToken = z.infer<typeof firstToken>;
/** `GET …/usage/activity?from=2026-11-01&to=2026-12-01`: what sums can't tell, by day and over all of the days. */
export const usageActivityQuery = usageTotalsQuery.pick({ from: true, to: true });
export const usageActivity = z.object({
  people: z.number().int().meta({ description: 'who made at least one request' }),
  firstToken,
  days: z.array(z.object({ day, people: z.number().int(), firstToken })),
});
export type UsageActivity = z.infer<typeof usageActivity>;

/** `GET /v1/tenant-totals`: each tenant's sums, for platform admins. Days are those of the tenant's own time zone. */
export const tenantTotal = usageTotal
  .pick({ requests: true, errors: true, inputTokens: true, outputTokens: true, charge: true, cost: true })
  .extend({ tenantId: recordId });
export type TenantTotal = z.infer<typeof tenantTotal>;
export const tenantTotals = z.object({ items: z.array(tenantTotal) });
/** `GET …/usage/sum?model=…&from=…`: of exactly the rows that the list has for the same filter. */
export const usageSum = usageTotal.pick({
  requests: true,
  inputTokens: true,
  outputTokens: true,
  charge: true,
  cost: true,
});
export type UsageSum = z.infer<typeof usageSum>;
export const usagePage = z.object({ items: z.array(usageRow), nextCursor: z.string().nullable() });
export type UsagePage = z.infer<typeof usagePage>;

/** Body of billing -> PocketBase `POST /api/internal/usage-logs`: rows already there (same reservationId and `at`) are passed over. */
export const usageLogBatch = z.object({ rows: z.array(usageRow).min(1).max(200) });
