import { useApp } from '@cloudfreedom/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { type PageAddress, readNewestFirst } from '../records/newest-first.ts';
import { ACTIONS, type AuditFilter, conditionsOf } from './audit-filter.ts';

const PAGE_ROWS = 25;
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

/** One page of the audit log of a tenant, newest first. PocketBase's rules decide who may read it. */
export function useAudit(tenantId: string, filter: AuditFilter, at: PageAddress) {
  const { pocketbase } = useApp().session;
  return useQuery({
    queryKey: ['audit', tenantId, filter, at],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const conditions = conditionsOf(tenantId, filter).map(({ text, values }) => pocketbase.filter(text, values));
      const wanted = { conditions, pageRows: PAGE_ROWS };
      const { records, ...page } = await readNewestFirst(pocketbase, 'audit_logs', wanted, at);
      return { rows: z.array(auditRow).parse(records), ...page };
    },
  });
}
