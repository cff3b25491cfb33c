/** Tokens of a usage row as people count them. A meter that is absent is unknown, not 0. */
import { INPUT_METERS, type Meter, type MeterCounts, OUTPUT_METERS } from '@cloudfreedom/contracts';

function sumOf(meters: MeterCounts, names: readonly Meter[]): number | null {
  const known = names.map((name) => meters[name]).filter((count) => count !== undefined);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}

/** null: unknown. */
export function tokensOf(meters: MeterCounts): { input: number | null; output: number | null } {
  return { input: sumOf(meters, INPUT_METERS), output: sumOf(meters, OUTPUT_METERS) };
}
