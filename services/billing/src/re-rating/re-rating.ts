/** The arithmetic of re-rating, without any I/O. */
import { formatEur, type MeterCounts, type ReRating, type ServiceTier } from '@cloudfreedom/contracts';
import { type PriceList, priceUsage } from '../pricing/price.ts';

/** A row of the usage log as it counts now, and the price list that should have counted. */
export interface RatedRow {
  settledAt: Date;
  reservationId: string;
  subjectId: string;
  apiKeyId: string | null;
  periodStart: Date;
  meters: MeterCounts;
  /** The one that was served, or all that were possible. */
  serviceTiers: ServiceTier[];
  eurPerUsd: string;
  markupPercent: string;
  priceVersionId: bigint;
  chargeNanoEur: bigint;
  costNanoEur: bigint;
  /** null: there is none, and the row stays as it is. */
  wanted: { priceVersionId: bigint; priceList: PriceList } | null;
}

export interface ChangedRow extends RatedRow {
  wanted: NonNullable<RatedRow['wanted']>;
  newChargeNanoEur: bigint;
  newCostNanoEur: bigint;
}

/** Bigints as text: it is kept as JSON between two steps. */
interface Sums {
  rows: number;
  changed: number;
  before: string;
  after: string;
}
export interface Totals extends Sums {
  people: Record<string, Sums>;
}

const noSums = (): Sums => ({ rows: 0, changed: 0, before: '0', after: '0' });
export const noTotals = (): Totals => ({ ...noSums(), people: {} });

/** The rows that cost something else, at the exchange rate and mark-up that they had. */
export function changedRows(rows: RatedRow[]): ChangedRow[] {
  return rows.flatMap((row) => {
    const { wanted, eurPerUsd, markupPercent } = row;
    if (!wanted || wanted.priceVersionId === row.priceVersionId) return [];
    const terms = { priceList: wanted.priceList, eurPerUsd, markupPercent };
    const price = priceUsage(terms, row.meters, row.serviceTiers);
    if (price.chargeNanoEur === row.chargeNanoEur && price.costNanoEur === row.costNanoEur) return [];
    return [{ ...row, wanted, newChargeNanoEur: price.chargeNanoEur, newCostNanoEur: price.costNanoEur }];
  });
}

function addTo(sums: Sums, before: bigint, after: bigint, changed: boolean): void {
  sums.rows += 1;
  if (changed) sums.changed += 1;
  sums.before = String(BigInt(sums.before) + before);
  sums.after = String(BigInt(sums.after) + after);
}

/** Adds a step's rows to what was counted until then. */
export function count(totals: Totals, rows: RatedRow[], changed: ChangedRow[]): void {
  const after = new Map(changed.map((row) => [row.reservationId, row.newChargeNanoEur]));
  for (const row of rows) {
    const charge = after.get(row.reservationId);
    let person = totals.people[row.subjectId];
    if (!person) {
      person = noSums();
      totals.people[row.subjectId] = person;
    }
    for (const sums of [totals, person])
      addTo(sums, row.chargeNanoEur, charge ?? row.chargeNanoEur, charge !== undefined);
  }
}

function amountsOf({ rows, changed, before, after }: Sums) {
  return {
    rows,
    changed,
    before: formatEur(BigInt(before)),
    after: formatEur(BigInt(after)),
    difference: formatEur(BigInt(after) - BigInt(before)),
  };
}

/** Totals as they go out. */
export function amounts({
  people,
  ...all
}: Totals): Pick<ReRating, 'rows' | 'changed' | 'before' | 'after' | 'difference' | 'people'> {
  const each = Object.entries(people).map(([subjectId, sums]) => ({ subjectId, ...amountsOf(sums) }));
  return { ...amountsOf(all), people: each.sort((a, b) => (a.subjectId < b.subjectId ? -1 : 1)) };
}
