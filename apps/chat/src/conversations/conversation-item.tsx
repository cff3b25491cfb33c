import type { ConversationSummary } from '@cloudfreedom/contracts';
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDots,
  IconDownload,
  IconFolder,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconShare2,
  IconTrash,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { useExport } from './export.queries.ts';
import { useConversationChanges } from './order.queries.ts';

export type Asked = { what: 'rename' | 'move' | 'share'; conversation: ConversationSummary };

export interface ItemActions {
  onNavigate: () => void;
  onAsk: (asked: Asked) => void;
  onDelete: (conversation: ConversationSummary) => void;
}

/** One conversation of a list with what can be done with it. `children`: more about it, below its title. */
export function ConversationItem(props: {
  conversation: ConversationSummary;
  actions: ItemActions;
  children?: ReactNode;
}) {
  const { t } = useTranslation('app');
  const { conversation, actions } = props;
  return (
    <li className="chat-list-item">
      <NavLink to={`/c/${conversation.id}`} className="chat-list-link" onClick={actions.onNavigate}>
        <span className="chat-list-title">
          {conversation.title}
          {conversation.share && (
            <IconShare2 size={13} className="chat-list-shared" role="img" aria-label={t('conversations.isShared')} />
          )}
        </span>
        {props.children}
      </NavLink>
      <ItemMenu conversation={conversation} actions={actions} />
    </li>
  );
}

/** Menus are heavy: a list of hundreds makes each when it is first opened. */
function ItemMenu(props: { conversation: ConversationSummary; actions: ItemActions }) {
  const { t } = useTranslation('app');
  const [used, setUsed] = useState(false);
  const button = (
    <ActionIcon
      className="chat-list-actions"
      variant="subtle"
      color="gray"
      aria-label={t('conversations.actions', { title: props.conversation.title })}
      aria-haspopup="menu"
      {...(used ? {} : { onClick: () => setUsed(true) })}
    >
      <IconDots size={16} aria-hidden />
    </ActionIcon>
  );
  if (!used) return button;
  return (
    <Menu position="bottom-end" withinPortal defaultOpened>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <MenuItems {...props} />
      </Menu.Dropdown>
    </Menu>
  );
}

function MenuItems(props: { conversation: ConversationSummary; actions: ItemActions }) {
  const { t } = useTranslation('app');
  const { conversation, actions } = props;
  const { change } = useConversationChanges(conversation.id);
  const { one: exportOne } = useExport();
  const Pin = conversation.pinned ? IconPinnedOff : IconPin;
  const ask = (what: Asked['what']) => () => actions.onAsk({ what, conversation });
  return (
    <>
      <Menu.Item
        leftSection={<Pin size={16} aria-hidden />}
        onClick={() => change.mutate({ pinned: !conversation.pinned })}
      >
        {conversation.pinned ? t('conversations.unpin') : t('conversations.pin')}
      </Menu.Item>
      <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={ask('rename')}>
        {t('conversations.rename')}
      </Menu.Item>
      <Menu.Item leftSection={<IconFolder size={16} aria-hidden />} onClick={ask('move')}>
        {t('conversations.move')}
      </Menu.Item>
      <Menu.Item leftSection={<IconShare2 size={16} aria-hidden />} onClick={ask('share')}>
        {t('conversations.share')}
      </Menu.Item>
      <Menu.Divider />
      {(['md', 'json'] as const).map((form) => (
        <Menu.Item
          key={form}
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => exportOne.mutate({ id: conversation.id, form })}
        >
          {form === 'md' ? t('conversations.exportMarkdown') : t('conversations.exportJson')}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => actions.onDelete(conversation)}>
        {t('conversations.delete')}
      </Menu.Item>
    </>
  );
}
