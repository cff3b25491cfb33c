import { FILE_BYTES_MAX, FILES_PER_MESSAGE_MAX, type KeptFile, type ListedModel } from '@cloudfreedom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checkFile, type FileFault, takes } from './check-file.ts';
import type { ChosenFile } from './files.queries.ts';

const MEGABYTE = 1024 * 1024;

/**
 * The files of the message that is being written, and what is wrong with those that were not taken.
 * `ofAssistant`: they are chosen for an assistant instead, which has these already.
 */
export function useChosenFiles(model: ListedModel | undefined, ofAssistant?: readonly KeptFile[]) {
  const { t } = useTranslation('app');
  const [files, setFiles] = useState<ChosenFile[]>([]);
  const [faults, setFaults] = useState<string[]>([]);
  const already = ofAssistant?.length ?? 0;
  const words = (fault: FileFault, name: string): string => {
    const texts: Record<FileFault, string> = {
      empty: t('files.empty', { name }),
      tooLarge: t('files.tooLarge', { name, limit: FILE_BYTES_MAX / MEGABYTE }),
      kind: t('files.kind', { name }),
      utf8: t('files.utf8', { name }),
      tooMany: ofAssistant
        ? t('assistants.tooManyFiles', { name, limit: FILES_PER_MESSAGE_MAX })
        : t('files.tooMany', { name, limit: FILES_PER_MESSAGE_MAX }),
      unreadable: t('files.unreadable', { name }),
    };
    return texts[fault];
  };
  const add = async (given: readonly File[]) => {
    const taken: ChosenFile[] = [];
    const refused: string[] = [];
    for (const file of given) {
      const checked = await checkFile(file, already + files.length + taken.length);
      if ('fault' in checked) refused.push(words(checked.fault, file.name));
      else taken.push({ id: crypto.randomUUID(), file, ...checked });
    }
    setFiles((known) => [...known, ...taken].slice(0, FILES_PER_MESSAGE_MAX - already));
    setFaults(refused);
  };
  const notTaken = files.filter(({ mediaType }) => model && !takes(model, mediaType));
  return {
    files,
    faults: [...faults, ...notTaken.map(({ name }) => t('files.modelCant', { name, model: model?.name ?? '' }))],
    /** All of them may go to the model. */
    sendable: notTaken.length === 0,
    add,
    remove: (id: string) => {
      setFiles((known) => known.filter((file) => file.id !== id));
      setFaults([]);
    },
    clear: () => {
      setFiles([]);
      setFaults([]);
    },
  };
}
