import { type UsageDetail, usageDetail, usagePage, usageTotals } from '@cloudfreedom/contracts';
import { saveFile, useApp, useFormat } from '@cloudfreedom/ui';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';

/** Days as "2026-11-01", the last not included. */
export interface Days {
  from: string;
  to: string;
}

const PAGE_ROWS = 50;

export function useOwnTotals(days: Days | undefined) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: ['usage', 'totals', days],
    enabled: days !== undefined,
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ by: 'day,model', ...days });
      const url = `${config.billingUrl}/v1/usage/totals?${query}`;
      return (await session.services.json(usageTotals, url, { signal })).items;
    },
  });
}

/** Own requests of some days, newest first. `moments`: when the days begin and end. */
export function useOwnRows(moments: Days | undefined) {
  const { session, config } = useApp();
  return useInfiniteQuery({
    queryKey: ['usage', 'rows', moments],
    enabled: moments !== undefined,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({
        limit: String(PAGE_ROWS),
        ...moments,
        ...(pageParam !== '' && { cursor: pageParam }),
      });
      return session.services.json(usagePage, `${config.billingUrl}/v1/usage?${query}`, { signal });
    },
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** How a charge came about, of a request by its id, or of a row. null: it is not settled (yet), or was never charged. */
export function useCalculation(of: { requestId: string } | { reservationId: string }) {
  const { session, config } = useApp();
  const { services } = session;
  return useQuery({
    queryKey: ['usage', 'detail', of],
    queryFn: async ({ signal }): Promise<UsageDetail | null> => {
      const read = (id: string) => services.json(usageDetail, `${config.billingUrl}/v1/usage/${id}`, { signal });
      if ('reservationId' in of) return read(of.reservationId);
      const query = new URLSearchParams({ requestId: of.requestId });
      const { items } = await services.json(usagePage, `${config.billingUrl}/v1/usage?${query}`, { signal });
      return items[0] ? read(items[0].reservationId) : null;
    },
  });
}

/** As the reader's spreadsheet takes numbers: with a comma in German. */
export function useSaveCsv(moments: Days | undefined) {
  const { session, config } = useApp();
  const { language } = useFormat();
  return useMutation({
    mutationFn: async () => {
      const query = new URLSearchParams({ decimal: language === 'de' ? 'comma' : 'point', ...moments });
      const answer = await session.services.send(`${config.billingUrl}/v1/usage.csv?${query}`);
      saveFile('usage.csv', await answer.text(), 'text/csv');
    },
  });
}
