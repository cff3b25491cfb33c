import type { TenantBudgets } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { budgetsKey } from '../tenants/tenant.queries.ts';
import { limitShown, monthlyLimitOf, type PeopleView, type TenantPerson, tenantPerson } from './person.ts';

const PAGE_SIZE = 25;
/** A change reaches billing by PocketBase's webhook, mostly at once: how often to look, and when to give up. */
const LIMIT_LOOK_MS = 400;
const LIMIT_LOOKS = 15;
const SORT_FIELDS = { name: 'name', role: 'role', product: 'product.name', status: 'status' };

/** One page of a tenant's people, searched and sorted by PocketBase. */
export function usePeople(tenantId: string, view: PeopleView) {
  const { session } = useApp();
  const { pocketbase } = session;
  return useQuery({
    queryKey: ['people', tenantId, view],
    queryFn: async () => {
      const search = view.search.trim();
      const filter = search
        ? pocketbase.filter('tenant = {:tenantId} && (name ~ {:search} || email ~ {:search})', { tenantId, search })
        : pocketbase.filter('tenant = {:tenantId}', { tenantId });
      const sign = view.descending ? '-' : '';
      const list = await pocketbase.collection('users').getList(view.page, PAGE_SIZE, {
        filter,
        sort: `${sign}${SORT_FIELDS[view.sort]},id`,
        expand: 'product',
      });
      return { people: z.array(tenantPerson).parse(list.items), total: list.totalItems, pages: list.totalPages };
    },
    placeholderData: keepPreviousData,
  });
}

export function usePerson(tenantId: string, personId: string) {
  const { session } = useApp();
  const { pocketbase } = session;
  return useQuery({
    queryKey: ['person', tenantId, personId],
    queryFn: async () => {
      const filter = pocketbase.filter('tenant = {:tenantId} && id = {:personId}', { tenantId, personId });
      return tenantPerson.parse(await pocketbase.collection('users').getFirstListItem(filter, { expand: 'product' }));
    },
  });
}

/** Names by subject id. Who is missing in it was deleted. */
export function usePeopleNames(tenantId: string, subjectIds: readonly string[]) {
  const { session } = useApp();
  const { pocketbase } = session;
  const ids = [...new Set(subjectIds)].sort();
  return useQuery({
    queryKey: ['people names', tenantId, ids],
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const anyOf = ids.map((id) => pocketbase.filter('id = {:id}', { id })).join(' || ');
      const list = await pocketbase.collection('users').getList(1, ids.length, {
        filter: `${pocketbase.filter('tenant = {:tenantId}', { tenantId })} && (${anyOf})`,
        fields: 'id,name,email',
        skipTotal: true,
      });
      const named = z.array(z.object({ id: z.string(), name: z.string(), email: z.string().default('') }));
      return new Map(named.parse(list.items).map(({ id, name, email }) => [id, name || email || id]));
    },
  });
}

export interface PersonChange {
  status?: 'active' | 'suspended';
  budget_override_eur?: string;
}

/** Refetch the figures until the person's limit is what was saved. */
async function followLimit(queries: QueryClient, tenantId: string, person: TenantPerson): Promise<void> {
  const limit = monthlyLimitOf(person);
  for (let look = 0; look < LIMIT_LOOKS; look += 1) {
    await queries.invalidateQueries({ queryKey: budgetsKey(tenantId) });
    if (limitShown(queries.getQueryData<TenantBudgets>(budgetsKey(tenantId)), person.id, limit)) return;
    await new Promise((resolve) => setTimeout(resolve, LIMIT_LOOK_MS));
  }
}

export function useChangePerson(tenantId: string, person: TenantPerson) {
  const { session } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: PersonChange) => session.pocketbase.collection('users').update(person.id, change),
    onSuccess: async (_record, { budget_override_eur: budgetOverrideEur }) => {
      if (budgetOverrideEur !== undefined) void followLimit(queries, tenantId, { ...person, budgetOverrideEur });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['person', tenantId, person.id] }),
        queries.invalidateQueries({ queryKey: ['people', tenantId] }),
      ]);
    },
  });
}
