import { type UsagePage, usageRow } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { billingError } from '../errors.ts';
import { readUsage, type UsageFilter } from './usage.store.ts';

const cursorContent = z.tuple([usageRow.shape.at, usageRow.shape.reservationId]);

function encodeCursor(row: { at: string; reservationId: string }): string {
  return Buffer.from(JSON.stringify([row.at, row.reservationId])).toString('base64url');
}

function decodeCursor(cursor: string): UsageFilter['before'] {
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

/** One page, newest first. @throws ApiError invalid_request when the cursor is not ours */
export async function listUsage(
  pool: Pool,
  query: {
    tenantId: string;
    subjectId: string | null;
    apiKeyId: string | null;
    cursor?: string | undefined;
    limit: number;
  },
): Promise<UsagePage> {
  const { tenantId, subjectId, apiKeyId, cursor, limit } = query;
  const before = cursor === undefined ? null : decodeCursor(cursor);
  const rows = await readUsage(pool, { tenantId, subjectId, apiKeyId, before, limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(last) : null };
}
