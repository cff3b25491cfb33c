import { type Budget, parseEur, type UsageTotal } from '@cloudfreedom/contracts';
import { useMemo } from 'react';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { addDays, dayOf, daysOfPeriod, startOfDay } from './days.ts';
import { type DailyCharges, firstOfMonthBefore, type MonthDays } from './month.ts';
import { type Days, useUsageTotals } from './overview.queries.ts';

/** The days that the dashboard is about, in the zone in which the budget counts. */
export interface Month extends MonthDays {
  timeZone: string;
  thisMonth: Days;
  monthBefore: Days;
  todayOnly: Days;
}

export function monthOf(period: Budget['period'], now: Date): Month {
  const { first, end } = daysOfPeriod(period);
  const today = dayOf(now, period.timeZone);
  return {
    ...{ first, end, today, timeZone: period.timeZone },
    thisMonth: { from: first, to: end },
    monthBefore: { from: firstOfMonthBefore(first), to: first },
    todayOnly: { from: today, to: addDays(today, 1) },
  };
}

/** This month and the one before, day by day. */
export function useDailyTotals(month: Month) {
  const tenant = useTenantOnShow();
  const totals = useUsageTotals(tenant.id, { by: ['day'], from: month.monthBefore.from, to: month.end });
  const charges = useMemo<DailyCharges>(
    () => new Map((totals.data ?? []).map(({ day = '', charge }) => [day, parseEur(charge)])),
    [totals.data],
  );
  return { ...totals, charges };
}

/** Sum of a count over days. */
export function countIn(totals: readonly UsageTotal[], days: Days, count: 'requests' | 'errors'): number {
  return totals
    .filter(({ day = '' }) => day >= days.from && day < days.to)
    .reduce((sum, total) => sum + total[count], 0);
}

/** The rows behind a number: the page of usage with the same filter in its address. */
export function useUsageAddress(
  month: Pick<Month, 'timeZone'>,
): (days: Days, filter?: Record<string, string>, page?: 'usage' | 'usage/errors') => string {
  const tenant = useTenantOnShow();
  return ({ from, to }, filter = {}, page = 'usage') => {
    const moments = { from: startOfDay(from, month.timeZone), to: startOfDay(to, month.timeZone) };
    return `/tenants/${tenant.id}/${page}?${new URLSearchParams({ ...moments, ...filter })}`;
  };
}
