import type { FoundConversation } from '@cloudfreedom/contracts';
import { ErrorState } from '@cloudfreedom/ui';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ConversationItem } from './conversation-item.tsx';
import { ListTitle } from './conversation-list.tsx';
import type { ItemActions } from './item-actions.ts';
import { ListSkeleton } from './list-skeleton.tsx';
import { useSearch } from './order.queries.ts';

/** What the words typed are in, with the place. */
export function FoundList({
  text,
  actions,
  hiddenId,
}: {
  text: string;
  actions: ItemActions;
  hiddenId: string | null;
}) {
  const { t } = useTranslation('app');
  const found = useSearch(text);
  if (found.isPending) return <ListSkeleton />;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  const items = found.data.items.filter(({ id }) => id !== hiddenId);
  return (
    <section aria-labelledby="chats-found" aria-busy={found.isPlaceholderData}>
      <ListTitle id="chats-found">{t('search.found')}</ListTitle>
      <Text size="sm" c="dimmed" px="sm" pb={4} role="status">
        {items.length === 0
          ? t('search.nothing')
          : found.data.nextCursor !== null
            ? t('search.many', { count: items.length })
            : t('search.count', { count: items.length })}
      </Text>
      <ul className="chat-list">
        {items.map((conversation) => (
          <ConversationItem key={conversation.id} conversation={conversation} actions={actions}>
            <Excerpt pieces={conversation.excerpt} />
          </ConversationItem>
        ))}
      </ul>
    </section>
  );
}

function Excerpt({ pieces }: { pieces: FoundConversation['excerpt'] }) {
  if (pieces.length === 0) return null;
  return (
    <span className="chat-excerpt">
      {pieces.map(({ text, match }, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in their order
        return match ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>;
      })}
    </span>
  );
}
