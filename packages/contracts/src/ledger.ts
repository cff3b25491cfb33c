/**
 * Proxy -> billing: `POST /v1/ledger/batch`, bearer: the tenant's service token. One batch belongs to one tenant; its
 * operations are decided in order in one database transaction, and each gets one result at the same index.
 */
import { z } from 'zod';
import { budgetRefusal } from './budget.ts';
import { locale, modelProvider, REGION_RULES, recordId, role } from './directory.ts';
import { eurAmount } from './money.ts';
import { rateLimits } from './rate-limits.ts';
import { failedAttempt, outcome, RARE_METERS, serviceTier, usage, usageTask } from './usage.ts';

/** Who asks: an API key (known by its hash) or a person known by an access token. */
export const credential = z.discriminatedUnion('type', [
  z.object({ type: z.literal('api_key'), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({
    type: z.literal('subject'),
    subjectId: recordId,
    issuedAt: z.iso.datetime().optional().meta({ description: 'of the access token; absent: not known' }),
  }),
]);
export type Credential = z.infer<typeof credential>;

const tokens = z.number().int().nonnegative().max(1_000_000_000);
const reservationId = z.uuid();
/** What Postgres can keep: one value that it can't would fail the whole batch. */
const INT4_MAX = 2_147_483_647;
const text = z.string().refine((value) => !value.includes('\0'), 'must not contain the character U+0000');
const milliseconds = z.number().int().nonnegative().max(INT4_MAX);

export const FAILED_ATTEMPTS_MAX = 10;
const errorKind = z.string().regex(/^[a-z_]{1,40}$/);

/** What a request can be charged for beside plain tokens: the hold counts with the dearest of it. */
export const reach = z.object({
  serviceTiers: z.array(serviceTier).min(1).max(4).meta({ description: 'one of which will be served' }),
  rareMeters: z.array(z.enum(RARE_METERS)).max(RARE_METERS.length),
  serverToolCallsMax: z.number().int().nonnegative().max(1_000),
});
export type Reach = z.infer<typeof reach>;

/**
 * Hold the input and a slice of output; the answer's ceiling is what the whole budget (what is not spent, whoever holds it
 * now) affords up to `outputTokensCap`. Where the slice finds no room beside other holds: `budget_held`.
 */
export const reserveOperation = z.object({
  op: z.literal('reserve'),
  reservationId: reservationId.meta({ description: 'chosen by the proxy; also the idempotency key of the operation' }),
  requestId: text.min(1).max(100),
  attempt: z.number().int().positive().max(INT4_MAX),
  credential,
  model: text.min(1).meta({ description: 'public model name' }),
  deploymentId: recordId.meta({ description: 'the deployment of that name that is to be called: its price counts' }),
  provider: modelProvider,
  simulated: z.boolean(),
  streamed: z.boolean(),
  task: usageTask.optional().meta({ description: "absent: somebody's question" }),
  inputTokensMax: tokens.meta({ description: 'upper bound of the input, charged at its dearest meter' }),
  outputTokensCap: tokens.meta({ description: 'most that the request wants' }),
  outputTokensMin: tokens.meta({ description: 'below this an answer is useless: refuse instead' }),
  outputTokensSlice: tokens.meta({ description: 'output that the hold covers at first; the cap: all of it' }),
  /** The dearest factor on the output that one token of cap can cost: `n` choices. */
  choices: z.number().int().min(1).max(128),
  reach: reach.optional().meta({ description: 'absent: standard tier, no rare meter, no server tool' }),
});
export type ReserveOperation = z.infer<typeof reserveOperation>;

/** Let the hold cover `outputTokensHeld` in all (at most the ceiling). */
export const extendOperation = z.object({
  op: z.literal('extend'),
  reservationId,
  outputTokensHeld: tokens,
  progress: usage,
});
/** A heartbeat: the hold lives on, and an expiry would settle `progress`. */
export const renewOperation = z.object({ op: z.literal('renew'), reservationId, progress: usage });
export const settleOperation = z.object({
  op: z.literal('settle'),
  reservationId,
  usage,
  outcome: outcome.refine((value): boolean => value !== 'corrected', "is billing's own word"),
  finishReason: text.max(60).nullable(),
  firstByteMs: milliseconds.nullable(),
  totalMs: milliseconds,
  upstreamRequestId: text.max(200).nullable(),
  waitedMs: milliseconds
    .optional()
    .meta({ description: 'from the request to the call of the provider that served it' }),
  failedAttempts: z.array(failedAttempt).max(FAILED_ATTEMPTS_MAX).optional().meta({ description: 'before this one' }),
  errorKind: errorKind.optional().meta({ description: 'why the answer broke off' }),
});
export type SettleOperation = z.infer<typeof settleOperation>;
/** The person owes nothing: the upstream refused before it worked, or nobody can say whether it worked. */
export const voidOperation = z.object({
  op: z.literal('void'),
  reservationId,
  reason: text.min(1).max(200),
  lost: usage.optional().meta({
    description:
      "what the provider may charge for it all the same: goes to the tenant's loss account, at cost; absent: nothing",
  }),
});

export const ledgerOperation = z.discriminatedUnion('op', [
  reserveOperation,
  extendOperation,
  renewOperation,
  settleOperation,
  voidOperation,
]);
export type LedgerOperation = z.infer<typeof ledgerOperation>;
export const LEDGER_BATCH_MAX = 256;
export const ledgerBatchRequest = z.object({ operations: z.array(ledgerOperation).min(1).max(LEDGER_BATCH_MAX) });

export const REFUSALS = [
  'invalid_api_key',
  'subject_unknown',
  'subject_suspended',
  'tenant_suspended',
  'tenant_expired',
  'model_not_allowed',
  'model_not_found',
  'model_not_priced',
  'insufficient_quota',
  'budget_held',
] as const;
export const refusalCode = z.enum(REFUSALS);
export type RefusalCode = z.infer<typeof refusalCode>;

const hold = z.object({ outputTokens: tokens, amount: eurAmount, expiresAt: z.iso.datetime() });
export const reserveGranted = z.object({
  status: z.literal('granted'),
  ceilingOutputTokens: tokens,
  hold,
  subjectId: recordId,
  apiKeyId: recordId.nullable(),
});
/** A negative decision is data: the proxy turns it into the client's error. */
export const operationRefused = z.object({
  status: z.literal('refused'),
  code: refusalCode,
  retryAfterMs: z.number().int().nonnegative().nullable(),
  budget: budgetRefusal.nullable(),
});
export type OperationRefused = z.infer<typeof operationRefused>;
export const holdChanged = z.object({ status: z.literal('held'), hold });
/** `remaining` is what the person's own budget and their key's leave after it, never the tenant's (null: no limit). */
export const settled = z.object({
  status: z.literal('settled'),
  charge: eurAmount,
  cost: eurAmount,
  remaining: eurAmount.nullable(),
});
export type Settled = z.infer<typeof settled>;
export const voided = z.object({ status: z.literal('voided') });
/** The operation itself was wrong; nothing changed. */
export const operationRejected = z.object({
  status: z.literal('rejected'),
  code: z.enum([
    'reservation_not_found',
    'reservation_ended',
    'idempotency_conflict',
    'beyond_ceiling',
    'amount_too_large',
  ]),
  message: z.string(),
});

export const ledgerResult = z.discriminatedUnion('status', [
  reserveGranted,
  operationRefused,
  holdChanged,
  settled,
  voided,
  operationRejected,
]);
export type LedgerResult = z.infer<typeof ledgerResult>;
export const ledgerBatchResponse = z.object({ results: z.array(ledgerResult) });

/** `POST /v1/principals/resolve`: what a credential may do, for rate limits and model lists (never for money). */
export const principalResolveRequest = z.object({ credential });
export const principal = z.object({
  subjectId: recordId,
  tenantId: recordId,
  apiKeyId: recordId.nullable(),
  productId: recordId.nullable(),
  role,
  locale,
  models: z.array(z.string()).meta({ description: 'public model names it may use' }),
  regionRule: z.enum(REGION_RULES).meta({ description: 'eu: of these names, only deployments in the EU' }),
  limits: z.object({ api_key: rateLimits, user: rateLimits, product: rateLimits, tenant: rateLimits }),
  outputCapTokens: z.number().int().nonnegative().meta({ description: '0: none' }),
});
export type Principal = z.infer<typeof principal>;
export const principalResolveResponse = z.discriminatedUnion('status', [
  z.object({ status: z.literal('known'), principal }),
  operationRefused.extend({
    bearer: z.object({ subjectId: recordId, apiKeyId: recordId.nullable() }).optional().meta({
      description: "whose credential it is, where somebody's: for the record of refusals, never for the client",
    }),
  }),
]);
