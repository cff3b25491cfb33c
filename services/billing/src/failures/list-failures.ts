import {
  type FailureFilter,
  type FailureGroup,
  type FailurePage,
  type FailureQuery,
  failureRow,
} from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { z } from 'zod';
import { billingError } from '../errors.ts';
import { type FailurePlace, type FailureSelection, readFailureGroups, readFailures } from './failures.store.ts';

const place = z.tuple([failureRow.shape.lastAt, failureRow.shape.id]);

function decodePlace(cursor: string): FailurePlace['before'] {
  try {
    const [at, id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { at: new Date(at), id };
  } catch (cause) {
    const message = 'cursor: not one that this list gave; leave it out to begin anew.';
    throw billingError('invalid_request', { message, param: 'cursor', cause });
  }
}

function selectionOf(tenantId: string, { from, to, ...equal }: FailureFilter): FailureSelection {
  const momentOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
  return { ...equal, tenantId, from: momentOf(from), to: momentOf(to) };
}

/** One page, newest first. @throws ApiError invalid_request when the cursor is not ours */
export async function listFailures(pool: Pool, tenantId: string, query: FailureQuery): Promise<FailurePage> {
  const { cursor, limit, ...filter } = query;
  const before = cursor === undefined ? null : decodePlace(cursor);
  const rows = await readFailures(pool, { ...selectionOf(tenantId, filter), before, limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const cursorOf = ({ lastAt, id }: { lastAt: string; id: string }) =>
    Buffer.from(JSON.stringify([lastAt, id])).toString('base64url');
  return { items, nextCursor: rows.length > limit && last ? cursorOf(last) : null };
}

/** By reason, the last seen first. */
export function groupFailures(pool: Pool, tenantId: string, filter: FailureFilter): Promise<FailureGroup[]> {
  return readFailureGroups(pool, selectionOf(tenantId, filter));
}
