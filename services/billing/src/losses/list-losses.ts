import type { Losses, LossesQuery } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { decodeCursor, encodeCursor } from '../usage/list-usage.ts';
import { readLosses } from './losses.store.ts';

/** One page, newest first. @throws ApiError invalid_request when the cursor is not ours */
export async function listLosses(pool: Pool, tenantId: string, query: LossesQuery): Promise<Losses> {
  const { from, to, cursor, limit } = query;
  const { rows, months } = await readLosses(pool, {
    tenantId,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    before: cursor === undefined ? null : decodeCursor(cursor),
    limit: limit + 1,
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { months, items, nextCursor: rows.length > limit && last ? encodeCursor(last) : null };
}
