import type { ConversationSummary } from '@cloudfreedom/contracts';
import { ErrorState } from '@cloudfreedom/ui';
import { ActionIcon, Button, Menu, Skeleton, Stack, Text } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useConversations } from './conversations.queries.ts';

const RenameDialog = lazy(() => import('./rename-dialog.tsx'));
const DeleteDialog = lazy(() => import('./delete-dialog.tsx'));

type Asked = { what: 'rename' | 'delete'; conversation: ConversationSummary } | null;

export function ConversationList({ onNavigate }: { onNavigate: () => void }) {
  const { t } = useTranslation('app');
  const list = useConversations();
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => setAsked(null);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <ListSkeleton />;
  if (list.isError && items.length === 0) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <>
      {items.length === 0 && (
        <Text size="sm" c="dimmed" px="sm" py="xs">
          {t('conversations.empty')}
        </Text>
      )}
      <ul className="chat-list">
        {items.map((conversation) => (
          <Item key={conversation.id} conversation={conversation} onNavigate={onNavigate} onAsk={setAsked} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t('conversations.more')}
        </Button>
      )}
      <Suspense>
        {asked?.what === 'rename' && <RenameDialog conversation={asked.conversation} onClose={close} />}
        {asked?.what === 'delete' && <DeleteDialog conversation={asked.conversation} onClose={close} />}
      </Suspense>
    </>
  );
}

function Item(props: {
  conversation: ConversationSummary;
  onNavigate: () => void;
  onAsk: (asked: NonNullable<Asked>) => void;
}) {
  const { t } = useTranslation('app');
  const { conversation } = props;
  return (
    <li className="chat-list-item">
      <NavLink to={`/c/${conversation.id}`} className="chat-list-link" onClick={props.onNavigate}>
        {conversation.title}
      </NavLink>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            className="chat-list-actions"
            variant="subtle"
            color="gray"
            aria-label={t('conversations.actions', { title: conversation.title })}
          >
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil size={16} aria-hidden />}
            onClick={() => props.onAsk({ what: 'rename', conversation })}
          >
            {t('conversations.rename')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => props.onAsk({ what: 'delete', conversation })}
          >
            {t('conversations.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function ListSkeleton() {
  return (
    <Stack gap="xs" px="sm" py="xs" aria-busy>
      <Skeleton height={16} width="80%" />
      <Skeleton height={16} width="62%" />
      <Skeleton height={16} width="71%" />
    </Stack>
  );
}
