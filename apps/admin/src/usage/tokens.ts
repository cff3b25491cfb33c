/** Tokens of a usage row as people count them. A meter that is absent is unknown, not 0. */
import type { Meter, MeterCounts } from '@cloudfreedom/contracts';

const INPUT_METERS: Meter[] = ['uncached_input', 'cache_read', 'cache_write'];
const OUTPUT_METERS: Meter[] = ['output_text', 'reasoning'];

function sumOf(meters: MeterCounts, names: Meter[]): number | null {
  const known = names.map((name) => meters[name]).filter((count) => count !== undefined);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}

/** null: unknown. */
export function tokensOf(meters: MeterCounts): { input: number | null; output: number | null } {
  return { input: sumOf(meters, INPUT_METERS), output: sumOf(meters, OUTPUT_METERS) };
}
