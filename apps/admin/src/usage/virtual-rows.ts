import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useEffect, useRef } from 'react';

const OVERSCAN_ROWS = 12;
/** The next page is fetched this many rows before the last one is reached. */
const FETCH_AHEAD_ROWS = 30;

/** Only the rows that can be seen are drawn; near the end more are asked for. */
export function useVirtualRows(options: { count: number; rowHeight: number; hasMore: boolean; onMore: () => void }) {
  const { count, rowHeight, hasMore, onMore } = options;
  const scroller = useRef<HTMLDivElement>(null);
  // What can be seen comes first, what may be scrolled to right behind it.
  const isOnShow = useDeferredValue(count > 0);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: isOnShow ? OVERSCAN_ROWS : 0,
  });
  const items = rows.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && lastSeen >= count - FETCH_AHEAD_ROWS) onMore();
  }, [hasMore, lastSeen, count, onMore]);
  const measuredFor = useRef(rowHeight);
  useEffect(() => {
    // A height that was measured is over when the density changes.
    if (measuredFor.current !== rowHeight) rows.measure();
    measuredFor.current = rowHeight;
  }, [rows, rowHeight]);
  const before = items[0]?.start ?? 0;
  const after = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return { scroller, items, before, after, measure: rows.measureElement };
}
