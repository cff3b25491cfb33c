import type { Conversation, ConversationSummary } from '@cloudfreedom/contracts';
import type { InfiniteData } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { useAnswers } from '../answers/answers-context.tsx';
import { conversationKey, LIST_KEY, useConversationsAccess } from './conversations.queries.ts';

type Lists = InfiniteData<{ items: ConversationSummary[] }>;

/** Keeps an open conversation as the lists say it is: what another device wrote is fetched once our own answer is stored. */
export function useFollow(id: string | null): void {
  const { queries } = useConversationsAccess();
  const answers = useAnswers();
  const cache = queries.getQueryCache();
  const listed = useSyncExternalStore(
    (onChange) => cache.subscribe(onChange),
    () =>
      queries
        .getQueriesData<Lists>({ queryKey: LIST_KEY })
        .flatMap(([, lists]) => lists?.pages?.flatMap((page) => page.items) ?? [])
        .find((summary) => summary.id === id),
  );
  useEffect(() => {
    if (!listed) return;
    const key = conversationKey(listed.id);
    const known = queries.getQueryData<Conversation>(key);
    if (!known) return;
    const { updatedAt, ...order } = listed;
    queries.setQueryData<Conversation>(key, { ...known, ...order });
    if (known.updatedAt < updatedAt)
      void answers.settled(listed.id).then(() => queries.invalidateQueries({ queryKey: key }));
  }, [listed, queries, answers]);
}
