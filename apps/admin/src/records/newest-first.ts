/** Lists of PocketBase's records, newest first, that go on behind a record: so those before it are not read again. */
import type { useApp } from '@cloudfreedom/ui';
import { z } from 'zod';

/** An index read from its end: of very many records only those of a page are read. */
export const NEWEST_FIRST = '-created,-id';

const place = z.object({ created: z.string().min(1), id: z.string() });
/** Of the last record of a page. */
export type Place = z.infer<typeof place>;

/** @returns null: a page that is not full was the last */
export function placeBehind(records: readonly unknown[], pageRows: number): Place | null {
  return records.length < pageRows ? null : place.parse(records.at(-1));
}

/** What PocketBase's filter needs besides; the first condition is the index's range, the second keeps to whole places. */
export function olderThan(
  pocketbase: ReturnType<typeof useApp>['session']['pocketbase'],
  after: Place | null,
): string[] {
  if (after === null) return [];
  return [pocketbase.filter('created <= {:created} && (created < {:created} || id < {:id})', after)];
}
