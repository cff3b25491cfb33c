/** The month as a course: what was spent up to the end of each day, the month before likewise, and where it leads. */
import { formatEur } from '@cloudfreedom/contracts';
import { type ChartPoint, type ChartValue, sizeOfEur } from '@cloudfreedom/ui/charts';
import { addDays, daysFrom } from './days.ts';
import { type DailyCharges, forecastMonth, type MonthDays } from './month.ts';

type CourseSeries = 'spent' | 'before' | 'forecast';

interface CourseWords {
  money: (amount: string) => string;
  tick: (day: string) => string;
  day: (day: string) => string;
}

/** Up to the end of each of the days. */
function runningSums(charges: DailyCharges, days: readonly string[]): bigint[] {
  let sum = 0n;
  return days.map((day) => {
    sum += charges.get(day) ?? 0n;
    return sum;
  });
}

/** One point for each day of this month; beside it stands the day of the same number of the month before. */
export function courseOf(
  charges: DailyCharges,
  month: MonthDays,
  firstBefore: string,
  words: CourseWords,
): ChartPoint[] {
  const days = daysFrom(month.first, month.end);
  const spent = runningSums(charges, daysFrom(month.first, addDays(month.today, 1)));
  const before = runningSums(charges, daysFrom(firstBefore, month.first));
  const expected = new Map(forecastMonth(charges, month)?.course.map(({ day, charge }) => [day, charge]));
  const value = (amount: bigint | undefined): ChartValue | undefined =>
    amount === undefined ? undefined : { size: sizeOfEur(formatEur(amount)), text: words.money(formatEur(amount)) };
  return days.map((day, place) => {
    // The line of what is expected begins where that of what was spent ends: yesterday.
    const isYesterday = addDays(day, 1) === month.today;
    const forecast = isYesterday && expected.size > 0 ? spent[place] : expected.get(day);
    const values: Record<CourseSeries, ChartValue | undefined> = {
      spent: value(spent[place]),
      before: value(before[place]),
      forecast: value(forecast),
    };
    return { id: day, tick: words.tick(day), label: words.day(day), values };
  });
}
