import { audienceOf, contentLogChanged, loggedContent, tenantAddress } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Tenant } from '../tenants/tenant.ts';

/** @returns a mutation that takes the days; 0 switches off */
export function useContentLogChange(tenant: Tenant) {
  const { session } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (days: number) =>
      contentLogChanged.parse(
        await session.pocketbase.send(`/api/tenants/${tenant.id}/content-log`, {
          method: 'POST',
          body: { days, confirmed: days > 0 },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tenant', tenant.id] }),
  });
}

/** A mutation, for each look is written down: nothing asks by itself, and nothing is kept here. */
export function useLookAtContent(tenant: Tenant) {
  const { session, config } = useApp();
  const proxyUrl = tenantAddress('proxy', config.proxyUrl, tenant) ?? '';
  const proxy = session.servicesFor(audienceOf.proxy(tenant.id));
  return useMutation({
    gcTime: 0,
    mutationFn: (reservationId: string) =>
      proxy.json(loggedContent, `${proxyUrl}/v1/admin/contents/${encodeURIComponent(reservationId)}`),
  });
}
