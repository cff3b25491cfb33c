import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { NEWEST_FIRST, olderThan, type Place, placeBehind } from '../records/newest-first.ts';
import { ACTIONS, type AuditFilter, conditionsOf } from './audit-filter.ts';

const PAGE_ROWS = 50;
const fields = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {});
const auditRow = z.object({
  id: z.string(),
  tenant: z.string(),
  actor: z.string(),
  actor_role: z.string(),
  /** The network, not the machine; empty: not kept. */
  ip: z.string(),
  action: z.enum(ACTIONS),
  target_collection: z.string(),
  target_id: z.string(),
  before: fields,
  after: fields,
  created: z.string().transform((text) => text.replace(' ', 'T')),
});
export type AuditRow = z.output<typeof auditRow>;

/**
 * The audit log of a tenant, newest first, page after page, each behind the last entry of the one before. PocketBase's rules
 * decide who may read it.
 */
export function useAudit(tenantId: string, filter: AuditFilter) {
  const { pocketbase } = useApp().session;
  return useInfiniteQuery({
    queryKey: ['audit', tenantId, filter],
    initialPageParam: null as Place | null,
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam }) => {
      const conditions = conditionsOf(tenantId, filter).map(({ text, values }) => pocketbase.filter(text, values));
      const list = await pocketbase.collection('audit_logs').getList(1, PAGE_ROWS, {
        filter: [...conditions, ...olderThan(pocketbase, pageParam)].join(' && '),
        sort: NEWEST_FIRST,
        skipTotal: true,
      });
      return { rows: z.array(auditRow).parse(list.items), next: placeBehind(list.items, PAGE_ROWS) };
    },
    getNextPageParam: ({ next }) => next,
  });
}
