import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { z } from 'zod';
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

/** The audit log of a tenant, newest first, page after page. PocketBase's rules decide who may read it. */
export function useAudit(tenantId: string, filter: AuditFilter) {
  const { pocketbase } = useApp().session;
  return useInfiniteQuery({
    queryKey: ['audit', tenantId, filter],
    initialPageParam: 1,
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam }) => {
      const conditions = conditionsOf(tenantId, filter).map(({ text, values }) => pocketbase.filter(text, values));
      const list = await pocketbase.collection('audit_logs').getList(pageParam, PAGE_ROWS, {
        filter: conditions.join(' && '),
        sort: '-created,-id',
        skipTotal: true,
      });
      return { rows: z.array(auditRow).parse(list.items), page: list.page };
    },
    getNextPageParam: ({ rows, page }) => (rows.length === PAGE_ROWS ? page + 1 : null),
  });
}
