import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useState } from 'react';

/** Of what has arrived and is not shown yet, so much appears with each frame: providers send in lumps. */
const SHARE_PER_FRAME = 1 / 6;
/** The first words come at once. */
const FIRST_CHARACTERS = 24;

/** A growing text that appears evenly; `target` itself where motion is not wanted or nothing is growing any more. */
export function useSmoothText(target: string, growing: boolean): string {
  const still = useReducedMotion();
  const [length, setLength] = useState(target.length);
  const smooth = growing && !still;
  const shown = smooth ? Math.min(target.length, Math.max(length, FIRST_CHARACTERS)) : target.length;
  useEffect(() => {
    if (!smooth || shown >= target.length) return;
    const frame = requestAnimationFrame(() =>
      setLength(shown + Math.max(1, Math.ceil((target.length - shown) * SHARE_PER_FRAME))),
    );
    return () => cancelAnimationFrame(frame);
  }, [smooth, shown, target]);
  // Never half of a character.
  return target.slice(0, /[\uD800-\uDBFF]/.test(target[shown - 1] ?? '') ? shown + 1 : shown);
}
