/** Who is told when how much of a budget is spent, and the webhook that tells a tenant's own systems. */
import { z } from 'zod';
import { budgetPeriod } from './budget.ts';
import { recordId } from './directory.ts';
import { eurAmount } from './money.ts';

export const ALERT_THRESHOLDS_PERCENT = [50, 80, 95, 100];

/** `PUT /v1/tenants/{tenantId}/alert-settings` */
export const alertSettingsChange = z.object({
  thresholdsPercent: z
    .array(z.number().int().min(1).max(100))
    .max(10)
    .meta({ description: 'each tells once per month; none: nobody is told' }),
  webhookUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable(),
  rotateSecret: z.boolean().optional().meta({ description: 'true: from now on another secret signs' }),
});
export type AlertSettingsChange = z.infer<typeof alertSettingsChange>;

export const alertSettings = z.object({
  thresholdsPercent: z.array(z.number().int()),
  webhookUrl: z.string().nullable(),
  webhookSecret: z.string().nullable().meta({ description: 'null without a webhook' }),
});
export type AlertSettings = z.infer<typeof alertSettings>;

/**
 * Body of the webhook. Headers: `x-cloudfreedom-signature: t=<unix seconds>,v1=<hex>`, where v1 is the HMAC-SHA256 of
 * `<t>.<body>` under the tenant's secret. Sent at least once: `id` tells a repeat.
 */
export const budgetAlertEvent = z.object({
  id: z.uuid(),
  type: z.literal('budget.threshold_reached'),
  at: z.iso.datetime(),
  data: z.object({
    tenantId: recordId,
    level: z.enum(['tenant', 'user']),
    ownerId: recordId,
    thresholdPercent: z.number().int(),
    limit: eurAmount,
    spent: eurAmount,
    period: budgetPeriod,
  }),
});
