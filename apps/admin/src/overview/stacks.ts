/** Totals by day and something else as stacks of a chart: the largest few by name, the rest as one. */
import { formatEur, parseEur, type UsageTotal } from '@cloudfreedom/contracts';
import { type ChartPoint, type ChartSeries, type ChartValue, sizeOfEur } from '@cloudfreedom/ui/charts';

const NAMED_SERIES = 6;
const REST = 'rest';

export interface Stacks {
  series: ChartSeries[];
  points: ChartPoint[];
  /** Exact sum of all of it, in euro. */
  total: string;
}

interface StackWords {
  label: (id: string) => string;
  colour: (id: string) => string;
  rest: string;
  money: (amount: string) => string;
  tick: (day: string) => string;
  day: (day: string) => string;
}

/** Charges of `days`, stacked by `idOf`; days without usage are there with nothing. */
export function stackCharges(
  totals: readonly UsageTotal[],
  days: readonly string[],
  idOf: (total: UsageTotal) => string,
  words: StackWords,
): Stacks {
  const sums = new Map<string, bigint>();
  for (const total of totals) sums.set(idOf(total), (sums.get(idOf(total)) ?? 0n) + parseEur(total.charge));
  const ranked = [...sums].sort(([, left], [, right]) => (right > left ? 1 : right < left ? -1 : 0));
  const named = new Set(ranked.slice(0, NAMED_SERIES).map(([id]) => id));
  const placeOf = (total: UsageTotal) => (named.has(idOf(total)) ? idOf(total) : REST);
  const ofDays = Map.groupBy(totals, ({ day }) => day ?? '');
  const points = days.map((day) => pointOf(day, ofDays.get(day) ?? [], placeOf, words));
  const series = [...named].map((id) => ({ id, label: words.label(id), colour: words.colour(id) }));
  if (ranked.length > NAMED_SERIES) series.push({ id: REST, label: words.rest, colour: 'var(--mantine-color-dimmed)' });
  return { series, points, total: formatEur([...sums.values()].reduce((sum, charge) => sum + charge, 0n)) };
}

function pointOf(
  day: string,
  totals: readonly UsageTotal[],
  placeOf: (total: UsageTotal) => string,
  words: StackWords,
): ChartPoint {
  const sums = new Map<string, bigint>();
  for (const total of totals) sums.set(placeOf(total), (sums.get(placeOf(total)) ?? 0n) + parseEur(total.charge));
  const values: Record<string, ChartValue> = {};
  for (const [id, charge] of sums)
    values[id] = { size: sizeOfEur(formatEur(charge)), text: words.money(formatEur(charge)) };
  const sum = [...sums.values()].reduce((all, charge) => all + charge, 0n);
  return { id: day, tick: words.tick(day), label: words.day(day), values, total: words.money(formatEur(sum)) };
}
