/** A month so far: how it compares with the one before, and where it leads. Amounts in nano-euro. Pure. */
import { addDays, daysBetween, daysFrom } from './days.ts';

const WEEK_DAYS = 7;
/** How far back the forecast looks. */
const LOOK_BACK_DAYS = 28;

export interface MonthDays {
  /** First day of this month, and the first after it. */
  first: string;
  end: string;
  today: string;
}
/** Charge of each day; a day that is missing had none. */
export type DailyCharges = ReadonlyMap<string, bigint>;

function sumOf(charges: DailyCharges, days: readonly string[]): bigint {
  return days.reduce((sum, day) => sum + (charges.get(day) ?? 0n), 0n);
}

/** First day of the calendar month before the one that begins with `first`. */
export function firstOfMonthBefore(first: string): string {
  return `${addDays(first, -1).slice(0, 7)}-01`;
}

export interface Comparison {
  /** The days that are over, of this month, and as many of the month before. */
  soFar: bigint;
  before: bigint;
  /** How many days that is; 0: the month has only begun. */
  days: number;
  /** null: there was nothing before to compare with. */
  percent: number | null;
}

/** Whole days only: today is not over yet. */
export function compareMonths(charges: DailyCharges, { first, today }: MonthDays): Comparison {
  const over = daysFrom(first, today);
  const firstBefore = firstOfMonthBefore(first);
  const counterparts = daysFrom(firstBefore, first).slice(0, over.length);
  const soFar = sumOf(charges, over);
  const before = sumOf(charges, counterparts);
  const percent = before > 0n ? Number(((soFar - before) * 1000n) / before) / 10 : null;
  return { soFar, before, days: over.length, percent };
}

export interface Forecast {
  /** Expected at the end of the month. */
  charge: bigint;
  /** Expected until the end of each day from today on, for a chart. */
  course: { day: string; charge: bigint }[];
  /** How many days that are over it was made from. */
  basedOnDays: number;
}

/**
 * Each day that is left is expected to cost what its weekday cost on average in the four weeks before (the average of all
 * days, where that weekday has not come yet); today at least what it has cost. Days before the first usage don't count.
 * null: nothing was used on a day that is over.
 */
export function forecastMonth(charges: DailyCharges, { first, end, today }: MonthDays): Forecast | null {
  const lookedAt = daysFrom(addDays(today, -LOOK_BACK_DAYS), today);
  const begin = lookedAt.findIndex((day) => (charges.get(day) ?? 0n) > 0n);
  if (begin < 0) return null;
  const history = lookedAt.slice(begin);
  const expectedOn = (day: string): bigint => {
    const sameWeekday = history.filter((past) => daysBetween(past, day) % WEEK_DAYS === 0);
    const likeIt = sameWeekday.length > 0 ? sameWeekday : history;
    return sumOf(charges, likeIt) / BigInt(likeIt.length);
  };
  let charge = sumOf(charges, daysFrom(first, today));
  const course = daysFrom(today, end).map((day) => {
    const spent = charges.get(day) ?? 0n;
    const expected = expectedOn(day);
    charge += day === today && spent > expected ? spent : expected;
    return { day, charge };
  });
  return { charge, course, basedOnDays: history.length };
}

/** The days from which a forecast was made, half-open. */
export function daysBehind({ basedOnDays }: Forecast, { today }: MonthDays): { from: string; to: string } {
  return { from: addDays(today, -basedOnDays), to: today };
}
