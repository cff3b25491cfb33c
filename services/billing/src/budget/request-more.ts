/** A person asks for more; an admin approves or declines; both are told. */
import { randomUUID } from 'node:crypto';
import {
  type BudgetRequest,
  type BudgetRequestDecision,
  formatEur,
  type MailRequest,
  type MoneyAuditEntry,
  parseEur,
} from '@cloudfreedom/contracts';
import type { Pool, PoolClient } from '@cloudfreedom/service-kit';
import type { Actor } from '../access/actor.ts';
import { type Caller, requireTenantAdmin } from '../access/caller.ts';
import { auditEntry, written } from '../audit/audit-entry.ts';
import { queueAudit } from '../audit/audit-outbox.store.ts';
import { readTenantAdmins } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';
import { type NoticeContent, queueNotices } from '../notices/notices.store.ts';
import { adjustmentAudit, checkAdjustment } from './adjust.ts';
import { postAdjustment } from './adjustments.store.ts';
import {
  type Decision,
  decideRequest,
  decideRequestAlone,
  insertRequest,
  readRequest,
  readRequests,
} from './budget-requests.store.ts';

const mailTo = (subjectId: string, template: MailRequest['template'], values: Record<string, string>) =>
  ({ kind: 'mail', content: { subjectId, template, values } }) satisfies NoticeContent;

/** @throws ApiError forbidden for a key, request_pending while one is open */
export async function askForMore(
  pool: Pool,
  caller: Actor,
  asked: { amount: string; reason: string },
): Promise<BudgetRequest> {
  if (caller.apiKeyId !== null) throw billingError('forbidden', { message: 'A person asks, not a key: sign in.' });
  const { tenantId, subjectId } = caller;
  const { amount, reason } = asked;
  const wanted = { id: randomUUID(), subjectId, amountNanoEur: parseEur(amount), reason };
  const request = await insertRequest(pool, tenantId, wanted, async (client) => {
    const admins = await readTenantAdmins(client, tenantId);
    const values = { amount, reason, subjectId };
    await queueNotices(
      client,
      tenantId,
      admins.filter((id) => id !== subjectId).map((id) => mailTo(id, 'budget_request', values)),
    );
    const after = { subject: subjectId, amount_eur: amount, reason: written(reason) };
    const asking = { action: 'create', collection: 'budget_requests', targetId: wanted.id, after } as const;
    await queueAudit(client, [auditEntry(caller, tenantId, asking)]);
  });
  if (!request) throw billingError('request_pending');
  return request;
}

export function listOwnRequests(pool: Pool, caller: Caller): Promise<BudgetRequest[]> {
  return readRequests(pool, caller.tenantId, { subjectId: caller.subjectId, state: null });
}

export async function listTenantRequests(
  pool: Pool,
  caller: Caller,
  tenantId: string,
  filter: { subjectId: string | null; state: BudgetRequest['state'] | null },
): Promise<BudgetRequest[]> {
  requireTenantAdmin(caller, tenantId);
  return readRequests(pool, tenantId, filter);
}

function toDecision(caller: Caller, request: BudgetRequest, decided: BudgetRequestDecision): Decision {
  const { note = null } = decided;
  if (decided.decision === 'decline') return { state: 'declined', by: caller.subjectId, grantedNanoEur: null, note };
  return { state: 'approved', by: caller.subjectId, grantedNanoEur: parseEur(decided.amount ?? request.amount), note };
}

function decisionAudit(actor: Actor, tenantId: string, request: BudgetRequest, decision: Decision): MoneyAuditEntry {
  const { state, grantedNanoEur, note } = decision;
  const granted = grantedNanoEur === null ? null : formatEur(grantedNanoEur);
  return auditEntry(actor, tenantId, {
    action: 'update',
    collection: 'budget_requests',
    targetId: request.id,
    before: { state: request.state, amount_eur: request.amount },
    after: { state, subject: request.subjectId, granted_eur: granted, note: written(note) },
  });
}

/** The person who asked, and the admins who were told of it, so that none of them begins to decide what is decided. */
async function tellBothSides(
  client: PoolClient,
  tenantId: string,
  request: BudgetRequest,
  decision: Decision,
): Promise<void> {
  const { subjectId } = request;
  const admins = await readTenantAdmins(client, tenantId);
  const outcome = decision.state;
  const amount = decision.grantedNanoEur === null ? request.amount : formatEur(decision.grantedNanoEur);
  await queueNotices(client, tenantId, [
    mailTo(subjectId, 'budget_decision', { outcome, amount, note: decision.note ?? '' }),
    ...admins
      .filter((id) => id !== subjectId && id !== decision.by)
      .map((id) => mailTo(id, 'budget_request_decided', { subjectId, decidedBy: decision.by, outcome, amount })),
  ]);
}

/**
 * Nobody decides a request of their own, a platform admin excepted.
 * @throws ApiError forbidden, not_found, request_decided, and what stands against a top-up
 */
export async function decideOnRequest(
  pool: Pool,
  caller: Actor,
  of: { tenantId: string; requestId: string },
  decided: BudgetRequestDecision,
): Promise<BudgetRequest> {
  const { tenantId, requestId } = of;
  requireTenantAdmin(caller, tenantId);
  const request = await readRequest(pool, tenantId, requestId);
  if (!request) throw billingError('not_found');
  if (request.subjectId === caller.subjectId && caller.role !== 'platform_admin') throw billingError('forbidden');
  if (request.state !== 'pending') throw billingError('request_decided');
  const decision = toDecision(caller, request, decided);
  const tell = async (client: PoolClient) => {
    await tellBothSides(client, tenantId, request, decision);
    await queueAudit(client, [decisionAudit(caller, tenantId, request, decision)]);
  };
  if (decision.state === 'approved') await topUp(pool, caller, request, { tenantId, decision, tell });
  else if (!(await decideRequestAlone(pool, tenantId, requestId, decision, tell)))
    throw billingError('request_decided');
  const after = await readRequest(pool, tenantId, requestId);
  if (!after) throw billingError('not_found');
  return after;
}

/** The top-up, the decision, the mails and the audit entries, in one transaction. */
async function topUp(
  pool: Pool,
  caller: Actor,
  request: BudgetRequest,
  { tenantId, decision, tell }: { tenantId: string; decision: Decision; tell: (client: PoolClient) => Promise<void> },
): Promise<void> {
  const wanted = {
    id: request.id,
    kind: 'top_up' as const,
    level: 'user' as const,
    ownerId: request.subjectId,
    amountNanoEur: decision.grantedNanoEur ?? 0n,
    reason: request.reason,
    author: caller.subjectId,
  };
  let decided = false;
  await postAdjustment(pool, tenantId, wanted, checkAdjustment(caller, wanted), async ({ client }) => {
    if (!(await decideRequest(client, tenantId, request.id, decision))) throw billingError('request_decided');
    await queueAudit(client, [adjustmentAudit(caller, tenantId, wanted)]);
    await tell(client);
    decided = true;
  });
  // The top-up was there already: another admin was faster.
  if (!decided) throw billingError('request_decided');
}
