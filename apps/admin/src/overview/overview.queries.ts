import { type UsageDimension, usageTotals } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

const REFRESH_MS = 10_000;

/** Sums of a tenant's usage from a day on, up to but without another. */
export function useUsageTotals(tenantId: string, asked: { by: UsageDimension[]; from: string; to: string } | null) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: ['usage totals', tenantId, asked],
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({
        by: asked?.by.join(',') ?? '',
        from: asked?.from ?? '',
        to: asked?.to ?? '',
      });
      const url = `${config.billingUrl}/v1/tenants/${tenantId}/usage/totals?${query}`;
      return (await session.services.json(usageTotals, url, { signal })).items;
    },
  });
}
