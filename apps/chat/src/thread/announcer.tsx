import type { Message } from '@cloudfreedom/contracts';
import { memo } from 'react';
import type { LiveAnswer } from '../answers/answers.ts';
import { useLiveText } from '../answers/answers-context.tsx';
import type { Step } from './message-tree.ts';
import { finishedParagraphs } from './paragraphs.ts';
import { spoken } from './spoken.ts';

/** Says each paragraph of a new answer once, when it is finished. */
export function Announcer(props: { conversationId: string; live: LiveAnswer | undefined; path: Step<Message>[] }) {
  const { conversationId, live, path } = props;
  const growing = useLiveText(live?.running ? conversationId : null);
  const stored = live && !live.running ? path.find(({ message }) => message.id === live.id)?.message : undefined;
  const text = stored?.content ?? growing?.text ?? '';
  const paragraphs = live ? finishedParagraphs(text, stored !== undefined) : [];
  return (
    <div className="cf-visually-hidden" role="log" aria-live="polite">
      {paragraphs.map((paragraph, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs are only ever added at the end
        <Said key={`${live?.id}-${index}`} paragraph={paragraph} />
      ))}
    </div>
  );
}

const Said = memo(function Said({ paragraph }: { paragraph: string }) {
  return <p>{spoken(paragraph)}</p>;
});
