import type { Conversation, ConversationSummary, Folder } from '@cloudfreedom/contracts';
import { CloseButton, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMatch, useNavigate } from 'react-router';
import { useAnswers } from '../answers/answers-context.tsx';
import { PinnedList, RecentList } from './conversation-list.tsx';
import { useConversation } from './conversations.queries.ts';
import { useFollow } from './follow.ts';
import { FoundList } from './found-list.tsx';
import type { Asked, ItemActions } from './item-actions.ts';
import { useDeletion, useRetentionDays } from './order.queries.ts';
import { type Toast, UndoToast } from './undo-toast.tsx';

const FolderList = lazy(() => import('./folder-list.tsx'));
const RenameDialog = lazy(() => import('./rename-dialog.tsx'));
const MoveDialog = lazy(() => import('./move-dialog.tsx'));
const ShareDialog = lazy(() => import('./share-dialog.tsx'));
const FolderDialog = lazy(() => import('./folder-dialog.tsx'));

const TYPING_MS = 200;

/** Search, pinned, folders, the rest by date: each reachable by Tab and the arrow keys. */
export default function SidebarLists({ onNavigate }: { onNavigate: () => void }) {
  const openId = useMatch('/c/:id')?.params.id ?? null;
  const open: Conversation | undefined = useConversation(openId).data;
  useFollow(openId);
  const [typed, setTyped] = useState('');
  const [searched] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [named, setNamed] = useState<{ folder: Folder | null } | null>(null);
  const deletion = useUndoableDeletion(openId);
  const actions: ItemActions = { onNavigate, onAsk: setAsked, onDelete: deletion.remove };
  const list = { actions, hiddenId: deletion.hiddenId };
  return (
    <>
      <SearchField typed={typed} onType={setTyped} />
      {/** biome-ignore lint/a11y/noStaticElementInteractions: moves the focus among the links within */}
      <div className="chat-lists" onKeyDown={moveFocus}>
        {searched !== '' && typed.trim() !== '' ? (
          <FoundList text={searched} {...list} />
        ) : (
          <>
            <PinnedList {...list} />
            <Suspense>
              <FolderList openFolderId={open?.folderId ?? null} onName={(folder) => setNamed({ folder })} {...list} />
            </Suspense>
            <RecentList {...list} />
            <RetentionNote />
          </>
        )}
      </div>
      <Suspense>
        {asked?.what === 'rename' && <RenameDialog conversation={asked.conversation} onClose={() => setAsked(null)} />}
        {asked?.what === 'move' && <MoveDialog conversation={asked.conversation} onClose={() => setAsked(null)} />}
        {asked?.what === 'share' && <ShareDialog conversation={asked.conversation} onClose={() => setAsked(null)} />}
        {named && <FolderDialog folder={named.folder} onClose={() => setNamed(null)} />}
      </Suspense>
      <UndoToast toast={deletion.toast} onUndo={deletion.undo} onClose={deletion.closeToast} />
    </>
  );
}

function SearchField({ typed, onType }: { typed: string; onType: (text: string) => void }) {
  const { t } = useTranslation('app');
  const field = useRef<HTMLInputElement>(null);
  useHotkeys([['mod+K', () => field.current?.focus()]], []);
  return (
    <TextInput
      ref={field}
      className="chat-search"
      type="search"
      size="sm"
      maxLength={200}
      aria-label={t('search.label')}
      placeholder={t('search.label')}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={typed !== '' && <CloseButton size="sm" aria-label={t('search.clear')} onClick={() => onType('')} />}
      value={typed}
      onChange={(event) => onType(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && typed !== '') {
          event.stopPropagation();
          onType('');
        }
      }}
    />
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.chat-list-link')];
  const at = links.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  links[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}

/** The tenant's rule on keeping, where everybody sees it. */
function RetentionNote() {
  const { t } = useTranslation('app');
  const days = useRetentionDays();
  if (days === undefined) return null;
  return (
    <Text size="xs" c="dimmed" px="sm" pt="md">
      {days === 0 ? t('conversations.keptForever') : t('conversations.keptFor', { count: days })}
    </Text>
  );
}

/** Gone from the lists at once; a toast brings it back. */
function useUndoableDeletion(openId: string | null) {
  const navigate = useNavigate();
  const answers = useAnswers();
  const { remove, restore } = useDeletion();
  const [toast, setToast] = useState<Toast>(null);
  const onError = () => setToast({ kind: 'failed' });
  return {
    toast,
    closeToast: () => setToast(null),
    hiddenId: remove.isPending ? remove.variables : null,
    remove: (conversation: ConversationSummary) => {
      const wasOpen = conversation.id === openId;
      answers.stop(conversation.id);
      if (wasOpen) navigate('/');
      remove.mutate(conversation.id, {
        onSuccess: () => setToast({ kind: 'deleted', conversation, wasOpen }),
        onError,
      });
    },
    undo: () => {
      if (toast?.kind !== 'deleted') return;
      const { conversation, wasOpen } = toast;
      restore.mutate(conversation.id, {
        onSuccess: () => {
          setToast(null);
          if (wasOpen) navigate(`/c/${conversation.id}`);
        },
        onError,
      });
    },
  };
}
