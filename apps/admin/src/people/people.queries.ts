import { type Budget, budget, endedSessions, tenantBudgets } from '@cloudfreedom/contracts';
import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { changedFields, saveRecord } from '../records/save-record.ts';
import { SORT_FIELDS, stretchesFrom } from './people-place.ts';
import { type PeopleView, type TenantPerson, tenantPerson } from './person.ts';
import { personValues } from './person-values.ts';

const PAGE_SIZE = 25;
const COUNT_STALE_MS = 60_000;
const BUDGET_REFRESH_MS = 5_000;
const FIGURES_REFRESH_MS = 10_000;
/** A change reaches billing by PocketBase's webhook, mostly at once: how often to look, and when to give up. */
const LIMIT_LOOK_MS = 400;
const LIMIT_LOOKS = 15;
type PocketBase = ReturnType<typeof useApp>['session']['pocketbase'];
const peopleKey = (tenantId: string) => ['people', tenantId, 'pages'];

interface PeoplePage {
  people: TenantPerson[];
  mayHaveMore: boolean;
}

function filterOf(pocketbase: PocketBase, tenantId: string, view: PeopleView): string {
  const parts = [pocketbase.filter('tenant = {:tenantId}', { tenantId })];
  const search = view.search.trim();
  if (search) parts.push(pocketbase.filter('(name ~ {:search} || email ~ {:search})', { search }));
  for (const field of ['role', 'status', 'kind', 'product'] as const)
    if (view[field] !== '') parts.push(pocketbase.filter(`${field} = {:value}`, { value: view[field] }));
  return parts.join(' && ');
}

/** The sort fields of who stands at the edge of a page; null: not there any more, or the view names nobody. */
async function readPlace(pocketbase: PocketBase, tenantId: string, view: PeopleView) {
  if (!view.edge) return null;
  const found = await pocketbase.collection('users').getList<Record<string, string>>(1, 1, {
    filter: pocketbase.filter('tenant = {:tenantId} && id = {:id}', { tenantId, id: view.edge.personId }),
    fields: SORT_FIELDS[view.sort].join(','),
    skipTotal: true,
  });
  return found.items[0] ?? null;
}

/** The sort fields of somebody who is on a page that is known here; undefined: nobody knows, PocketBase has to be asked. */
function placeOnShow(queries: QueryClient, tenantId: string, view: PeopleView): Record<string, string> | undefined {
  for (const [, page] of queries.getQueriesData<PeoplePage>({ queryKey: peopleKey(tenantId) })) {
    const person = page?.people?.find(({ id }) => id === view.edge?.personId);
    if (person)
      return {
        id: person.id,
        name: person.givenName,
        role: person.role,
        product: person.productId,
        status: person.status,
      };
  }
  return undefined;
}

/** From the place on; where there is none, by its number: then PocketBase goes through all pages before it. */
async function readPage(
  pocketbase: PocketBase,
  tenantId: string,
  view: PeopleView,
  known: Record<string, string> | undefined,
): Promise<TenantPerson[]> {
  const place = known ?? (await readPlace(pocketbase, tenantId, view));
  const direction = (place && view.edge?.side) ?? 'after';
  const found: TenantPerson[] = [];
  for (const stretch of stretchesFrom(view, direction, place)) {
    const filter = [filterOf(pocketbase, tenantId, view), pocketbase.filter(stretch.filter, stretch.values)];
    const list = await pocketbase.collection('users').getList(place ? 1 : view.page, PAGE_SIZE - found.length, {
      filter: filter.filter((part) => part !== '').join(' && '),
      sort: stretch.sort,
      expand: 'product',
      skipTotal: true,
    });
    found.push(...z.array(tenantPerson).parse(list.items));
    if (found.length === PAGE_SIZE) break;
  }
  return direction === 'before' ? found.reverse() : found;
}

/** One page of a tenant's people, searched, filtered and sorted by PocketBase, which does not count them here. */
export function usePeople(tenantId: string, view: PeopleView) {
  const { pocketbase } = useApp().session;
  const queries = useQueryClient();
  return useQuery({
    queryKey: [...peopleKey(tenantId), view],
    queryFn: async (): Promise<PeoplePage> => {
      const people = await readPage(pocketbase, tenantId, view, placeOnShow(queries, tenantId, view));
      return { people, mayHaveMore: people.length === PAGE_SIZE || view.edge?.side === 'before' };
    },
    placeholderData: keepPreviousData,
  });
}

const counted = z.object({ total: z.number() });

/** How many are found: asked for by itself, because counting very many takes longer than showing some of them. */
export function usePeopleCount(tenantId: string, view: PeopleView) {
  const { pocketbase } = useApp().session;
  const { role, status, kind, product } = view;
  const query = { tenant: tenantId, search: view.search.trim(), role, status, kind, product };
  return useQuery({
    queryKey: ['people', tenantId, 'count', query],
    queryFn: async () => {
      const { total } = counted.parse(await pocketbase.send('/api/counts/people', { query }));
      return { total, pages: Math.max(1, Math.ceil(total / PAGE_SIZE)) };
    },
    staleTime: COUNT_STALE_MS,
  });
}

