/** Which pages may call: the tenant is asked for again every ten seconds when somebody wants to know. */
import { isOwnPage } from '@cloudfreedom/contracts';
import type { Tenant } from './billing-tenant.ts';

const FRESH_FOR_MS = 10_000;
/** After a failure billing is left alone this long: anybody's browser can make us ask. */
const RETRY_AFTER_MS = 2_000;

/** What was known of the tenant stays while billing is down; nothing known: no page may. */
export function createOwnPages(readTenant: () => Promise<Tenant>): (origin: string) => Promise<boolean> {
  let known: Tenant | null = null;
  let askAgainAtMs = 0;
  let asking: Promise<void> | undefined;

  const refresh = async () => {
    try {
      known = await readTenant();
      askAgainAtMs = Date.now() + FRESH_FOR_MS;
    } catch {
      askAgainAtMs = Date.now() + RETRY_AFTER_MS;
    }
  };
  return async (origin) => {
    if (Date.now() >= askAgainAtMs)
      asking ??= refresh().finally(() => {
        asking = undefined;
      });
    await asking;
    return known !== null && isOwnPage(known, origin);
  };
}
