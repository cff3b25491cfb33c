/** What an answer cost that ended before the stream could say it: stopped, cut, or settled late. */
import { usagePage } from '@cloudfreedom/contracts';
import type { ServiceClient } from '@cloudfreedom/ui';

/** Waits before each look; 4.2 s in all. Settling takes a fraction of a second as a rule. */
const LOOK_AFTER_MS = [200, 400, 800, 1_200, 1_600];
const NEWEST_ROWS = 20;

/** The charge of a request in euro as a decimal string; null where it is not settled in time or can't be asked for. */
export async function findCharge(
  services: ServiceClient,
  billingUrl: string,
  requestId: string,
  lookAfterMs: readonly number[] = LOOK_AFTER_MS,
): Promise<string | null> {
  for (const waitMs of lookAfterMs) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const page = await services.json(usagePage, `${billingUrl}/v1/usage?limit=${NEWEST_ROWS}`).catch(() => null);
    const row = page?.items.find((item) => item.requestId === requestId);
    if (row) return row.charge;
  }
  return null;
}
