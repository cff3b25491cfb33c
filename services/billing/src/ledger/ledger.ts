/** The ledger as the rest of the service uses it. */
import type { LedgerOperation, LedgerResult } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import type { Metrics } from '../metrics.ts';
import { createKnownPriceLists } from '../pricing/known-price-lists.ts';
import type { Operation } from './decide.ts';
import { forgetRefusals, readExpiredHolds } from './holds.store.ts';
import { createKnownDirectory } from './known-directory.ts';
import { type BatchResult, runBatch } from './ledger.store.ts';
import { createTenantQueue } from './tenant-queue.ts';

export interface Ledger {
  /**
   * Decide operations of one tenant, in order. @returns one result per operation
   * @throws when Postgres fails for good; then nothing of them has happened, or all of it, and a repeat is safe
   */
  perform(tenantId: string, operations: LedgerOperation[]): Promise<LedgerResult[]>;
  /** Settle what outlived its hold as an estimate. @returns how many holds were looked at */
  expireHolds(): Promise<number>;
}

const GROUP_OPERATIONS_MAX = 512;
const ATTEMPTS_MAX = 5;
const EXPIRED_AT_ONCE = 500;
const REFUSALS_KEPT_MS = 10 * 60_000;
/** Deadlock, serialisation failure, and the same reservation opened by another replica meanwhile. */
const RETRIED = new Set(['40P01', '40001', '23505']);

function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Ids are compared as Postgres gives them back: in lower case. */
function withNormalId(operation: LedgerOperation): LedgerOperation {
  return { ...operation, reservationId: operation.reservationId.toLowerCase() };
}

/** @param onPaid after charges were committed: whose levels paid, by the owner of each */
export function createLedger(
  pool: Pool,
  metrics: Metrics,
  onPaid: (tenantId: string, ownerIds: string[]) => void,
): Ledger {
  const known = { priceLists: createKnownPriceLists(), directory: createKnownDirectory() };
  async function runWithRetries(tenantId: string, operations: Operation[]): Promise<BatchResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runBatch(pool, known, tenantId, operations);
      } catch (error) {
        const state = sqlState(error);
        if (!state || !RETRIED.has(state) || attempt === ATTEMPTS_MAX) throw error;
        metrics.retries.inc({ reason: state });
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * attempt));
      }
    }
  }

  const queue = createTenantQueue<Operation, LedgerResult | null>(async (tenantId, operations) => {
    const started = performance.now();
    const { results, paidBy } = await runWithRetries(tenantId, operations);
    metrics.batchSize.observe(operations.length);
    metrics.batchSeconds.observe((performance.now() - started) / 1000);
    for (const [index, operation] of operations.entries()) {
      const result = results[index];
      const outcome = result && 'code' in result ? result.code : (result?.status ?? 'expired');
      metrics.decisions.inc({ operation: operation.op, outcome });
    }
    if (paidBy.length > 0) onPaid(tenantId, paidBy);
    return results;
  }, GROUP_OPERATIONS_MAX);

  return {
    perform: async (tenantId, operations) => {
      const results = await queue.submit(tenantId, operations.map(withNormalId));
      return results.filter((result) => result !== null);
    },
    expireHolds: async () => {
      await forgetRefusals(pool, REFUSALS_KEPT_MS);
      const expired = await readExpiredHolds(pool, EXPIRED_AT_ONCE);
      const byTenant = Map.groupBy(expired, ({ tenantId }) => tenantId);
      const swept = await Promise.allSettled(
        [...byTenant].map(([tenantId, holds]) =>
          queue.submit(
            tenantId,
            holds.map(({ reservationId }) => ({ op: 'expire' as const, reservationId })),
          ),
        ),
      );
      const failure = swept.find((result) => result.status === 'rejected');
      if (failure) throw failure.reason;
      return expired.length;
    },
  };
}
