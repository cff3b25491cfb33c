/**
 * Use cases of re-rating. It runs in steps of a bounded number of rows, each in a transaction of its own and in the
 * tenant's turn, so that requests go on meanwhile. After a crash it goes on where it stopped: by the same call, or by itself
 * when it has stood still for a while.
 */
import type { ReRating, ReRatingRequest } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import type { Actor } from '../access/actor.ts';
import { auditEntry, written } from '../audit/audit-entry.ts';
import { queueAudit } from '../audit/audit-outbox.store.ts';
import { readTenant } from '../directory/directory.store.ts';
import { billingError } from '../errors.ts';
import { hashOf } from '../ledger/draft.ts';
import { type Job, openJob, type Range, readJobs, readLeftBehind, readRange, runStep } from './re-rating.store.ts';
import { amounts, changedRows, count, noTotals } from './re-rating.ts';

const ROWS_PER_STEP = 500;

interface Parts {
  pool: Pool;
  onUsage: () => void;
}

function shown(job: Pick<Job, 'id' | 'range' | 'reason' | 'author' | 'totals'>, applied: boolean): ReRating {
  const { id, range, reason, author } = job;
  const { from, to, model } = range;
  const moments = { from: from.toISOString(), to: to.toISOString() };
  return { id, applied, ...moments, model, reason, author, ...amounts(job.totals) };
}

const audited = ({ id, range, reason }: Pick<Job, 'id' | 'range' | 'reason'>) =>
  ({
    collection: 're_ratings',
    targetId: id,
    after: { from: range.from.toISOString(), to: range.to.toISOString(), model: range.model, reason: written(reason) },
  }) as const;

/** Whoever asked for it; from where is told by its beginning. */
const authorOf = (job: Job) => ({ subjectId: job.author, role: 'platform_admin' as const, network: '' });

/** What an application would do now; nothing is written. */
async function preview(pool: Pool, tenantId: string, job: Pick<Job, 'id' | 'range' | 'reason' | 'author'>) {
  const totals = noTotals();
  let cursor: Job['cursor'] = null;
  for (;;) {
    const rows = await readRange(pool, tenantId, { ...job, cursor }, ROWS_PER_STEP);
    count(totals, rows, changedRows(rows));
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_PER_STEP) return shown({ ...job, totals }, false);
    cursor = { settledAt: last.settledAt, reservationId: last.reservationId };
  }
}

/**
 * Show what re-rating a range would change, or do it.
 * @param onUsage the log has rows for readers elsewhere
 * @throws ApiError tenant_not_found, invalid_request, idempotency_conflict
 */
export async function reRate(
  parts: Parts,
  order: { tenantId: string; actor: Actor; request: ReRatingRequest },
): Promise<ReRating> {
  const { pool } = parts;
  const { tenantId, actor, request } = order;
  const author = actor.subjectId;
  if (!(await readTenant(pool, tenantId))) throw billingError('tenant_not_found');
  const range: Range = { from: new Date(request.from), to: new Date(request.to), model: request.model ?? null };
  if (range.to.getTime() > Date.now()) {
    throw billingError('invalid_request', { message: 'to: must not be in the future.', param: 'to' });
  }
  const { id, reason } = request;
  if (!request.apply) return preview(pool, tenantId, { id: id.toLowerCase(), range, reason, author });
  const inputHash = hashOf({ range, reason });
  const wanted = { id: id.toLowerCase(), inputHash, range, reason, author };
  const opened = await openJob(pool, tenantId, wanted, (client) =>
    queueAudit(client, [auditEntry(actor, tenantId, { action: 'create', ...audited(wanted) })]),
  );
  if (opened.inputHash !== inputHash) throw billingError('idempotency_conflict', { param: 'id' });
  return shown(await runToEnd(parts, tenantId, opened.id), true);
}

/** Step by step, from where it stands. Others may be at the same one: each step is one transaction in the tenant's turn. */
async function runToEnd(parts: Parts, tenantId: string, id: string): Promise<Job> {
  for (;;) {
    const job = await runStep(parts.pool, tenantId, id, ROWS_PER_STEP, (client, done) => {
      const { rows, changed, difference } = amounts(done.totals);
      const after = { rows, changed, difference_eur: difference };
      const change = { action: 'update', ...audited(done), after } as const;
      return queueAudit(client, [auditEntry(authorOf(done), tenantId, change)]);
    });
    if (job.totals.changed > 0) parts.onUsage();
    if (job.finished) return job;
  }
}

/** Take up what a process that ended has left. @param idleMs what moved within this is somebody else's */
export async function resumeReRatings(parts: Parts, idleMs: number): Promise<void> {
  for (const { tenantId, id } of await readLeftBehind(parts.pool, idleMs)) await runToEnd(parts, tenantId, id);
}

/** The newest that were applied. */
export async function listReRatings(pool: Pool, tenantId: string): Promise<ReRating[]> {
  if (!(await readTenant(pool, tenantId))) throw billingError('tenant_not_found');
  return (await readJobs(pool, tenantId)).map((job) => shown(job, true));
}
