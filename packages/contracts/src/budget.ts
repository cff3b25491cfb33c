/** A budget as it stands: the same figures in `GET /v1/budget`, in a refusal and in the apps. */
import { z } from 'zod';
import { recordId } from './directory.ts';
import { eurAmount } from './money.ts';

export const BUDGET_LEVELS = ['tenant', 'user', 'api_key'] as const;
export const budgetLevelName = z.enum(BUDGET_LEVELS);
export type BudgetLevelName = z.infer<typeof budgetLevelName>;

export const budgetFigures = z.object({
  limit: eurAmount.nullable().meta({ description: 'null: this level has no limit' }),
  spent: eurAmount,
  held: eurAmount.meta({ description: 'kept back for running requests' }),
  remaining: eurAmount.nullable().meta({ description: 'limit - spent - held; may be negative after a correction' }),
});
export type BudgetFigures = z.infer<typeof budgetFigures>;

export const openHold = z.object({
  requestId: z.string(),
  model: z.string(),
  since: z.iso.datetime(),
  amount: eurAmount,
});

export const budgetPeriod = z.object({
  start: z.iso.datetime(),
  end: z.iso.datetime().meta({ description: 'the first moment that no longer belongs to it' }),
  timeZone: z.string(),
});

/** The person's own budget on top; every level that binds below it, the tenant's for its admins only. */
export const budget = budgetFigures.extend({
  subjectId: recordId,
  sentence: z.string().optional().meta({ description: "the figures in the person's language" }),
  currency: z.literal('EUR'),
  period: budgetPeriod,
  levels: z.array(budgetFigures.extend({ level: budgetLevelName })),
  openHolds: z.array(openHold),
});
export type Budget = z.infer<typeof budget>;

/** Why a reservation was refused: the level that stands in the way, in figures. */
export const budgetRefusal = budgetFigures.extend({
  level: budgetLevelName,
  needed: eurAmount.meta({ description: 'the least this request has to hold' }),
  period: budgetPeriod,
  openHolds: z.array(openHold),
});
export type BudgetRefusal = z.infer<typeof budgetRefusal>;

/** The same as the proxy hands it to a client: what the tenant has and spent is its admins' business, so there it is null. */
export const shownBudgetRefusal = budgetRefusal.extend({
  limit: eurAmount.nullable(),
  spent: eurAmount.nullable(),
  held: eurAmount.nullable(),
  remaining: eurAmount.nullable(),
});
export type ShownBudgetRefusal = z.infer<typeof shownBudgetRefusal>;

const LISTED_PEOPLE_MAX = 200;
/** `?people=` with nothing behind it: the tenant's own figures alone. Absent: everybody's, which may be very many. */
export const tenantBudgetsQuery = z.object({
  people: z
    .string()
    .max(LISTED_PEOPLE_MAX * 16)
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(recordId).max(LISTED_PEOPLE_MAX))
    .optional()
    .meta({ description: 'subject ids with commas between them: figures of these people only' }),
});

/** `GET /v1/tenants/{tenantId}/budgets`, for admins: the tenant's own figures and everybody's. */
export const tenantBudgets = z.object({
  tenantId: recordId,
  currency: z.literal('EUR'),
  period: budgetPeriod,
  tenant: budgetFigures,
  people: z.array(budgetFigures.extend({ subjectId: recordId })),
  holders: z
    .array(z.object({ subjectId: recordId, held: eurAmount, requests: z.number().int() }))
    .meta({ description: 'whose running requests hold money at this moment, the most first; the first 20 of them' }),
});
export type TenantBudgets = z.infer<typeof tenantBudgets>;
