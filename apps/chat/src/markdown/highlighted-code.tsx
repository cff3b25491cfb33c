import { memo, type ReactNode, useEffect, useMemo, useState } from 'react';
import { CodeParts } from './code-parts.ts';
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
  const parts = useMemo(() => new CodeParts((text) => highlight(text, language)), [language]);
  if (!ready) return code;
  return parts.of(code).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever added at the end
    <Part key={index} code={part} language={language} />
  ));
}

const Part = memo(function Part({ code, language }: { code: string; language: string }): ReactNode {
  const tree = highlight(code, language);
  return tree ? tree.children?.map(nodeOf) : code;
});

function nodeOf(node: HighlightNode, index: number): ReactNode {
  if (node.type === 'text') return node.value;
  const names = node.properties?.className;
  return (
    <span key={index} className={Array.isArray(names) ? names.join(' ') : undefined}>
      {node.children?.map(nodeOf)}
    </span>
  );
}
