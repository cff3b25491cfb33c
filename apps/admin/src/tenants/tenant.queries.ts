import { tenantBudgets } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { tenant } from './tenant.ts';

const REFRESH_MS = 10_000;

const budgetsKey = (tenantId: string) => ['budgets', tenantId];

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

/** The tenant's figures and everybody's, kept fresh while somebody looks. */
export function useTenantBudgets(tenantId: string) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: budgetsKey(tenantId),
    queryFn: ({ signal }) =>
      session.services.json(tenantBudgets, `${config.billingUrl}/v1/tenants/${tenantId}/budgets`, { signal }),
    refetchInterval: REFRESH_MS,
  });
}
