/**
 * Billing and identity -> PocketBase `POST /api/internal/audit-logs`: who changed what about money and about the applications
 * of tenants, for the one audit log.
 */
import { z } from 'zod';
import { recordId, role } from './directory.ts';

/** What stands there for a text that somebody wrote freely: that there is one, not what it says. */
export const NOT_KEPT = '[not kept]';

export const AUDITED_MONEY = [
  'budget_requests',
  'adjustments',
  'alert_settings',
  'prices',
  'exchange_rates',
  're_ratings',
  'service_tokens',
  'contents',
  // Identity's.
  'oidc_clients',
] as const;

/** Names as PocketBase writes fields; ids, kinds, moments and amounts, never what people wrote. */
const changedFields = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.number())]));

export const moneyAuditEntry = z.object({
  id: z.uuid().meta({ description: 'the same entry again is written once' }),
  at: z.iso.datetime(),
  tenantId: z
    .union([recordId, z.literal('')])
    .meta({ description: "whose admins may read it; empty: the platform's only" }),
  actor: z
    .union([recordId, z.literal('command')])
    .meta({ description: 'a subject id; command: a command of the operator on the server' }),
  actorRole: z.union([role, z.literal('superuser')]).meta({ description: 'superuser: of a command' }),
  network: z.string().max(45).meta({ description: 'that the request came from, IPv4 /24 or IPv6 /48; empty: unknown' }),
  action: z.enum(['create', 'update', 'delete', 'read']),
  collection: z.enum(AUDITED_MONEY),
  targetId: z.string().min(1).max(40),
  before: changedFields,
  after: changedFields,
});
export type MoneyAuditEntry = z.infer<typeof moneyAuditEntry>;

export const MONEY_AUDIT_BATCH_MAX = 200;
export const moneyAuditBatch = z.object({
  entries: z.array(moneyAuditEntry).min(1).max(MONEY_AUDIT_BATCH_MAX),
});
