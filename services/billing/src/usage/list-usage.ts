import {
  type LoggedUsage,
  type LoggedUsagePage,
  type UsageQuery,
  type UsageRowFilter,
  usageRow,
} from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { billingError } from '../errors.ts';
import { readUsage, type UsageFilter, type UsageSelection } from './usage.store.ts';

const cursorContent = z.tuple([usageRow.shape.at, usageRow.shape.reservationId]);

export function encodeCursor(row: { at: string; reservationId: string }): string {
  return Buffer.from(JSON.stringify([row.at, row.reservationId])).toString('base64url');
}

/** @throws ApiError invalid_request when it is not one of ours */
export function decodeCursor(cursor: string): UsageFilter['before'] {
  try {
    const [at, reservationId] = cursorContent.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { settledAt: new Date(at), reservationId };
  } catch (cause) {
    throw billingError('invalid_request', {
      message: 'cursor: not one that this list gave; leave it out to begin anew.',
      param: 'cursor',
      cause,
    });
  }
}

/** Who asks for whose usage. */
export interface UsageScope {
  tenantId: string;
  /** null: everybody's. */
  subjectId: string | null;
  apiKeyId: string | null;
}

/** A filter narrows what somebody may see and never widens it: of another person or key there is then nothing. */
export function narrow(scope: UsageScope, query: UsageRowFilter): UsageSelection | null {
  const isOther = (own: string | null, asked: string | undefined) =>
    own !== null && asked !== undefined && own !== asked;
  if (isOther(scope.subjectId, query.subjectId) || isOther(scope.apiKeyId, query.apiKeyId)) return null;
  return {
    ...query,
    tenantId: scope.tenantId,
    subjectId: scope.subjectId ?? query.subjectId ?? null,
    apiKeyId: scope.apiKeyId ?? query.apiKeyId ?? null,
    from: query.from === undefined ? undefined : new Date(query.from),
    to: query.to === undefined ? undefined : new Date(query.to),
  };
}

/** One page, newest first. @throws ApiError invalid_request when the cursor is not ours */
export async function listUsage(pool: Pool, scope: UsageScope, query: UsageQuery): Promise<LoggedUsagePage> {
  const { cursor, limit, ...narrowing } = query;
  const before = cursor === undefined ? null : decodeCursor(cursor);
  const filter = narrow(scope, narrowing);
  const rows = filter ? await readUsage(pool, { ...filter, before, limit: limit + 1 }) : [];
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(last) : null };
}

const EXPORT_PAGE_ROWS = 1_000;

/** All of it, newest first, page by page: no more than a page is ever held. */
export async function* eachUsageRow(pool: Pool, scope: UsageScope, query: UsageRowFilter): AsyncGenerator<LoggedUsage> {
  const filter = narrow(scope, query);
  if (!filter) return;
  let before: UsageFilter['before'] = null;
  for (;;) {
    const rows: LoggedUsage[] = await readUsage(pool, { ...filter, before, limit: EXPORT_PAGE_ROWS });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < EXPORT_PAGE_ROWS) return;
    before = { settledAt: new Date(last.at), reservationId: last.reservationId };
  }
}
