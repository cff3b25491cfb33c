import type { ConversationSummary } from '@cloudfreedom/contracts';
import { Menu } from '@mantine/core';
import {
  IconDownload,
  IconFolder,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconShare2,
  IconTrash,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useExport } from './export.queries.ts';
import type { Asked, ItemActions } from './item-actions.ts';
import { useConversationChanges } from './order.queries.ts';

/** What can be done with a conversation; open from the start. */
export default function ConversationMenu(props: {
  target: ReactNode;
  conversation: ConversationSummary;
  actions: ItemActions;
}) {
  return (
    <Menu position="bottom-end" withinPortal defaultOpened>
      <Menu.Target>{props.target}</Menu.Target>
      <Menu.Dropdown>
        <MenuItems conversation={props.conversation} actions={props.actions} />
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
