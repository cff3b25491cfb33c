import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dayOf, daysFrom, daysOfPeriod, startOfDay } from '../src/overview/days.ts';

describe('days of a tenant', () => {
  it('are those of its zone, over the change of the clock and the end of the year', () => {
    expect(dayOf(new Date('2026-11-22T23:30:00Z'), 'Europe/Berlin')).toBe('2026-11-23');
    expect(dayOf(new Date('2026-11-23T04:30:00Z'), 'America/New_York')).toBe('2026-11-22');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysFrom('2026-10-24', '2026-10-27')).toEqual(['2026-10-24', '2026-10-25', '2026-10-26']);
    const period = { start: '2026-10-31T23:00:00.000Z', end: '2026-11-30T23:00:00.000Z', timeZone: 'Europe/Berlin' };
    expect(daysOfPeriod(period)).toEqual({ first: '2026-11-01', end: '2026-12-01' });
    expect(daysFrom('2026-11-02', '2026-11-01')).toEqual([]);
  });

  it('begin at the first moment of that day, in every zone', () => {
    expect(startOfDay('2026-10-25', 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z');
    expect(startOfDay('2026-10-26', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z');
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'UTC');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), zones, (offset, zone) => {
        const day = addDays('2024-01-01', offset);
        const start = Date.parse(startOfDay(day, zone));
        expect(dayOf(new Date(start), zone)).toBe(day);
        expect(dayOf(new Date(start - 1), zone)).toBe(addDays(day, -1));
      }),
    );
  });
});
