/** Audit entries on their way to PocketBase: at least once (PocketBase writes each once), and never given up. */
import { MONEY_AUDIT_BATCH_MAX, type MoneyAuditEntry } from '@cloudfreedom/contracts';
import type { Logger, Pool } from '@cloudfreedom/service-kit';
import type { PocketBaseAccess } from '../directory/reconcile.ts';
import { waitAfter } from '../notices/deliver-notices.ts';
import { repeat } from '../repeat.ts';
import { type ClaimedEntry, claimAudit, postponeAudit, removeAudit } from './audit-outbox.store.ts';

const CLAIM_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
const TIMEOUT_MS = 15_000;

interface AuditRelay {
  pool: Pool;
  pocketbase: PocketBaseAccess;
  logger: Logger;
}

/** @returns the status of the answer; 0: none came */
async function send({ url, internalSecret }: PocketBaseAccess, entries: MoneyAuditEntry[]): Promise<number> {
  try {
    const response = await fetch(new URL('/api/internal/audit-logs', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${internalSecret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ entries }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}

/** A batch that is refused goes one by one: what one of them lacks doesn't keep the others back. */
async function deliver(relay: AuditRelay, claimed: ClaimedEntry[]): Promise<void> {
  const { pool, pocketbase, logger } = relay;
  const entries = claimed.map(({ entry }) => entry);
  const ids = entries.map(({ id }) => id);
  const status = await send(pocketbase, entries);
  if (status === 200) return removeAudit(pool, ids);
  if (status === 400 && claimed.length > 1) {
    for (const one of claimed) await deliver(relay, [one]);
    return;
  }
  const attempts = Math.max(...claimed.map((one) => one.attempts));
  const level = status === 400 ? 'error' : 'warn';
  logger[level]({ status, attempts, auditIds: ids }, 'audit entries were not taken and will be tried again');
  await postponeAudit(pool, ids, waitAfter(attempts));
}

/** @returns a stop */
export function keepAuditing(relay: AuditRelay): () => Promise<void> {
  const round = async () => {
    const claimed = await claimAudit(relay.pool, MONEY_AUDIT_BATCH_MAX, CLAIM_MS);
    if (claimed.length > 0) await deliver(relay, claimed);
  };
  return repeat('audit entries', round, LOOK_EVERY_MS, relay.logger);
}
