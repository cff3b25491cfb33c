import { Text } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A file, dropped or chosen. The whole area is the label of a file input, so the keyboard reaches it too. */
export function FileDrop({ file, onFile }: { file: File | null; onFile: (file: File) => void }) {
  const { t } = useTranslation('app');
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const [first] = files ?? [];
    if (first) onFile(first);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <label
      className="portal-drop"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileTypeCsv size={28} stroke={1.5} aria-hidden />
      <Text span fw={550}>
        {file ? file.name : t('import.drop')}
      </Text>
      <Text span size="sm" c="dimmed">
        {file ? t('import.another') : t('import.limits')}
      </Text>
      <input
        type="file"
        className="cf-visually-hidden"
        accept=".csv,text/csv"
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same file, mended, can be chosen again.
          event.currentTarget.value = '';
        }}
      />
    </label>
  );
}
