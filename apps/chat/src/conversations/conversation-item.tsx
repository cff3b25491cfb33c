import type { ConversationSummary } from '@cloudfreedom/contracts';
import { ActionIcon } from '@mantine/core';
import { IconDots, IconShare2 } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import type { ItemActions } from './item-actions.ts';

const ConversationMenu = lazy(() => import('./conversation-menu.tsx'));

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

/** Menus are heavy: they are loaded, and each is made, when one is first opened. */
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
    <Suspense fallback={button}>
      <ConversationMenu target={button} {...props} />
    </Suspense>
  );
}
