/** Top-ups and corrections by admins, with reason and author. */
import {
  type Adjustment,
  type AdjustmentCreateRequest,
  formatEur,
  type MoneyAuditEntry,
  parseEur,
} from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import type { Actor } from '../access/actor.ts';
import { type Caller, requireTenantAdmin } from '../access/caller.ts';
import { auditEntry, written } from '../audit/audit-entry.ts';
import { queueAudit } from '../audit/audit-outbox.store.ts';
import { billingError } from '../errors.ts';
import { findOverflow } from '../ledger/draft.ts';
import { type AdjustmentTurn, type NewAdjustment, postAdjustment, readAdjustments } from './adjustments.store.ts';
import { remainingNanoEur } from './limits.ts';

/**
 * A tenant's admin tops up people of the own tenant, within what the tenant has left; the tenant's own budget, and any
 * correction of what was spent, are a platform admin's.
 */
function requireMayAdjust(caller: Caller, tenantId: string, wanted: Pick<NewAdjustment, 'kind' | 'level'>): void {
  requireTenantAdmin(caller, tenantId);
  if (caller.role === 'platform_admin') return;
  if (wanted.level !== 'user' || wanted.kind !== 'top_up') throw billingError('forbidden');
}

/** @throws ApiError tenant_not_found, subject_not_found, beyond_tenant_budget, amount_too_large */
export function checkAdjustment(caller: Caller, wanted: NewAdjustment): (turn: AdjustmentTurn) => void {
  return ({ directory, tenant, owner, tenantId }) => {
    if (!directory.tenant) throw billingError('tenant_not_found');
    if (wanted.level === 'user' && directory.users.length === 0) throw billingError('subject_not_found');
    if (wanted.level === 'tenant' && wanted.ownerId !== tenantId) throw billingError('subject_not_found');
    const magnitude = wanted.amountNanoEur < 0n ? -wanted.amountNanoEur : wanted.amountNanoEur;
    const limit = owner.limitNanoEur ?? 0n;
    if (findOverflow([owner, { ...owner, postedNanoEur: limit }], magnitude)) throw billingError('amount_too_large');
    const left = remainingNanoEur(tenant);
    if (caller.role !== 'platform_admin' && left !== null && wanted.amountNanoEur > left) {
      throw billingError('beyond_tenant_budget', {
        message: `The tenant has ${formatEur(left)} € left in this month, less than this top-up.`,
        param: 'amount',
      });
    }
  };
}

/** For the audit log; the reason stays in billing. */
export function adjustmentAudit(actor: Actor, tenantId: string, wanted: NewAdjustment): MoneyAuditEntry {
  const { id, kind, level, ownerId, amountNanoEur, reason } = wanted;
  const after = { kind, level, owner: ownerId, amount_eur: formatEur(amountNanoEur), reason: written(reason) };
  return auditEntry(actor, tenantId, { action: 'create', collection: 'adjustments', targetId: id, after });
}

/** @throws ApiError forbidden, and as `checkAdjustment`; idempotency_conflict when the id was used with other content */
export async function adjust(
  pool: Pool,
  actor: Actor,
  tenantId: string,
  request: AdjustmentCreateRequest,
): Promise<Adjustment> {
  requireMayAdjust(actor, tenantId, request);
  const { amount, ...fields } = request;
  const wanted = { ...fields, id: fields.id.toLowerCase(), amountNanoEur: parseEur(amount), author: actor.subjectId };
  const posted = await postAdjustment(pool, tenantId, wanted, checkAdjustment(actor, wanted), ({ client }) =>
    queueAudit(client, [adjustmentAudit(actor, tenantId, wanted)]),
  );
  if (posted === 'conflict') throw billingError('idempotency_conflict', { param: 'id' });
  return posted;
}

/** @param ownerId null: the tenant's and everybody's */
export async function listAdjustments(
  pool: Pool,
  caller: Caller,
  tenantId: string,
  ownerId: string | null,
): Promise<Adjustment[]> {
  requireTenantAdmin(caller, tenantId);
  return readAdjustments(pool, tenantId, ownerId);
}
