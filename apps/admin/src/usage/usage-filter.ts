/** What narrows the page of usage down, as it stands in the address: the names are those of billing's query. */
import { failureFilter, type UsageRowFilter, usageRowFilter } from '@cloudfreedom/contracts';
import type { z } from 'zod';

/** Beside billing's names for charged requests: the code of a failed one. */
export const logFilter = usageRowFilter.extend({ code: failureFilter.shape.code });
export type LogFilter = z.infer<typeof logFilter>;
export type FilterName = keyof LogFilter;

const NAMES = Object.keys(logFilter.shape) as FilterName[];
/** The period is chosen by itself, not by a chip of each end. */
const PERIOD: readonly FilterName[] = ['from', 'to'];
export const CHIP_NAMES = NAMES.filter((name) => !PERIOD.includes(name));
/** A failed request has no basis, region or outcome; a charged one has no code. */
export const USAGE_NAMES = Object.keys(usageRowFilter.shape) as (keyof UsageRowFilter)[];
export const FAILURE_NAMES = NAMES.filter((name) => name in failureFilter.shape);

/** What is wrong in an address is left out: the rest still counts. */
export function readLogFilter(params: URLSearchParams, names: readonly FilterName[] = NAMES): LogFilter {
  const filter: Record<string, unknown> = {};
  for (const name of names) {
    const text = params.get(name);
    if (text === null || text === '') continue;
    const value = logFilter.shape[name].safeParse(text);
    if (value.success) filter[name] = value.data;
  }
  return filter as LogFilter;
}

/** For billing, and for links to this page. */
export function filterQuery(filter: LogFilter, more: Record<string, string> = {}): string {
  const given = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
  return new URLSearchParams([...given, ...Object.entries(more)]).toString();
}

export const PERIODS = ['all', 'hour', 'today', 'yesterday', 'week', 'month', 'lastMonth'] as const;
export type PeriodName = (typeof PERIODS)[number];

const HOUR_MS = 3_600_000;
const startOfDay = (at: Date, days = 0) => new Date(at.getFullYear(), at.getMonth(), at.getDate() + days);
const startOfMonth = (at: Date, months = 0) => new Date(at.getFullYear(), at.getMonth() + months, 1);

/** In the reader's own zone. `null`: no end of it. */
export function periodOf(name: PeriodName, now: Date): { from: string | null; to: string | null } {
  const between = (from: Date | null, to: Date | null) => ({
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
  });
  switch (name) {
    case 'all':
      return between(null, null);
    case 'hour':
      return between(new Date(now.getTime() - HOUR_MS), null);
    case 'today':
      return between(startOfDay(now), null);
    case 'yesterday':
      return between(startOfDay(now, -1), startOfDay(now));
    case 'week':
      return between(startOfDay(now, -6), null);
    case 'month':
      return between(startOfMonth(now), null);
    case 'lastMonth':
      return between(startOfMonth(now, -1), startOfMonth(now));
  }
}

/** Which of the periods an address names; undefined: one of somebody's own. */
export function periodName(filter: Pick<LogFilter, 'from' | 'to'>, now: Date): PeriodName | undefined {
  return PERIODS.find((name) => {
    if (name === 'hour') return false;
    const { from, to } = periodOf(name, now);
    return from === (filter.from ?? null) && to === (filter.to ?? null);
  });
}
