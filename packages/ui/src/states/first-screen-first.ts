import { useDeferredValue } from 'react';

/** More than fit on most screens. */
const SCREENFUL_ROWS = 15;

/**
 * The rows that are drawn: of those that arrive the first screenful, and the others as soon as that stands there. Rows that
 * were known from the beginning, and as many as before, come all at once.
 */
export function useFirstScreenFirst<Item>(rows: readonly Item[] | undefined): readonly Item[] | undefined {
  const onShow = useDeferredValue(rows?.length ?? 0);
  return rows?.slice(0, onShow + SCREENFUL_ROWS);
}
