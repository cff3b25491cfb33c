import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysFrom } from '../src/overview/days.ts';
import { compareMonths, firstOfMonthBefore, forecastMonth } from '../src/overview/month.ts';

const NOVEMBER = { first: '2026-11-01', end: '2026-12-01' };
const chargesOf = (days: Record<string, number>) =>
  new Map(Object.entries(days).map(([day, charge]) => [day, BigInt(charge)]));

describe('the month before', () => {
  it('is compared over as many whole days; today does not count', () => {
    const charges = chargesOf({ '2026-10-01': 100, '2026-10-31': 900, '2026-11-01': 125, '2026-11-02': 70 });
    const compared = compareMonths(charges, { ...NOVEMBER, today: '2026-11-02' });
    expect(compared).toEqual({ soFar: 125n, before: 100n, days: 1, percent: 25 });
    expect(compareMonths(charges, { ...NOVEMBER, today: '2026-11-01' })).toMatchObject({ days: 0, percent: null });
    expect(firstOfMonthBefore('2027-01-01')).toBe('2026-12-01');
  });

  it('may be shorter: then all of it counts', () => {
    const charges = chargesOf({ '2026-02-28': 50, '2026-03-30': 50 });
    const march = { first: '2026-03-01', end: '2026-04-01', today: '2026-03-31' };
    expect(compareMonths(charges, march)).toMatchObject({ soFar: 50n, before: 50n, percent: 0 });
  });
});

describe('the forecast', () => {
  it('takes each weekday as it was, so weekends stay quiet', () => {
    const days = daysFrom('2026-10-20', '2026-11-20');
    const quiet = (day: string) => [0, 6].includes(new Date(day).getUTCDay());
    const charges = new Map(days.map((day) => [day, quiet(day) ? 0n : 10n]));
    const forecast = forecastMonth(charges, { ...NOVEMBER, today: '2026-11-20' });
    const workingDays = daysFrom(NOVEMBER.first, NOVEMBER.end).filter((day) => !quiet(day)).length;
    expect(forecast?.charge).toBe(BigInt(workingDays * 10));
  });

  it('is not made from nothing, and not from days before anybody began', () => {
    expect(forecastMonth(new Map(), { ...NOVEMBER, today: '2026-11-10' })).toBeNull();
    expect(forecastMonth(chargesOf({ '2026-11-10': 5 }), { ...NOVEMBER, today: '2026-11-10' })).toBeNull();
    const begun = forecastMonth(chargesOf({ '2026-11-09': 10 }), { ...NOVEMBER, today: '2026-11-10' });
    expect(begun).toMatchObject({ basedOnDays: 1, charge: 10n + 21n * 10n });
  });

  it('is never below what is spent, ends with its own course, and is the sum itself once the month is over', () => {
    const spending = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 61, maxLength: 61 });
    fc.assert(
      fc.property(spending, fc.integer({ min: 0, max: 29 }), (amounts, nth) => {
        const today = addDays(NOVEMBER.first, nth);
        const days = daysFrom('2026-10-01', addDays(today, 1));
        const charges = new Map(days.map((day, place) => [day, amounts[place] ?? 0n]));
        const spent = days
          .filter((day) => day >= NOVEMBER.first)
          .reduce((sum, day) => sum + (charges.get(day) ?? 0n), 0n);
        const forecast = forecastMonth(charges, { ...NOVEMBER, today });
        if (!forecast) return;
        expect(forecast.charge >= spent).toBe(true);
        expect(forecast.course.map(({ day }) => day)).toEqual(daysFrom(today, NOVEMBER.end));
        expect(forecast.course.at(-1)?.charge).toBe(forecast.charge);
        const rising = forecast.course.every(
          ({ charge }, place) => charge >= (forecast.course[place - 1]?.charge ?? 0n),
        );
        expect(rising).toBe(true);
      }),
    );
  });
});
