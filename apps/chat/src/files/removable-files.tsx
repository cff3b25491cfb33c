import type { KeptFile } from '@cloudfreedom/contracts';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { FileChip } from './file-chip.tsx';

interface RemovableFilesProps {
  files: readonly Pick<KeptFile, 'id' | 'name' | 'mediaType'>[];
  /** What they are, said aloud. */
  label: string;
  className?: string;
  onRemove: (id: string) => void;
}

/** Files that will go along, each with a button that leaves it out; nothing where there are none. */
export function RemovableFiles({ files, label, className = '', onRemove }: RemovableFilesProps) {
  const { t } = useTranslation('app');
  if (files.length === 0) return null;
  return (
    <ul className={`chat-files ${className}`} aria-label={label}>
      {files.map(({ id, name, mediaType }) => (
        <li key={id} className="chat-file">
          <FileChip name={name} mediaType={mediaType}>
            <button
              type="button"
              className="chat-act"
              aria-label={t('files.remove', { name })}
              onClick={() => onRemove(id)}
            >
              <IconX size={16} aria-hidden />
            </button>
          </FileChip>
        </li>
      ))}
    </ul>
  );
}
