import {
  type FailureFilter,
  failureGroups,
  failurePage,
  loggedUsagePage,
  usageDetail,
  usagePage,
  usageSum,
} from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { z } from 'zod';
import { useInfiniteQueryAtOnce } from '../records/ask-at-once.ts';
import { filterQuery, type LogFilter } from './usage-filter.ts';

const PAGE_SIZE = 100;
const FAILURES_PAGE_SIZE = 50;
const REFRESH_MS = 10_000;

const withCursor = (limit: number, cursor: string) => ({ limit: `${limit}`, ...(cursor !== '' && { cursor }) });

/** Usage of a tenant that a filter leaves, newest first, page after page. */
export function useUsage(tenantId: string, filter: LogFilter) {
  const { session, config } = useApp();
  return useInfiniteQueryAtOnce({
    queryKey: ['usage', tenantId, filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = filterQuery(filter, withCursor(PAGE_SIZE, pageParam));
      return session.services.json(loggedUsagePage, `${config.billingUrl}/v1/tenants/${tenantId}/usage?${query}`, {
        signal,
      });
    },
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** Number and sums of what the same filter leaves; asked for when its rows are there, which come sooner alone. */
export function useUsageSum(tenantId: string, filter: LogFilter, isThere: boolean) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: ['usage sum', tenantId, filter],
    enabled: isThere,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const url = `${config.billingUrl}/v1/tenants/${tenantId}/usage/sum?${filterQuery(filter)}`;
      return session.services.json(usageSum, url, { signal });
    },
  });
}

export function useUsageDetail(tenantId: string, reservationId: string) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: ['usage detail', tenantId, reservationId],
    queryFn: ({ signal }) => {
      const url = `${config.billingUrl}/v1/tenants/${tenantId}/usage/${encodeURIComponent(reservationId)}`;
      return session.services.json(usageDetail, url, { signal });
    },
  });
}

/** Failed requests and broken answers by reason. */
export function useFailureGroups(tenantId: string, filter: FailureFilter, isWanted = true) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: ['failure groups', tenantId, filter],
    enabled: isWanted,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const url = `${config.billingUrl}/v1/tenants/${tenantId}/failures/groups?${filterQuery(filter)}`;
      return (await session.services.json(failureGroups, url, { signal })).items;
    },
  });
}

/** Failed requests, newest first. */
export function useFailures(tenantId: string, filter: FailureFilter) {
  const { session, config } = useApp();
  return useInfiniteQuery({
    queryKey: ['failures', tenantId, filter],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => {
      const query = filterQuery(filter, withCursor(FAILURES_PAGE_SIZE, pageParam));
      return session.services.json(failurePage, `${config.billingUrl}/v1/tenants/${tenantId}/failures?${query}`, {
        signal,
      });
    },
    getNextPageParam: (page) => page.nextCursor,
  });
}

/** The newest few, kept fresh while somebody looks. */
export function useLatestUsage(tenantId: string, limit: number) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: ['latest usage', tenantId, limit],
    queryFn: ({ signal }) =>
      session.services.json(usagePage, `${config.billingUrl}/v1/tenants/${tenantId}/usage?limit=${limit}`, { signal }),
    refetchInterval: REFRESH_MS,
  });
}

const named = z.array(z.object({ id: z.string(), name: z.string().default(''), email: z.string().default('') }));
type NameOf = (id: string) => string | undefined;

/** Names by id, asked for page by page: what was told stays told while the list grows. `undefined`: deleted, or unknown yet. */
export function useNames(
  collection: 'users' | 'api_keys',
  tenantId: string,
  pages: readonly (readonly (string | null)[])[],
): { nameOf: NameOf; isPending: boolean } {
  const { pocketbase } = useApp().session;
  const { data, isPending } = useQueries({
    queries: pages.map((page) => {
      const ids = [...new Set(page.filter((id) => id !== null))].sort();
      return {
        queryKey: ['names', collection, tenantId, ids],
        enabled: ids.length > 0,
        queryFn: async () => {
          const anyOf = ids.map((id) => pocketbase.filter('id = {:id}', { id })).join(' || ');
          const list = await pocketbase.collection(collection).getList(1, ids.length, {
            filter: `${pocketbase.filter('tenant = {:tenantId}', { tenantId })} && (${anyOf})`,
            fields: collection === 'users' ? 'id,name,email' : 'id,name',
            skipTotal: true,
          });
          return named.parse(list.items).map(({ id, name, email }) => [id, name || email || id] as const);
        },
      };
    }),
    combine: (results) => ({
      data: results.map((result) => result.data ?? []),
      isPending: results.some(({ isLoading }) => isLoading),
    }),
  });
  // The same function as long as it knows the same names: rows that nothing has changed for are not drawn again.
  const nameOf = useMemo(() => {
    const names = new Map(data.flat());
    return (id: string) => names.get(id);
  }, [data]);
  return { nameOf, isPending };
}

/** Plans by id. */
export function useProductNames() {
  const { pocketbase } = useApp().session;
  return useQuery({
    queryKey: ['product names'],
    staleTime: 60_000,
    queryFn: async () => {
      const products = await pocketbase.collection('products').getFullList({ fields: 'id,name', sort: 'name' });
      return new Map(named.parse(products).map(({ id, name }) => [id, name]));
    },
  });
}

const FOUND_PEOPLE = 8;

/** People whose name or address holds a text. */
export function usePeopleFound(tenantId: string, search: string) {
  const { pocketbase } = useApp().session;
  return useQuery({
    queryKey: ['people found', tenantId, search],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const filter = pocketbase.filter('tenant = {:tenantId} && (name ~ {:search} || email ~ {:search})', {
        tenantId,
        search,
      });
      const fields = 'id,name,email';
      const list = await pocketbase
        .collection('users')
        .getList(1, FOUND_PEOPLE, { filter, fields, sort: 'name,id', skipTotal: true });
      return named.parse(list.items);
    },
  });
}

/** The newest keys of a tenant, to choose from. */
export function useKeysToChoose(tenantId: string) {
  const { pocketbase } = useApp().session;
  return useQuery({
    queryKey: ['keys to choose', tenantId],
    queryFn: async () => {
      const filter = pocketbase.filter('tenant = {:tenantId}', { tenantId });
      const list = await pocketbase
        .collection('api_keys')
        .getList(1, 200, { filter, fields: 'id,name,prefix', sort: '-created,id', skipTotal: true });
      const key = z.array(z.object({ id: z.string(), name: z.string(), prefix: z.string() }));
      return key.parse(list.items);
    },
  });
}
