/** Money beside requests: top-ups and corrections by admins, and people who ask for more. */
import { z } from 'zod';
import { recordId } from './directory.ts';
import { eurAmount, eurAmountNotNegative } from './money.ts';

const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((value) => !value.includes('\0'), 'must not contain the character U+0000');
const isSomething = (amount: string) => /[1-9]/.test(amount);

/** `POST /v1/tenants/{tenantId}/adjustments`: the same id with the same content does nothing again. */
export const adjustmentCreateRequest = z.object({
  id: z.uuid().meta({ description: 'chosen by the caller; the idempotency key' }),
  kind: z
    .enum(['top_up', 'correction'])
    .meta({ description: 'top_up: raises this month’s limit; correction: changes what was spent' }),
  level: z.enum(['tenant', 'user']),
  ownerId: recordId.meta({ description: 'the subject id, or the tenant’s id at its own level' }),
  amount: eurAmount.refine(isSomething, 'must not be 0').meta({ description: 'a negative correction gives back' }),
  reason: text(500),
});
export type AdjustmentCreateRequest = z.infer<typeof adjustmentCreateRequest>;

export const adjustment = adjustmentCreateRequest.extend({
  kind: z.enum(['top_up', 'correction', 'carry_over']),
  author: z.string().meta({ description: 'a subject id, or billing' }),
  at: z.iso.datetime(),
  periodStart: z.iso.datetime(),
});
export type Adjustment = z.infer<typeof adjustment>;
/** `GET /v1/tenants/{tenantId}/adjustments`. */
export const adjustmentQuery = z.object({ ownerId: recordId.optional().meta({ description: 'of this owner only' }) });
export const adjustmentList = z.object({ items: z.array(adjustment) });

/** `POST /v1/budget/requests`: a person asks for more. */
export const budgetRequestCreate = z.object({
  amount: eurAmountNotNegative.refine(isSomething, 'must be more than 0'),
  reason: text(1_000),
});

export const budgetRequest = z.object({
  id: z.uuid(),
  subjectId: recordId,
  amount: eurAmount,
  reason: z.string(),
  at: z.iso.datetime(),
  state: z.enum(['pending', 'approved', 'declined']),
  decision: z
    .object({
      at: z.iso.datetime(),
      by: recordId,
      granted: eurAmount.nullable().meta({ description: 'by how much this month’s limit was raised; null: declined' }),
      note: z.string().nullable(),
    })
    .nullable(),
});
export type BudgetRequest = z.infer<typeof budgetRequest>;
export const budgetRequestList = z.object({ items: z.array(budgetRequest) });
export const budgetRequestQuery = z.object({
  state: z.enum(['pending', 'approved', 'declined']).optional(),
  subjectId: recordId.optional().meta({ description: 'of this person only' }),
});

/**
 * `POST /v1/tenants/{tenantId}/budget-requests/{requestId}/decision`. An approval is a top-up of this month by `amount` (that
 * which was asked for, when absent). A limit for every month is the person's own in PocketBase, set there by an admin.
 * Strict: what a sender means beside that must not become a top-up unnoticed.
 */
export const budgetRequestDecision = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.literal('approve'),
    amount: eurAmountNotNegative.refine(isSomething, 'must be more than 0').optional(),
    note: text(1_000).optional(),
  }),
  z.strictObject({ decision: z.literal('decline'), note: text(1_000) }),
]);
export type BudgetRequestDecision = z.infer<typeof budgetRequestDecision>;

/** Billing -> PocketBase `POST /api/internal/mails`: to a person, in their language; billing never sees the address. */
export const MAIL_TEMPLATES = [
  'budget_alert',
  'tenant_budget_alert',
  'budget_request',
  'budget_decision',
  'budget_request_decided',
] as const;
export const mailRequest = z.object({
  subjectId: recordId,
  template: z.enum(MAIL_TEMPLATES),
  values: z.record(z.string(), z.string()),
});
export type MailRequest = z.infer<typeof mailRequest>;
