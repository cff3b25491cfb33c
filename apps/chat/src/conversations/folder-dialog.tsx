import type { Folder } from '@cloudfreedom/contracts';
import { useTranslation } from 'react-i18next';
import { NameDialog } from './name-dialog.tsx';
import { useFolderChanges } from './order.queries.ts';

const LONGEST_NAME = 80;

/** Makes a folder, or renames one. */
export default function FolderDialog({ folder, onClose }: { folder: Folder | null; onClose: () => void }) {
  const { t } = useTranslation('app');
  const { create, rename } = useFolderChanges();
  return (
    <NameDialog
      title={folder ? t('folders.renameTitle') : t('folders.new')}
      label={t('folders.name')}
      missing={t('folders.nameEmpty')}
      taken={t('folders.nameTaken')}
      longest={LONGEST_NAME}
      name={folder?.name ?? ''}
      busy={create.isPending || rename.isPending}
      error={create.error ?? rename.error}
      onSave={(name) =>
        folder
          ? rename.mutate({ id: folder.id, name }, { onSuccess: onClose })
          : create.mutate(name, { onSuccess: onClose })
      }
      onClose={onClose}
    />
  );
}
