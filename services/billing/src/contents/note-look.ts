/** Somebody is about to read what a person asked and was answered; the words themselves are never here. */
import type { ContentLook } from '@cloudfreedom/contracts';
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';
import { auditEntry } from '../audit/audit-entry.ts';
import { queueAudit } from '../audit/audit-outbox.store.ts';
import { readUser } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';

/** Durable before it returns. @throws ApiError `forbidden` for anybody but an active admin of this tenant */
export async function noteLook(
  pool: Pool,
  tenantId: string,
  { reservationId, subjectId, adminId }: ContentLook,
): Promise<{ at: string }> {
  const admin = await readUser(pool, adminId);
  if (!admin || admin === 'deleted' || admin.tenantId !== tenantId) throw billingError('forbidden');
  if (admin.status !== 'active' || admin.role === 'member') throw billingError('forbidden');
  // The proxy asks, so from which network the admin came is not known here.
  const entry = auditEntry({ subjectId: adminId, role: admin.role, network: '' }, tenantId, {
    action: 'read',
    collection: 'contents',
    targetId: reservationId,
    after: { subject: subjectId },
  });
  await inTransaction(pool, (client) => queueAudit(client, [entry]));
  return { at: entry.at };
}
