/**
 * Failed requests: people got an error instead of an answer, because they were refused (a budget, a limit, a suspension) or
 * because no provider could answer. Nobody paid for them. Never a word of a prompt or of a provider's message.
 */
import { z } from 'zod';
import { budgetRefusal } from './budget.ts';
import { modelProvider, recordId } from './directory.ts';
import { FAILED_ATTEMPTS_MAX } from './ledger.ts';
import { limitReached } from './rate-limits.ts';
import { failedAttempt, outcome, usageRowFilter } from './usage.ts';

const count = z.number().int().positive().max(1_000_000_000);
const word = z.string().regex(/^[a-z_]{1,60}$/);
const shortText = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !value.includes('\0'), 'must not contain the character U+0000');
const moment = z.iso.datetime();

export const REQUEST_IDS_KEPT = 20;
/** One row: what failed for the same reason within a minute, in figures of the first of it. */
const failure = z.object({
  id: z.uuid().meta({ description: 'chosen by the proxy: the same row again changes nothing' }),
  code: word.meta({ description: 'of the error that the client got' }),
  errorKind: word.nullable().meta({ description: 'what the provider tried last came to; null: none was' }),
  subjectId: recordId,
  apiKeyId: recordId.nullable(),
  model: shortText(200).nullable().meta({ description: 'public name; null: it came not so far' }),
  provider: modelProvider.nullable(),
  deployment: shortText(120).nullable().meta({ description: 'tried last' }),
  requests: count,
  firstAt: moment,
  lastAt: moment,
  requestIds: z.array(shortText(100)).min(1).max(REQUEST_IDS_KEPT).meta({ description: 'the first of them' }),
  budget: budgetRefusal.nullable().meta({ description: 'the budget that stood in the way, as it was then' }),
  limit: limitReached.nullable(),
  attempts: z.array(failedAttempt).max(FAILED_ATTEMPTS_MAX),
  totalMs: z.number().int().nonnegative().max(2_147_483_647),
});
export type FailureReport = z.infer<typeof failure>;

export const FAILURE_BATCH_MAX = 200;
/** Proxy -> billing: `POST /v1/failures`, bearer: the tenant's service token. Those that are there already are passed over. */
export const failureBatch = z.object({ failures: z.array(failure).min(1).max(FAILURE_BATCH_MAX) });
export const failureBatchResponse = z.object({ accepted: z.number().int().nonnegative() });

export const failureRow = failure.extend({
  productId: recordId.nullable().meta({ description: 'the plan of then' }),
  costCentre: z.string(),
});
export type FailureRow = z.infer<typeof failureRow>;

/** The names are those of usage where they mean the same; `code` is beside them. */
export const failureFilter = usageRowFilter
  .pick({
    subjectId: true,
    apiKeyId: true,
    productId: true,
    costCentre: true,
    model: true,
    provider: true,
    deployment: true,
    errorKind: true,
    requestId: true,
    from: true,
    to: true,
  })
  .extend({ code: word.optional() });
export type FailureFilter = z.infer<typeof failureFilter>;
/** `GET /v1/tenants/{tenantId}/failures` */
export const failureQuery = failureFilter.extend({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type FailureQuery = z.infer<typeof failureQuery>;
export const failurePage = z.object({ items: z.array(failureRow), nextCursor: z.string().nullable() });
export type FailurePage = z.infer<typeof failurePage>;

/** `GET /v1/tenants/{tenantId}/failures/groups`: failed requests, and answers that broke off and were charged. */
export const failureGroup = z.object({
  code: word.nullable().meta({ description: 'of failed requests; null: it was charged' }),
  outcome: outcome.nullable().meta({ description: 'of charged requests; null: it failed' }),
  errorKind: word.nullable(),
  model: z.string().nullable(),
  deployment: z.string().nullable(),
  requests: count,
  people: count,
  firstAt: moment,
  lastAt: moment,
});
export type FailureGroup = z.infer<typeof failureGroup>;
export const failureGroups = z.object({
  items: z.array(failureGroup).meta({ description: 'the last seen first, at most 200' }),
});
