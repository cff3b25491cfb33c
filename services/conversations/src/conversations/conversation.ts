/** Places in the list of somebody's conversations, newest first. */
import { commonError } from '@cloudfreedom/service-kit';
import { z } from 'zod';

/** The last row of a page: the next page begins after it. */
export interface Place {
  updatedAt: Date;
  id: string;
}

const place = z.tuple([z.iso.datetime(), z.uuid()]);

function writeCursor({ updatedAt, id }: Place): string {
  return Buffer.from(JSON.stringify([updatedAt.toISOString(), id])).toString('base64url');
}

/** The page, from one row more than asked for: that tells whether there is a next one. */
export function pageOf<R extends Place>(rows: R[], limit: number): { shown: R[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { shown, nextCursor: rows.length > limit && last ? writeCursor(last) : null };
}

/** @throws ApiError `invalid_request` when it is none of ours */
export function readCursor(cursor: string): Place {
  try {
    const [updatedAt, id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { updatedAt: new Date(updatedAt), id };
  } catch {
    throw commonError('invalid_request', {
      message: 'cursor: is not one of this service; send nextCursor of the page before, or none.',
      param: 'cursor',
    });
  }
}

/** The same answer whether it never was or is somebody else's. */
export function noSuchConversation() {
  return commonError('not_found', { message: 'There is no such conversation.' });
}
