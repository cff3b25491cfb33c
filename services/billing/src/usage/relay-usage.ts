/**
 * Usage on its way to PocketBase, which keeps a copy for people to read. At least once: PocketBase passes over rows that
 * it has. Rows wait in Postgres while PocketBase is down, and several replicas never send the same claim.
 */
import type { UsageRow } from '@cloudfreedom/contracts';
import type { Logger, Pool } from '@cloudfreedom/service-kit';
import type { PocketBaseAccess } from '../directory/reconcile.ts';
import type { Metrics } from '../metrics.ts';
import { type ClaimedRow, claimUsage, putBack, readClaimedUsage, removeDelivered } from './usage-outbox.store.ts';

const BATCH_ROWS = 200;
const CLAIM_MS = 60_000;
const TIMEOUT_MS = 20_000;
const EVERY_MS = 2_000;
/** Rows of so long go together: each delivery costs as much as some requests. */
const COLLECT_MS = 250;
const BACKOFF_MS = 3_000;
/** A single row that PocketBase won't take is tried again only now and then. */
const REFUSED_BACKOFF_MS = 600_000;

type Delivery = 'delivered' | 'unreachable' | 'refused';

export interface UsageRelay {
  /** There is something new. */
  notify(): void;
  stop(): Promise<void>;
}

async function send(pocketbase: PocketBaseAccess, rows: UsageRow[]): Promise<Delivery> {
  if (rows.length === 0) return 'delivered';
  try {
    const response = await fetch(new URL('/api/internal/usage-logs', pocketbase.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${pocketbase.internalSecret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ rows }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.ok) return 'delivered';
    return response.status === 400 || response.status === 422 ? 'refused' : 'unreachable';
  } catch {
    return 'unreachable';
  }
}

export function createUsageRelay(options: {
  pool: Pool;
  pocketbase: PocketBaseAccess;
  metrics: Pick<Metrics, 'relayed' | 'relayFailures'>;
  logger: Logger;
}): UsageRelay {
  const { pool, pocketbase, metrics, logger } = options;
  let stopped = false;
  let running: Promise<void> | undefined;
  let again = false;
  let planned: NodeJS.Timeout | undefined;

  /** A batch that is refused is halved until the one row that is at fault stands alone. */
  async function deliver(claimed: ClaimedRow[]): Promise<boolean> {
    const delivery = await send(pocketbase, await readClaimedUsage(pool, claimed));
    if (delivery === 'delivered') {
      await removeDelivered(pool, claimed);
      metrics.relayed.inc(claimed.length);
      return true;
    }
    metrics.relayFailures.inc();
    if (delivery === 'refused' && claimed.length > 1) {
      const half = Math.ceil(claimed.length / 2);
      const first = await deliver(claimed.slice(0, half));
      return (await deliver(claimed.slice(half))) && first;
    }
    if (delivery === 'refused') {
      logger.error({ reservationId: claimed[0]?.reservationId }, 'PocketBase does not take this usage row');
    }
    await putBack(pool, claimed, delivery === 'refused' ? REFUSED_BACKOFF_MS : BACKOFF_MS);
    return false;
  }

  async function drain(): Promise<void> {
    while (!stopped) {
      again = false;
      const claimed = await claimUsage(pool, BATCH_ROWS, CLAIM_MS);
      if (claimed.length === 0) {
        if (again) continue;
        return;
      }
      if (!(await deliver(claimed))) return;
      if (claimed.length < BATCH_ROWS && !again) return;
    }
  }

  function begin(): void {
    planned = undefined;
    again = true;
    if (running || stopped) return;
    running = drain()
      .catch((error: unknown) => logger.error({ err: error }, 'usage could not be relayed'))
      .finally(() => {
        running = undefined;
      });
  }

  const timer = setInterval(begin, EVERY_MS);
  return {
    notify: () => {
      if (!stopped) planned ??= setTimeout(begin, COLLECT_MS);
    },
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      clearTimeout(planned);
      await running;
    },
  };
}
