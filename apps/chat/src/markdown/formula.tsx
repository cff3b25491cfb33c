import 'katex/dist/katex.min.css';
import katex, { type KatexOptions } from 'katex';
import { useLayoutEffect, useRef, useState } from 'react';

/**
 * Nothing a formula says may load, link, style or run anything (`trust`), or take the browser's time without end.
 * The elements are made one by one, never from a text of HTML.
 */
const OPTIONS: KatexOptions = {
  trust: false,
  strict: 'ignore',
  throwOnError: true,
  maxExpand: 500,
  maxSize: 20,
  output: 'htmlAndMathml',
};

/** TeX as mathematics; what can't be read stays the text that it is. */
export default function Formula({ tex, display }: { tex: string; display: boolean }) {
  const element = useRef<HTMLSpanElement>(null);
  const [readable, setReadable] = useState(true);
  useLayoutEffect(() => {
    if (!element.current) return;
    try {
      katex.render(tex, element.current, { ...OPTIONS, displayMode: display });
      setReadable(true);
    } catch {
      element.current.replaceChildren();
      setReadable(false);
    }
  }, [tex, display]);
  return (
    <>
      <span ref={element} hidden={!readable} />
      {!readable && <code>{tex}</code>}
    </>
  );
}
