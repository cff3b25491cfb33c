import { useApp } from '@cloudfreedom/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { z } from 'zod';

const PAGE_ROWS = 10;
const fields = z.record(z.string(), z.unknown()).nullish();
const change = z.object({
  id: z.string(),
  actor: z.string(),
  actor_role: z.string(),
  action: z.enum(['create', 'update', 'delete']),
  before: fields,
  after: fields,
  created: z.string().transform((text) => text.replace(' ', 'T')),
});
export type RecordChange = z.output<typeof change>;

/** What has been done to one record, newest first, page after page: from the audit log. */
export function useHistory(collection: string, id: string) {
  const { pocketbase } = useApp().session;
  return useInfiniteQuery({
    queryKey: ['history', id],
    initialPageParam: 1,
    queryFn: async ({ pageParam }) => {
      const list = await pocketbase.collection('audit_logs').getList(pageParam, PAGE_ROWS, {
        filter: pocketbase.filter('target_collection = {:collection} && target_id = {:id}', { collection, id }),
        sort: '-created,-id',
        skipTotal: true,
      });
      return { changes: z.array(change).parse(list.items), page: list.page };
    },
    getNextPageParam: ({ changes, page }) => (changes.length === PAGE_ROWS ? page + 1 : null),
  });
}
