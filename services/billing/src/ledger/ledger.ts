/** The ledger as the rest of the service uses it. */
import type { LedgerOperation, LedgerResult } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { billingError } from '../errors.ts';
import type { Metrics } from '../metrics.ts';
import { createKnownPriceLists } from '../pricing/known-price-lists.ts';
import { forgetRefusals, readExpiredHolds } from './holds.store.ts';
import { createKnownDirectory } from './known-directory.ts';
import { type Asked, type BatchResult, runBatch } from './ledger.store.ts';
import { createTenantQueue } from './tenant-queue.ts';

export interface Ledger {
  /**
   * Decide operations of one tenant, in order. @returns one result per operation
   * @param tokenSha256 of the service token by which they came; absent: by none
   * @throws ApiError invalid_service_token when it is revoked. Other errors when Postgres fails for good; then nothing of
   * them has happened, or all of it, and a repeat is safe
   */
  perform(tenantId: string, operations: LedgerOperation[], tokenSha256?: string): Promise<LedgerResult[]>;
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

function outcomeOf(result: BatchResult['results'][number]): string {
  if (result === 'token_revoked') return result;
  return result && 'code' in result ? result.code : (result?.status ?? 'expired');
}

/** @param onPaid after charges were committed: whose levels paid, by the owner of each */
export function createLedger(
  pool: Pool,
  metrics: Metrics,
  onPaid: (tenantId: string, ownerIds: string[]) => void,
): Ledger {
  const known = { priceLists: createKnownPriceLists(), directory: createKnownDirectory() };
  async function runWithRetries(tenantId: string, asked: Asked[]): Promise<BatchResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runBatch(pool, known, tenantId, asked);
      } catch (error) {
        const state = sqlState(error);
        if (!state || !RETRIED.has(state) || attempt === ATTEMPTS_MAX) throw error;
        metrics.retries.inc({ reason: state });
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * attempt));
      }
    }
  }

  const queue = createTenantQueue<Asked, BatchResult['results'][number]>(async (tenantId, asked) => {
    const started = performance.now();
    const { results, paidBy } = await runWithRetries(tenantId, asked);
    metrics.batchSize.observe(asked.length);
    metrics.batchSeconds.observe((performance.now() - started) / 1000);
    for (const [index, { operation }] of asked.entries())
      metrics.decisions.inc({ operation: operation.op, outcome: outcomeOf(results[index] ?? null) });
    if (paidBy.length > 0) onPaid(tenantId, paidBy);
    return results;
  }, GROUP_OPERATIONS_MAX);

  return {
    perform: async (tenantId, operations, tokenSha256) => {
      const asked = operations.map((operation) => ({ operation: withNormalId(operation), tokenSha256 }));
      const results = await queue.submit(tenantId, asked);
      return results.filter((result) => {
        if (result === 'token_revoked') throw billingError('invalid_service_token');
        return result !== null;
      });
    },
    expireHolds: async () => {
      await forgetRefusals(pool, REFUSALS_KEPT_MS);
      const expired = await readExpiredHolds(pool, EXPIRED_AT_ONCE);
      const byTenant = Map.groupBy(expired, ({ tenantId }) => tenantId);
      const swept = await Promise.allSettled(
        [...byTenant].map(([tenantId, holds]) =>
          queue.submit(
            tenantId,
            holds.map(({ reservationId }) => ({ operation: { op: 'expire' as const, reservationId } })),
          ),
        ),
      );
      const failure = swept.find((result) => result.status === 'rejected');
      if (failure) throw failure.reason;
      return expired.length;
    },
  };
}
