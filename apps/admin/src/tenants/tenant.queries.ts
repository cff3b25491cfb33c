import { useApp } from '@cloudfreedom/ui';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { tenant } from './tenant.ts';

export function useTenant(tenantId: string) {
  const { session } = useApp();
  return useQuery({
    queryKey: ['tenant', tenantId],
    queryFn: async () => tenant.parse(await session.pocketbase.collection('tenants').getOne(tenantId)),
  });
}

/** All tenants, by name: for platform admins, who alone may see more than one. */
export function useTenants(enabled: boolean) {
  const { session } = useApp();
  return useQuery({
    queryKey: ['tenants'],
    queryFn: async () =>
      z.array(tenant).parse(await session.pocketbase.collection('tenants').getFullList({ sort: 'name' })),
    enabled,
  });
}
