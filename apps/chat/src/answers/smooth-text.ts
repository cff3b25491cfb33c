import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Of what has arrived and is not shown yet, so much appears with each frame: providers send in lumps. */
const SHARE_PER_FRAME = 1 / 6;
/** The first words come at once. */
const FIRST_CHARACTERS = 24;

/** After a drawing that took long the page rests so many times as long: it is there for whoever reads and scrolls. */
const RESTS = 5;
const LONG_DRAWING_MS = 4;
const FRAME_MS = 1000 / 60;

/**
 * A growing text that appears evenly; `target` itself where motion is not wanted or nothing is growing any more. What the
 * caller draws of it is timed: where that takes long, more appears at once and less often.
 */
export function useSmoothText(target: string, growing: boolean): string {
  const still = useReducedMotion();
  const [length, setLength] = useState(target.length);
  const smooth = growing && !still;
  const shown = smooth ? Math.min(target.length, Math.max(length, FIRST_CHARACTERS)) : target.length;
  const drawn = useDrawn(shown);
  useEffect(() => {
    if (!smooth || shown >= target.length) return;
    let frame = 0;
    const show = (now: number) => {
      const { at, restUntil } = drawn.current;
      if (now < restUntil) {
        frame = requestAnimationFrame(show);
        return;
      }
      const frames = Math.max(1, (now - at) / FRAME_MS);
      setLength(shown + Math.ceil((target.length - shown) * (1 - (1 - SHARE_PER_FRAME) ** frames)));
    };
    frame = requestAnimationFrame(show);
    return () => cancelAnimationFrame(frame);
  }, [smooth, shown, target, drawn]);
  // Never half of a character.
  return target.slice(0, /[\uD800-\uDBFF]/.test(target[shown - 1] ?? '') ? shown + 1 : shown);
}

/** When so many characters were drawn, and until when nothing more needs to be. In milliseconds of the page. */
function useDrawn(shown: number) {
  const drawn = useRef({ shown: -1, at: 0, restUntil: 0 });
  const startedAt = performance.now();
  // After those of all that is drawn inside.
  useLayoutEffect(() => {
    if (drawn.current.shown === shown) return;
    const at = performance.now();
    const tookMs = at - startedAt;
    drawn.current = { shown, at, restUntil: tookMs > LONG_DRAWING_MS ? at + RESTS * tookMs : at };
  });
  return drawn;
}
