import { serviceTokenCreateResponse, serviceTokenList } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { changedFields, saveRecord } from '../records/save-record.ts';
import { type ManagedTenant, managedTenant, tenantValues } from './tenant-values.ts';

export const MANAGED = ['managed tenants'];

/** All tenants with everything that a platform admin sets. */
export function useManagedTenants() {
  const { session } = useApp();
  return useQuery({
    queryKey: MANAGED,
    queryFn: async () =>
      z.array(managedTenant).parse(await session.pocketbase.collection('tenants').getFullList({ sort: 'name' })),
  });
}

/** Whether there is a provider to sign in at; undefined: not known yet. */
export function useHasSignInProvider(): boolean | undefined {
  const { session } = useApp();
  const methods = useQuery({
    queryKey: ['sign-in methods'],
    queryFn: () => session.pocketbase.collection('users').listAuthMethods(),
  });
  // Where it can't be asked, PocketBase decides when the tenant is saved.
  return methods.isError ? true : methods.data && methods.data.oauth2.providers.length > 0;
}

/** How many people have a record in it. */
export function usePeopleOfTenant(tenantId: string) {
  const { session } = useApp();
  const { pocketbase } = session;
  return useQuery({
    queryKey: ['people count', tenantId],
    queryFn: async () => {
      const answer = await pocketbase.send('/api/counts/people', { query: { tenant: tenantId } });
      return z.object({ total: z.number() }).parse(answer).total;
    },
  });
}

export function useTenantChanges() {
  const { session } = useApp();
  const queries = useQueryClient();
  const onSettled = async () => {
    await Promise.all([MANAGED, ['tenants'], ['tenant']].map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
  return {
    create: useMutation({
      mutationFn: async (fields: Record<string, unknown>) =>
        managedTenant.parse(await session.pocketbase.collection('tenants').create(fields)),
      onSettled,
    }),
    save: useMutation({
      mutationFn: (of: { opened: ManagedTenant; changes: Record<string, unknown> }) =>
        saveRecord(session.pocketbase, 'tenants', {
          id: of.opened.id,
          changes: of.changes,
          isAsOpened: (record) =>
            changedFields(tenantValues(of.opened), tenantValues(managedTenant.parse(record))).length === 0,
        }),
      onSettled,
    }),
    setStatus: useMutation({
      mutationFn: (of: { id: string; status: ManagedTenant['status'] }) =>
        session.pocketbase.collection('tenants').update(of.id, { status: of.status }),
      onSettled,
    }),
  };
}

export const tokensKey = (tenantId: string) => ['service tokens', tenantId];

export function useServiceTokens(tenantId: string) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: tokensKey(tenantId),
    queryFn: ({ signal }) =>
      session.services.json(serviceTokenList, `${config.billingUrl}/v1/tenants/${tenantId}/service-tokens`, { signal }),
  });
}

export function useServiceTokenChanges(tenantId: string) {
  const { session, config } = useApp();
  const queries = useQueryClient();
  const url = `${config.billingUrl}/v1/tenants/${tenantId}/service-tokens`;
  const onSettled = () => queries.invalidateQueries({ queryKey: tokensKey(tenantId) });
  return {
    create: useMutation({
      mutationFn: (name: string) =>
        session.services.json(serviceTokenCreateResponse, url, { method: 'POST', body: { name } }),
      onSettled,
    }),
    revoke: useMutation({
      mutationFn: (tokenId: string) => session.services.send(`${url}/${tokenId}`, { method: 'DELETE' }),
      onSettled,
    }),
  };
}
