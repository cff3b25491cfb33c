import { FILES_OF_ASSISTANT_BYTES_MAX, type KeptFile, type ListedModel } from '@cloudfreedom/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChosenFiles } from '../files/chosen-files.ts';

const MEGABYTE = 1024 * 1024;

/** The files of an assistant that is being edited: those it has, those to be added and removed, and what is wrong. */
export function useAssistantFiles(before: readonly KeptFile[], model: ListedModel | undefined) {
  const { t } = useTranslation('app');
  const [removed, setRemoved] = useState<readonly KeptFile[]>([]);
  const kept = before.filter((file) => !removed.includes(file));
  const chosen = useChosenFiles(model, kept);
  const bytes = [...kept.map(({ sizeBytes }) => sizeBytes), ...chosen.files.map(({ file }) => file.size)].reduce(
    (sum, size) => sum + size,
    0,
  );
  const tooLarge = bytes > FILES_OF_ASSISTANT_BYTES_MAX;
  const limit = FILES_OF_ASSISTANT_BYTES_MAX / MEGABYTE;
  return {
    shown: [...kept, ...chosen.files],
    added: chosen.files,
    removed,
    faults: tooLarge ? [...chosen.faults, t('assistants.filesTooLarge', { limit })] : chosen.faults,
    /** They may be kept together. */
    fit: !tooLarge,
    add: chosen.add,
    remove: (id: string) => {
      const file = kept.find((one) => one.id === id);
      if (file) setRemoved((known) => [...known, file]);
      else chosen.remove(id);
    },
  };
}
