import { usagePage } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';

const PAGE_SIZE = 50;
const REFRESH_MS = 10_000;

function usageUrl(billingUrl: string, tenantId: string, limit: number, cursor: string): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (cursor !== '') query.set('cursor', cursor);
  return `${billingUrl}/v1/tenants/${tenantId}/usage?${query}`;
}

/** Usage of a tenant, newest first, page after page. */
export function useUsage(tenantId: string) {
  const { session, config } = useApp();
  return useInfiniteQuery({
    queryKey: ['usage', tenantId],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      session.services.json(usagePage, usageUrl(config.billingUrl, tenantId, PAGE_SIZE, pageParam), { signal }),
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** The newest few, kept fresh while somebody looks. */
export function useLatestUsage(tenantId: string, limit: number) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: ['latest usage', tenantId, limit],
    queryFn: ({ signal }) =>
      session.services.json(usagePage, usageUrl(config.billingUrl, tenantId, limit, ''), { signal }),
    refetchInterval: REFRESH_MS,
  });
}
