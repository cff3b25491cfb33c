import type { Folder } from '@cloudfreedom/contracts';
import { ActionIcon, Menu, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconDots, IconFolder, IconFolderPlus, IconPencil, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FolderContent, type ListProps } from './conversation-list.tsx';
import { useConversations } from './conversations.queries.ts';
import { useFolderChanges, useFolders } from './order.queries.ts';

interface FolderListProps extends ListProps {
  /** The folder that the open conversation is in. */
  openFolderId: string | null;
  /** null: make one. */
  onName: (folder: Folder | null) => void;
}

export default function FolderList({ openFolderId, onName, ...list }: FolderListProps) {
  const { t } = useTranslation('app');
  const folders = useFolders();
  const lists = [useConversations('recent'), useConversations('pinned')];
  const anything = folders.data?.items.length || lists.some(({ data }) => data?.pages[0]?.items.length);
  // Whoever has nothing to put into a folder needs none.
  if (!anything) return null;
  return (
    <section aria-labelledby="chats-folders">
      <div className="chat-list-heading-row">
        <h2 id="chats-folders" className="chat-list-heading">
          {t('folders.title')}
        </h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t('folders.new')}
          title={t('folders.new')}
          onClick={() => onName(null)}
        >
          <IconFolderPlus size={16} aria-hidden />
        </ActionIcon>
      </div>
      <ul className="chat-list">
        {folders.data?.items.map((folder) => (
          <FolderEntry key={folder.id} folder={folder} isOpen={folder.id === openFolderId} onName={onName} {...list} />
        ))}
      </ul>
    </section>
  );
}

function FolderEntry(props: ListProps & { folder: Folder; isOpen: boolean; onName: (folder: Folder) => void }) {
  const { t } = useTranslation('app');
  const { folder, isOpen, onName, ...list } = props;
  const [unfolded, setUnfolded] = useState(isOpen);
  const { remove } = useFolderChanges();
  useEffect(() => {
    if (isOpen) setUnfolded(true);
  }, [isOpen]);
  return (
    <li>
      <div className="chat-list-item">
        <UnstyledButton
          className="chat-list-link chat-folder"
          aria-expanded={unfolded}
          onClick={() => setUnfolded((before) => !before)}
        >
          <IconChevronRight size={14} aria-hidden className="chat-folder-arrow" />
          <IconFolder size={16} aria-hidden />
          <span className="chat-list-title">{folder.name}</span>
        </UnstyledButton>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon
              className="chat-list-actions"
              variant="subtle"
              color="gray"
              aria-label={t('conversations.actions', { title: folder.name })}
            >
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => onName(folder)}>
              {t('conversations.rename')}
            </Menu.Item>
            <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={() => remove.mutate(folder.id)}>
              {t('folders.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {unfolded && <FolderContent folderId={folder.id} {...list} />}
    </li>
  );
}
