import type { KeptFile } from '@cloudfreedom/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useConversationsAccess } from '../conversations/conversations.queries.ts';
import { FileChip } from './file-chip.tsx';
import { fileQuery, loadFile } from './files.queries.ts';

/** The files that went with a question: pictures small, everything to be saved. */
export function MessageFiles({ files }: { files: readonly KeptFile[] }) {
  const { t } = useTranslation('app');
  const { conversationId = 'temporary' } = useParams();
  const access = useConversationsAccess();
  if (files.length === 0) return null;
  const save = async (file: KeptFile) => {
    const content = await loadFile(access, conversationId, file);
    const link = document.createElement('a');
    const address =
      file.mediaType === 'text/plain' ? URL.createObjectURL(new Blob([content], { type: 'text/plain' })) : content;
    link.href = address;
    link.download = file.name;
    link.click();
    if (address !== content) URL.revokeObjectURL(address);
  };
  return (
    <ul className="chat-files" aria-label={t('files.label')}>
      {files.map((file) => (
        <li key={file.id}>
          <button
            type="button"
            className="chat-file"
            title={t('files.save', { name: file.name })}
            onClick={() => void save(file).catch(() => undefined)}
          >
            {file.mediaType.startsWith('image/') && <Picture conversationId={conversationId} file={file} />}
            <FileChip name={file.name} mediaType={file.mediaType} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Picture({ conversationId, file }: { conversationId: string; file: KeptFile }) {
  const access = useConversationsAccess();
  const content = useQuery(fileQuery(access, conversationId, file));
  return content.data ? <img className="chat-picture" src={content.data} alt="" /> : <span className="chat-picture" />;
}
