/**
 * The dashboard's figures. Live by a cheap question: today's sums, every 0.7 s while somebody looks; what they are made of
 * is asked again when they change. (The copy of usage in PocketBase would push every row to every admin, the more the busier
 * it is, and is a copy; this costs the same however much is going on, and is what was charged.)
 */
import {
  failureGroups,
  tenantBudgets,
  tenantTotals,
  type UsageDimension,
  type UsageTotalsQuery,
  usageActivity,
  usageTotals,
} from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { startOfDay } from './days.ts';

const PULSE_MS = 700;
/** What grows with the number of people is asked less often. */
const CALM_MS = 10_000;

/** Days: from the first on, up to but without the other. */
export interface Days {
  from: string;
  to: string;
}
const quickKey = (tenantId: string) => ['overview', tenantId];

function useTenantUrl(tenantId: string): string {
  return `${useApp().config.billingUrl}/v1/tenants/${tenantId}`;
}

/** Today's sums, always fresh; whatever is drawn from the same rows follows when they change. */
export function useToday(tenantId: string, day: Days) {
  const { session } = useApp();
  const queries = useQueryClient();
  const url = `${useTenantUrl(tenantId)}/usage/totals?${new URLSearchParams({ ...day })}`;
  const today = useQuery({
    queryKey: ['today', tenantId, day],
    refetchInterval: PULSE_MS,
    queryFn: async ({ signal }) => (await session.services.json(usageTotals, url, { signal })).items[0] ?? null,
  });
  const mark = today.data ? `${day.from} ${today.data.requests} ${today.data.charge}` : undefined;
  const seen = useRef(mark);
  useEffect(() => {
    if (seen.current !== undefined && mark !== undefined && seen.current !== mark) {
      void queries.invalidateQueries({ queryKey: quickKey(tenantId) });
      void queries.invalidateQueries({ queryKey: ['latest usage', tenantId] });
    }
    seen.current = mark ?? seen.current;
  }, [mark, queries, tenantId]);
  return today;
}

/** The tenant's own budget, without its people's. */
export function useTenantFigures(tenantId: string) {
  const { session } = useApp();
  const url = `${useTenantUrl(tenantId)}/budgets?people=`;
  return useQuery({
    queryKey: [...quickKey(tenantId), 'budget'],
    refetchInterval: CALM_MS,
    queryFn: ({ signal }) => session.services.json(tenantBudgets, url, { signal }),
  });
}

/** What only the database's table by person knows, and therefore asked less often. */
const OF_PEOPLE: readonly UsageDimension[] = ['subject', 'apiKey', 'costCentre'];
type Asked = Days & { by: UsageDimension[] } & Partial<Pick<UsageTotalsQuery, 'limit'>>;

export function useUsageTotals(tenantId: string, asked: Asked, enabled = true) {
  const { session } = useApp();
  const { by, from, to, limit } = asked;
  const query = new URLSearchParams({ by: by.join(','), from, to, ...(limit !== undefined && { limit: `${limit}` }) });
  const url = `${useTenantUrl(tenantId)}/usage/totals?${query}`;
  const key = by.some((dimension) => OF_PEOPLE.includes(dimension))
    ? ['totals of people', tenantId]
    : quickKey(tenantId);
  return useQuery({
    queryKey: [...key, 'totals', asked],
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: CALM_MS,
    queryFn: async ({ signal }) => (await session.services.json(usageTotals, url, { signal })).items,
  });
}

/** Active people and the time to the first token. */
export function useActivity(tenantId: string, days: Days) {
  const { session } = useApp();
  const url = `${useTenantUrl(tenantId)}/usage/activity?${new URLSearchParams({ ...days })}`;
  return useQuery({
    queryKey: ['activity', tenantId, days],
    refetchInterval: CALM_MS,
    queryFn: ({ signal }) => session.services.json(usageActivity, url, { signal }),
  });
}

/** Requests of today that got an error, by reason. */
export function useFailureGroups(tenantId: string, month: { todayOnly: Days; timeZone: string }) {
  const { session } = useApp();
  const { from, to } = month.todayOnly;
  const moments = { from: startOfDay(from, month.timeZone), to: startOfDay(to, month.timeZone) };
  const url = `${useTenantUrl(tenantId)}/failures/groups?${new URLSearchParams(moments)}`;
  return useQuery({
    queryKey: ['failures of today', tenantId, moments],
    refetchInterval: CALM_MS,
    queryFn: async ({ signal }) => (await session.services.json(failureGroups, url, { signal })).items,
  });
}

/** Each tenant's sums, for platform admins. */
export function useTenantTotals(days: Days, enabled: boolean) {
  const { session, config } = useApp();
  const url = `${config.billingUrl}/v1/tenant-totals?${new URLSearchParams({ ...days })}`;
  return useQuery({
    queryKey: ['tenant totals', days],
    enabled,
    refetchInterval: CALM_MS,
    queryFn: async ({ signal }) => (await session.services.json(tenantTotals, url, { signal })).items,
  });
}