export function usePerson(tenantId: string, personId: string) {
  const { session } = useApp();
  const { pocketbase } = session;
  return useQuery({
    queryKey: ['person', tenantId, personId],
    enabled: personId !== '',
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

const personBudgetKey = (tenantId: string, personId: string) => ['person budget', tenantId, personId];

/** Spent, held and free of one person, and what is held by which request; kept fresh while somebody looks. */
export function usePersonBudget(tenantId: string, personId: string) {
  const { session, config } = useApp();
  return useQuery({
    queryKey: personBudgetKey(tenantId, personId),
    queryFn: ({ signal }) =>
      session.services.json(budget, `${config.billingUrl}/v1/tenants/${tenantId}/users/${personId}/budget`, { signal }),
    refetchInterval: BUDGET_REFRESH_MS,
  });
}

/** Figures of the people on a page, by subject id. */
export function useBudgetsOf(tenantId: string, personIds: readonly string[]) {
  const { session, config } = useApp();
  const people = [...personIds].sort().join(',');
  return useQuery({
    queryKey: ['budgets of people', tenantId, people],
    enabled: people !== '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const url = `${config.billingUrl}/v1/tenants/${tenantId}/budgets?people=${people}`;
      const figures = await session.services.json(tenantBudgets, url, { signal });
      return new Map(figures.people.map((entry) => [entry.subjectId, entry]));
    },
    refetchInterval: FIGURES_REFRESH_MS,
  });
}

/** Everything that is shown of a person after something about them has changed. */
function refreshPerson(queries: QueryClient, tenantId: string, personId: string): Promise<unknown> {
  const keys = [
    ['person', tenantId, personId],
    ['people', tenantId],
    ['history', personId],
  ];
  return Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
}

/** Look at the figures until they have moved, or for as long as a change may take to reach billing. */
async function followBudget(queries: QueryClient, tenantId: string, personId: string): Promise<void> {
  const queryKey = personBudgetKey(tenantId, personId);
  const before = queries.getQueryData<Budget>(queryKey)?.limit;
  for (let look = 0; look < LIMIT_LOOKS; look += 1) {
    await queries.invalidateQueries({ queryKey });
    if (queries.getQueryData<Budget>(queryKey)?.limit !== before) break;
    await new Promise((resolve) => setTimeout(resolve, LIMIT_LOOK_MS));
  }
  await queries.invalidateQueries({ queryKey: ['budgets of people', tenantId] });
}

/** Saves what an admin has changed, unless somebody else has changed the person meanwhile. */
export function useSavePerson(tenantId: string) {
  const { session } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ opened, changes }: { opened: TenantPerson; changes: Record<string, unknown> }) => {
      const isAsOpened = (record: unknown) =>
        changedFields(personValues(opened), personValues(tenantPerson.parse(record))).length === 0;
      return saveRecord(session.pocketbase, 'users', { id: opened.id, isAsOpened, changes, expand: 'product' });
    },
    onSuccess: (_record, { opened, changes }) => {
      if ('product' in changes || 'budget_override_eur' in changes) void followBudget(queries, tenantId, opened.id);
    },
    onSettled: (_record, _error, { opened }) => refreshPerson(queries, tenantId, opened.id),
  });
}

/** Signs somebody out everywhere. */
export function useEndSessions(tenantId: string, personId: string) {
  const { session } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      endedSessions.parse(await session.pocketbase.send(`/api/people/${personId}/end-sessions`, { method: 'POST' })),
    onSettled: () => refreshPerson(queries, tenantId, personId),
  });
}

export function useChangeStatus(tenantId: string, personId: string) {
  const { session } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (status: TenantPerson['status']) => session.pocketbase.collection('users').update(personId, { status }),
    onSettled: () => refreshPerson(queries, tenantId, personId),
  });
}

export interface BulkResult {
  done: number;
  /** Names of those who were not changed, with the first reason. */
  failed: string[];
  error: Error | null;
}

/** The same change for several people, one after the other; who can't be changed is named and stops nobody else. */
export function useChangePeople(tenantId: string) {
  const { session } = useApp();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (of: { people: TenantPerson[]; changes: Record<string, unknown> }): Promise<BulkResult> => {
      const result: BulkResult = { done: 0, failed: [], error: null };
      for (const person of of.people) {
        try {
          await session.pocketbase.collection('users').update(person.id, of.changes);
          result.done += 1;
        } catch (error) {
          result.failed.push(person.name);
          result.error ??= error instanceof Error ? error : new Error(String(error));
        }
      }
      return result;
    },
    onSettled: () =>
      Promise.all(
        [
          ['people', tenantId],
          ['person', tenantId],
          ['budgets of people', tenantId],
        ].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}
