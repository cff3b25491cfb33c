import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

const NEAR_PX = 48;

/**
 * Keep a scrolling element at its bottom while it grows, but only when it was there: who reads further up is left alone.
 * A change of `jump` leads to the bottom from anywhere. Call it in the component whose rendering makes the content grow.
 */
export function useStickToBottom(element: RefObject<HTMLElement | null>, jump: unknown) {
  const atBottom = useRef(true);
  const [away, setAway] = useState(false);
  const toBottom = useCallback(() => {
    if (element.current) element.current.scrollTop = element.current.scrollHeight;
    atBottom.current = true;
    setAway(false);
  }, [element]);
  const onScroll = useCallback(() => {
    const it = element.current;
    if (!it) return;
    atBottom.current = it.scrollHeight - it.scrollTop - it.clientHeight < NEAR_PX;
    setAway(!atBottom.current);
  }, [element]);
  useLayoutEffect(() => {
    if (atBottom.current) toBottom();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `jump` says when, not what
  useLayoutEffect(toBottom, [jump, toBottom]);
  return { onScroll, away, toBottom };
}
