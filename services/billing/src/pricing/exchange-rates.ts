/** Use cases around the exchange rate. */
import type { exchangeRateCreateRequest, exchangeRates } from '@cloudfreedom/contracts';
import { inTransaction, type Pool } from '@cloudfreedom/service-kit';
import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { auditEntry } from '../audit/audit-entry.ts';
import { queueAudit } from '../audit/audit-outbox.store.ts';
import { addExchangeRate, readCurrentRate, readExchangeRates } from './exchange-rates.store.ts';

/** Weekends and holidays pass without a new one. */
const STALE_AFTER_SECONDS = 5 * 86_400;

const ageSeconds = (quotedAt: Date): number => Math.max(0, (Date.now() - quotedAt.getTime()) / 1000);

/** Is a rate of that day too old to trust? */
export function isStale(quotedAt: Date): boolean {
  return ageSeconds(quotedAt) > STALE_AFTER_SECONDS;
}

/** Age of the rate in effect; Infinity: there is none. */
export async function exchangeRateAgeSeconds(pool: Pool): Promise<number> {
  const rate = await readCurrentRate(pool);
  return rate ? ageSeconds(rate.quotedAt) : Number.POSITIVE_INFINITY;
}

export async function listExchangeRates(pool: Pool): Promise<z.infer<typeof exchangeRates>> {
  const [items, rate] = await Promise.all([readExchangeRates(pool), readCurrentRate(pool)]);
  return { items, stale: rate === null || isStale(rate.quotedAt) };
}

/** A rate by hand, now or from a moment on. */
export async function setExchangeRate(
  pool: Pool,
  actor: Actor,
  { eurPerUsd, effectiveFrom, source }: z.infer<typeof exchangeRateCreateRequest>,
): Promise<z.infer<typeof exchangeRates>> {
  const from = effectiveFrom === undefined ? null : new Date(effectiveFrom);
  const rate = { eurPerUsd, source, author: actor.subjectId, quotedAt: from ?? new Date(), effectiveFrom: from };
  await inTransaction(pool, async (client) => {
    const before = await readCurrentRate(client);
    const targetId = await addExchangeRate(client, rate);
    const change = {
      before: { eur_per_usd: before?.eurPerUsd ?? null },
      after: { eur_per_usd: eurPerUsd, effective_from: rate.quotedAt.toISOString() },
    };
    await queueAudit(client, [
      auditEntry(actor, '', { action: 'create', collection: 'exchange_rates', targetId, ...change }),
    ]);
  });
  return listExchangeRates(pool);
}
