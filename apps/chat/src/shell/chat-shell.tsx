import { Brand } from '@cloudfreedom/ui';
import { Burger, Button } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet } from 'react-router';
import { OwnAccount } from '../account/own-account.tsx';
import { BudgetHeader } from '../budget/budget-header.tsx';
import { ConversationList } from '../conversations/conversation-list.tsx';

/** Conversations on the left, the open one beside them; on a phone the list lies over it. */
export function ChatShell() {
  const { t } = useTranslation('app');
  const [opened, list] = useDisclosure(false);
  useHotkeys([['Escape', list.close, { preventDefault: false }]]);
  return (
    <div className="chat" data-list={opened ? 'open' : 'closed'}>
      <a className="cf-skip" href="#message">
        {t('skip')}
      </a>
      <aside className="chat-sidebar">
        <div className="chat-brand">
          <Brand app={t('app')} />
        </div>
        <div className="chat-new">
          <Button
            component={Link}
            to="/"
            variant="default"
            fullWidth
            justify="flex-start"
            leftSection={<IconPlus size={18} aria-hidden />}
            onClick={list.close}
          >
            {t('conversations.new')}
          </Button>
        </div>
        <nav className="chat-conversations" aria-label={t('conversations.label')}>
          <ConversationList onNavigate={list.close} />
        </nav>
        <div className="chat-account">
          <OwnAccount />
        </div>
      </aside>
      <header className="chat-top">
        <Burger
          className="chat-burger"
          opened={opened}
          onClick={list.toggle}
          size="sm"
          aria-label={opened ? t('closeMenu') : t('menu')}
          aria-expanded={opened}
        />
        <BudgetHeader />
      </header>
      <main className="chat-main">
        <Outlet />
      </main>
    </div>
  );
}
