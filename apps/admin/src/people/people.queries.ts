import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { type PeopleView, tenantPerson } from './person.ts';

const PAGE_SIZE = 25;
/** Until then a change has reached billing by PocketBase's webhook. */
const WEBHOOK_MS = 1_500;
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

export function useChangePerson(tenantId: string, personId: string) {
  const { session } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: PersonChange) => session.pocketbase.collection('users').update(personId, change),
    onSuccess: async () => {
      setTimeout(() => void queries.invalidateQueries({ queryKey: ['budgets', tenantId] }), WEBHOOK_MS);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['person', tenantId, personId] }),
        queries.invalidateQueries({ queryKey: ['people', tenantId] }),
      ]);
    },
  });
}
