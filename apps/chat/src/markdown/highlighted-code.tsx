import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type HighlightNode, highlight, loadLanguage } from './highlight.ts';

/** Code in colours; plain until its language is here, and where it is none that we know. */
export default function HighlightedCode({ code, language }: { code: string; language: string }) {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let current = true;
    loadLanguage(language).then(
      (known) => current && setReady(known),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [language]);
  const tree = useMemo(() => (ready ? highlight(code, language) : null), [ready, code, language]);
  return tree ? tree.children?.map(nodeOf) : code;
}

function nodeOf(node: HighlightNode, index: number): ReactNode {
  if (node.type === 'text') return node.value;
  const names = node.properties?.className;
  return (
    <span key={index} className={Array.isArray(names) ? names.join(' ') : undefined}>
      {node.children?.map(nodeOf)}
    </span>
  );
}
