import { Button, Input } from '@mantine/core';
import { IconPaperclip, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { FileChip } from '../files/file-chip.tsx';
import type { useAssistantFiles } from './assistant-files.ts';

export function AssistantFilesField({ files }: { files: ReturnType<typeof useAssistantFiles> }) {
  const { t } = useTranslation('app');
  const input = useRef<HTMLInputElement>(null);
  return (
    <Input.Wrapper labelElement="div" label={t('assistants.filesLabel')} description={t('assistants.filesHint')}>
      {files.shown.length > 0 && (
        <ul className="chat-files chat-assistant-files" aria-label={t('assistants.filesLabel')}>
          {files.shown.map(({ id, name, mediaType }) => (
            <li key={id} className="chat-file">
              <FileChip name={name} mediaType={mediaType}>
                <button
                  type="button"
                  className="chat-act"
                  aria-label={t('files.remove', { name })}
                  onClick={() => files.remove(id)}
                >
                  <IconX size={16} aria-hidden />
                </button>
              </FileChip>
            </li>
          ))}
        </ul>
      )}
      {files.faults.map((words) => (
        <p key={words} className="chat-assistant-fault" role="alert">
          {words}
        </p>
      ))}
      <div>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t('files.attach')}
          onChange={(event) => {
            void files.add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
        <Button
          variant="default"
          size="sm"
          mt={8}
          leftSection={<IconPaperclip size={16} aria-hidden />}
          onClick={() => input.current?.click()}
        >
          {t('files.attach')}
        </Button>
      </div>
    </Input.Wrapper>
  );
}
