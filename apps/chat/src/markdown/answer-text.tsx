import { lazy, memo, Suspense } from 'react';

const loadMarkdown = () => import('./markdown.tsx');
const Markdown = lazy(loadMarkdown);
// Not needed to show the page, but soon: fetched at once, beside everything else.
void loadMarkdown();

/** The text of an answer; plain for the moment that the Markdown part still needs to arrive. */
export const AnswerText = memo(function AnswerText({ text }: { text: string }) {
  return (
    <Suspense fallback={<div className="chat-markdown chat-plain">{text}</div>}>
      <Markdown text={text} />
    </Suspense>
  );
});
