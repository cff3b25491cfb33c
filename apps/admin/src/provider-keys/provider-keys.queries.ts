import { audienceOf, providerKeyList, providerKeyView, tenantAddress } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Tenant } from '../tenants/tenant.ts';

const REFRESH_MS = 10_000;
const keysKey = (tenantId: string) => ['provider keys', tenantId];

function useAdministration(tenant: Tenant) {
  const { session, config } = useApp();
  const proxyUrl = tenantAddress('proxy', config.proxyUrl, tenant) ?? '';
  return {
    proxy: session.servicesFor(audienceOf.proxy(tenant.id)),
    url: `${proxyUrl}/v1/admin/provider-keys`,
  };
}

export function useProviderKeys(tenant: Tenant, enabled: boolean) {
  const { proxy, url } = useAdministration(tenant);
  return useQuery({
    queryKey: keysKey(tenant.id),
    enabled,
    queryFn: ({ signal }) => proxy.json(providerKeyList, url, { signal }),
    refetchInterval: REFRESH_MS,
  });
}

export interface KeyEntry {
  keyName: string;
  label: string;
  key: string;
  weight: number;
  test: boolean;
}

export function useProviderKeyChanges(tenant: Tenant) {
  const { proxy, url } = useAdministration(tenant);
  const queries = useQueryClient();
  const onSettled = async () => {
    await Promise.all([keysKey(tenant.id), ['proxies']].map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
  const path = ({ keyName, label }: Pick<KeyEntry, 'keyName' | 'label'>) =>
    `${url}/${encodeURIComponent(keyName)}/${encodeURIComponent(label)}`;
  return {
    enter: useMutation({
      mutationFn: ({ key, weight, test, ...place }: KeyEntry) =>
        proxy.json(providerKeyView, `${path(place)}?test=${test}`, { method: 'PUT', body: { key, weight } }),
      onSettled,
    }),
    remove: useMutation({
      mutationFn: (place: Pick<KeyEntry, 'keyName' | 'label'>) => proxy.send(path(place), { method: 'DELETE' }),
      onSettled,
    }),
  };
}
