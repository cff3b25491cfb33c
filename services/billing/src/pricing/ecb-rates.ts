/** The European Central Bank's daily file: US dollars per euro, once a working day. */
import type { Pool } from '@cloudfreedom/service-kit';
import { addExchangeRate, readCurrentRate } from './exchange-rates.store.ts';

const TIMEOUT_MS = 10_000;
const FILE_BYTES_MAX = 256 * 1024;
const RATE_PLACES = 12;
/** A dollar never moved this far within days: such a file is broken, or not the ECB's. */
const CHANGE_MAX = 0.1;

/** @throws Error saying what is wrong with the file */
export function readEcbFile(xml: string): { eurPerUsd: string; quotedAt: Date } {
  const day = /<Cube\s+time=['"](\d{4}-\d{2}-\d{2})['"]/.exec(xml)?.[1];
  const usdPerEur = /<Cube\s+currency=['"]USD['"]\s+rate=['"](\d{1,4}(?:\.\d{1,10})?)['"]/.exec(xml)?.[1];
  if (!day || !usdPerEur) throw new Error("the ECB's file has no rate of the dollar");
  const [whole = '0', fraction = ''] = usdPerEur.split('.');
  const usd = BigInt(whole + fraction);
  if (usd === 0n) throw new Error("the ECB's file has a rate of 0");
  // Rounded up: the budget, not the house, pays the last place.
  const scaled = (10n ** BigInt(RATE_PLACES + fraction.length) + usd - 1n) / usd;
  const digits = scaled.toString().padStart(RATE_PLACES + 1, '0');
  const eurPerUsd = `${digits.slice(0, -RATE_PLACES)}.${digits.slice(-RATE_PLACES)}`.replace(/\.?0+$/, '');
  return { eurPerUsd, quotedAt: new Date(`${day}T00:00:00Z`) };
}

/** @throws Error when the rate is further from the known one than a dollar can move */
export function checkPlausible(eurPerUsd: string, known: string | null): void {
  if (known === null) return;
  const change = Math.abs(Number(eurPerUsd) / Number(known) - 1);
  if (!(change <= CHANGE_MAX)) {
    throw new Error(`the ECB's rate ${eurPerUsd} is too far from the known ${known}; set it by hand if it is true`);
  }
}

async function download(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (!response.ok || !response.body) throw new Error(`the ECB answered ${response.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    if (size > FILE_BYTES_MAX) throw new Error("the ECB's file is too large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * Add the rate of the ECB's newest day unless it is known.
 * @throws Error when there is none, or none that can be true; the known rate stays in effect
 */
export async function updateFromEcb(pool: Pool, url: string): Promise<void> {
  const { eurPerUsd, quotedAt } = readEcbFile(await download(url));
  const known = await readCurrentRate(pool);
  if (known && known.source === 'ecb' && known.quotedAt >= quotedAt) return;
  checkPlausible(eurPerUsd, known?.eurPerUsd ?? null);
  await addExchangeRate(pool, { eurPerUsd, source: 'ecb', author: null, quotedAt, effectiveFrom: null });
}
