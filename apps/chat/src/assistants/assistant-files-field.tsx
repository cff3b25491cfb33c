import { Button, Input } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { FilePicker } from '../files/file-picker.tsx';
import { RemovableFiles } from '../files/removable-files.tsx';
import type { useAssistantFiles } from './assistant-files.ts';

export function AssistantFilesField({ files }: { files: ReturnType<typeof useAssistantFiles> }) {
  const { t } = useTranslation('app');
  const label = t('assistants.filesLabel');
  return (
    <Input.Wrapper labelElement="div" label={label} description={t('assistants.filesHint')}>
      <RemovableFiles className="chat-assistant-files" files={files.shown} label={label} onRemove={files.remove} />
      {files.faults.map((words) => (
        <p key={words} className="chat-assistant-fault" role="alert">
          {words}
        </p>
      ))}
      <div>
        <FilePicker
          onFiles={(chosen) => void files.add(chosen)}
          button={(open) => (
            <Button
              variant="default"
              size="sm"
              mt={8}
              leftSection={<IconPaperclip size={16} aria-hidden />}
              onClick={open}
            >
              {t('files.attach')}
            </Button>
          )}
        />
      </div>
    </Input.Wrapper>
  );
}
