import { Boundary, Brand } from '@cloudfreedom/ui';
import { ActionIcon, Burger, Button, Skeleton } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconGhost2, IconPlus, IconRobot } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { BudgetHeader } from '../budget/budget-header.tsx';
import { ListSkeleton } from '../conversations/list-skeleton.tsx';
import { ConversationCharge } from '../costs/conversation-charge.tsx';
import { OfflineNote } from './offline-note.tsx';
import { useShortcuts } from './use-shortcuts.ts';

const ShortcutsDialog = lazy(() => import('./shortcuts-dialog.tsx'));
const OwnAccount = lazy(() => import('../account/own-account.tsx'));
const SidebarLists = lazy(() => import('../conversations/sidebar-lists.tsx'));

/** Conversations on the left, the open one beside them; on a phone the list lies over it. */
export function ChatShell() {
  const { t } = useTranslation('app');
  const [opened, list] = useDisclosure(false);
  const [helping, help] = useDisclosure(false);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  // Where there is something to write into.
  const writing = /^\/(c\/.*|temporary)?$/.test(pathname);
  useShortcuts(help.open);
  useHotkeys([['Escape', list.close, { preventDefault: false }]]);
  useHotkeys([['mod+shift+O', () => void navigate('/')]], []);
  return (
    <div className="chat" data-list={opened ? 'open' : 'closed'}>
      <a className="cf-skip" href={writing ? '#message' : '#content'}>
        {writing ? t('skip') : t('skipToContent')}
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
            justify="flex-start"
            leftSection={<IconPlus size={18} aria-hidden />}
            onClick={list.close}
          >
            {t('conversations.new')}
          </Button>
          <ActionIcon
            component={Link}
            to="/temporary"
            variant="default"
            size={36}
            aria-label={t('temporary.new')}
            title={t('temporary.new')}
            onClick={list.close}
          >
            <IconGhost2 size={18} aria-hidden />
          </ActionIcon>
        </div>
        <NavLink to="/assistants" className="chat-assistants-link" onClick={list.close}>
          <IconRobot size={18} stroke={1.7} aria-hidden />
          {t('assistants.title')}
        </NavLink>
        <nav className="chat-conversations" aria-label={t('conversations.label')}>
          <Suspense fallback={<ListSkeleton />}>
            <SidebarLists onNavigate={list.close} />
          </Suspense>
        </nav>
        <div className="chat-account">
          <Suspense fallback={<Skeleton height={52} />}>
            <OwnAccount />
          </Suspense>
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
        <ConversationCharge />
        <BudgetHeader />
      </header>
      <main className="chat-main" id="content" tabIndex={-1}>
        <OfflineNote />
        <Boundary place={pathname}>
          <Outlet />
        </Boundary>
      </main>
      {helping && (
        <Suspense>
          <ShortcutsDialog onClose={help.close} />
        </Suspense>
      )}
    </div>
  );
}
