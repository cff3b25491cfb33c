import type { ConversationSummary } from '@cloudfreedom/contracts';
import { ErrorState, useFormat } from '@cloudfreedom/ui';
import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ConversationItem } from './conversation-item.tsx';
import { type ListName, useConversations } from './conversations.queries.ts';
import type { ItemActions } from './item-actions.ts';
import { type DayGroup, groupByDay } from './list-days.ts';
import { ListSkeleton } from './list-skeleton.tsx';

/** Pages of a list. `hiddenId`: a conversation that is being deleted. */
export interface ListProps {
  actions: ItemActions;
  hiddenId: string | null;
}

function useListed(list: ListName, hiddenId: string | null) {
  const query = useConversations(list);
  const items = query.data?.pages.flatMap((page) => page.items).filter(({ id }) => id !== hiddenId) ?? [];
  return { query, items };
}

/** Nothing while it is empty: pinned ones are few, and most people have none. */
export function PinnedList({ actions, hiddenId }: ListProps) {
  const { t } = useTranslation('app');
  const { query, items } = useListed('pinned', hiddenId);
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="chats-pinned">
      <ListTitle id="chats-pinned">{t('conversations.pinned')}</ListTitle>
      <Items items={items} actions={actions} />
      <More query={query} />
    </section>
  );
}

export function FolderContent({ folderId, actions, hiddenId }: ListProps & { folderId: string }) {
  const { t } = useTranslation('app');
  const { query, items } = useListed(folderId, hiddenId);
  if (query.isPending) return <ListSkeleton />;
  return (
    <div className="chat-folder-content">
      {items.length === 0 && (
        <Text size="sm" c="dimmed" px="sm" py={6}>
          {t('folders.empty')}
        </Text>
      )}
      <Items items={items} actions={actions} />
      <More query={query} />
    </div>
  );
}

/** Neither pinned nor in a folder: by the day of the last message. */
export function RecentList({ actions, hiddenId }: ListProps) {
  const { t } = useTranslation('app');
  const dayTitle = useDayTitle();
  const { query, items } = useListed('recent', hiddenId);
  if (query.isPending) return <ListSkeleton />;
  if (query.isError && items.length === 0)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      {items.length === 0 && (
        <Text size="sm" c="dimmed" px="sm" py="xs">
          {t('conversations.empty')}
        </Text>
      )}
      {groupByDay(items, Date.now()).map(({ key, group, items: ofDay }) => (
        <section key={key} aria-labelledby={`chats-${key}`}>
          <ListTitle id={`chats-${key}`}>{dayTitle(group)}</ListTitle>
          <Items items={ofDay} actions={actions} />
        </section>
      ))}
      <More query={query} />
    </>
  );
}

function useDayTitle() {
  const { t } = useTranslation('app');
  const { language } = useFormat();
  const words = { today: t('days.today'), yesterday: t('days.yesterday'), week: t('days.week') };
  const month = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return (group: DayGroup) =>
    group.kind === 'month' ? month.format(new Date(`${group.month}-15`)) : words[group.kind];
}

export function ListTitle({ id, children }: { id: string; children: string }) {
  return (
    <h2 id={id} className="chat-list-heading">
      {children}
    </h2>
  );
}

function Items({ items, actions }: { items: ConversationSummary[]; actions: ItemActions }) {
  return (
    <ul className="chat-list">
      {items.map((conversation) => (
        <ConversationItem key={conversation.id} conversation={conversation} actions={actions} />
      ))}
    </ul>
  );
}

function More({ query }: { query: ReturnType<typeof useConversations> }) {
  const { t } = useTranslation('app');
  if (!query.hasNextPage) return null;
  return (
    <Button
      variant="subtle"
      color="gray"
      size="xs"
      loading={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      {t('conversations.more')}
    </Button>
  );
}
