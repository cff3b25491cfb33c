/**
 * `npm run prices -- update <file|https address> [--apply]`: shows what a newer price catalogue would change (our own form,
 * or LiteLLM's as our catalogue's source has it), and with --apply adds a version for each model whose prices differ, in
 * effect now. DATABASE_URL is billing's. Versions that are there already never change.
 */
import { readFile } from 'node:fs/promises';
import { createPool } from '@cloudfreedom/service-kit';
import { loadDatabaseUrl } from '../config.ts';
import type { PriceCatalogue } from './catalogue.ts';
import { describeChange, type PriceDifferences } from './price-differences.ts';
import { applyCatalogue, compareCatalogue, readCatalogueText } from './update-catalogue.ts';

const TIMEOUT_MS = 30_000;
const LINES_SHOWN = 400;
const USAGE = 'Usage: DATABASE_URL=postgres://… npm run prices -- update <file or https address> [--apply]\n';

async function load(place: string): Promise<string> {
  if (!/^https?:\/\//.test(place)) return readFile(place, 'utf8');
  const response = await fetch(place, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${place} answered ${response.status}`);
  return response.text();
}

function describe({ prices, changed, unchanged, missing }: PriceDifferences, catalogue: PriceCatalogue): string {
  const lines = prices.map(describeChange);
  const shown = lines.slice(0, LINES_SHOWN).map((line) => `  ${line}\n`);
  const rest = lines.length > LINES_SHOWN ? `  … and ${lines.length - LINES_SHOWN} more\n` : '';
  const kept = missing.length > 0 ? `Not in it, so their prices stay: ${missing.join(', ')}\n` : '';
  return `Source: ${catalogue.source}, of ${catalogue.effectiveFrom}\nUSD per million:\n${shown.join('')}${rest}${kept}${changed.length} models with other prices, ${unchanged} unchanged.\n`;
}

/** @returns the process's exit code */
export async function updatePrices(
  order: { place: string; apply: boolean; databaseUrl: string },
  write: (text: string) => void,
): Promise<number> {
  const catalogue = readCatalogueText(await load(order.place), new Date().toISOString().slice(0, 10));
  const pool = createPool(order.databaseUrl, { max: 1, applicationName: 'billing-prices' });
  try {
    const differences = await compareCatalogue(pool, catalogue);
    write(describe(differences, catalogue));
    if (differences.changed.length === 0) return 0;
    if (!order.apply) {
      write('Nothing was changed. Add --apply to put these prices into effect now.\n');
      return 0;
    }
    const effectiveFrom = await applyCatalogue(pool, 'command', { catalogue, models: differences.changed });
    write(`In effect since ${effectiveFrom}. Requests that were reserved before keep their prices.\n`);
    return 0;
  } finally {
    await pool.end();
  }
}

async function main(): Promise<number> {
  const [verb, place, ...flags] = process.argv.slice(2);
  if (verb !== 'update' || !place || flags.some((flag) => flag !== '--apply')) {
    process.stderr.write(USAGE);
    return 2;
  }
  const order = { place, apply: flags.includes('--apply'), databaseUrl: loadDatabaseUrl() };
  return updatePrices(order, (text) => process.stdout.write(text));
}

if (import.meta.main) {
  process.exitCode = await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
}
