import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

const NEAR_PX = 48;
const ABOVE_PX = 16;

/**
 * Where a thread is scrolled to. A new question goes to the top and stays there: the answer grows below it and never
 * moves what is being read. Only who asks for it (`toLatest`) is led along, until they scroll back.
 * `questionId`: the exchange to begin with; it is gone to whenever it changes.
 */
export function useReadingPlace(element: RefObject<HTMLElement | null>, questionId: string | undefined) {
  const following = useRef(false);
  const lastTop = useRef(0);
  const [away, setAway] = useState(false);
  const look = useCallback(() => {
    const it = element.current;
    if (!it) return;
    if (following.current) it.scrollTop = it.scrollHeight;
    setAway(it.scrollHeight - it.scrollTop - it.clientHeight > NEAR_PX);
  }, [element]);
  const toLatest = useCallback(() => {
    following.current = true;
    look();
  }, [look]);
  const onScroll = useCallback(() => {
    const top = element.current?.scrollTop ?? 0;
    if (top < lastTop.current - 2) following.current = false;
    lastTop.current = top;
    look();
  }, [element, look]);
  useLayoutEffect(() => {
    following.current = false;
    if (questionId === undefined || !element.current) return;
    const exchange = element.current.querySelector<HTMLElement>(`[data-exchange="${questionId}"]`);
    if (exchange) element.current.scrollTop = exchange.offsetTop - ABOVE_PX;
    lastTop.current = element.current.scrollTop;
    look();
  }, [questionId, element, look]);
  useEffect(() => {
    const column = element.current?.firstElementChild;
    if (!column) return;
    const observer = new ResizeObserver(look);
    observer.observe(column);
    return () => observer.disconnect();
  }, [element, look]);
  return { onScroll, away, toLatest };
}
