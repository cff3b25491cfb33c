import type { Message } from '@cloudfreedom/contracts';
import { useLayoutEffect, useMemo, useRef } from 'react';

/** What can be done with messages. The same object all along, so that nothing is drawn anew because of it. */
export interface ThreadActions {
  /** An answer to this question, or the rest of this answer. */
  answer: (message: Message) => Promise<void>;
  /** Resolves to whether the edited question is stored. */
  edit: (question: Message, text: string) => Promise<boolean>;
  /** Show another one of those that follow the same message. */
  choose: (parentId: string | null, id: string) => void;
}

export function useThreadActions(given: ThreadActions): ThreadActions {
  const latest = useRef(given);
  useLayoutEffect(() => {
    latest.current = given;
  });
  return useMemo(
    () => ({
      answer: (message) => latest.current.answer(message),
      edit: (question, text) => latest.current.edit(question, text),
      choose: (parentId, id) => latest.current.choose(parentId, id),
    }),
    [],
  );
}
