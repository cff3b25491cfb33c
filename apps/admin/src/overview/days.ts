/** Calendar days, as "2026-11-23", in the time zone that a tenant's budget counts in. */

const DAY_MS = 86_400_000;

/** The day on which a moment falls in a zone. */
export function dayOf(moment: Date, timeZone: string): string {
  // English (Canada) writes days as ISO does.
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    moment,
  );
}

/** @param days may be negative */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(first: string, end: string): number {
  return Math.round((Date.parse(end) - Date.parse(first)) / DAY_MS);
}

/** From `first` up to, but without, `end`. */
export function daysFrom(first: string, end: string): string[] {
  return Array.from({ length: Math.max(0, daysBetween(first, end)) }, (_, place) => addDays(first, place));
}

/** First day of a budget period, and the first day after it. */
export function daysOfPeriod(period: { start: string; end: string; timeZone: string }): { first: string; end: string } {
  const last = dayOf(new Date(Date.parse(period.end) - 1), period.timeZone);
  return { first: dayOf(new Date(period.start), period.timeZone), end: addDays(last, 1) };
}

/** When a day begins in a zone, for filters that take moments. */
export function startOfDay(day: string, timeZone: string): string {
  const utc = Date.parse(day);
  const offsetAt = (moment: number) => {
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    }).formatToParts(moment);
    const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
    return (
      Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - moment
    );
  };
  // Twice: the first guess may lie on the other side of a change of the clock.
  const guess = utc - offsetAt(utc);
  return new Date(utc - offsetAt(guess)).toISOString();
}
