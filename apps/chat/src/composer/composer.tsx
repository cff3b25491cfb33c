import { ActionIcon, Textarea } from '@mantine/core';
import { IconArrowUp, IconPaperclip, IconPlayerStopFilled } from '@tabler/icons-react';
import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Asked } from '../conversations/questions.ts';
import { useChosenFiles } from '../files/chosen-files.ts';
import { FilePicker } from '../files/file-picker.tsx';
import { RemovableFiles } from '../files/removable-files.tsx';
import { ModelMenu } from '../models/model-menu.tsx';
import type { useChosenModel } from '../models/models.queries.ts';
import { ContentLogNote } from './content-log-note.tsx';
import { useContentLogNotice } from './content-log-notice.queries.ts';
import { useDrop } from './drop.ts';

const LONGEST_MESSAGE = 1_000_000;

export interface ComposerProps {
  choice: ReturnType<typeof useChosenModel>;
  running: boolean;
  /** Why the last message was not sent, in words. */
  fault: string | null;
  /** Why nothing can be sent as things are, in words. */
  refused: string | null;
  /** Who answers, above the field. */
  note: ReactNode;
  /** What else can be set for the conversation. */
  more: ReactNode;
  /** Resolves to whether the message is safe; what was typed stays until then. */
  onSend: (asked: Asked) => Promise<boolean>;
  onStop: () => void;
}

/** Always there, grows with the text. Enter sends, Shift+Enter starts a new line; files are chosen, pasted or dropped. */
export function Composer({ choice, running, fault, refused, note, more, onSend, onStop }: ComposerProps) {
  const { t } = useTranslation('app');
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const chosen = useChosenFiles(choice.chosen);
  const notice = useContentLogNotice();
  const dropping = useDrop((files) => void chosen.add(files));
  const tooLong = text.length > LONGEST_MESSAGE;
  const noModel = choice.models.isSuccess && !choice.chosen;
  const empty = text.trim() === '' && chosen.files.length === 0;
  // What is kept of a message is said before it is sent.
  const free = !running && !sending && refused === null && !notice.isPending;
  const ready = free && !empty && !tooLong && chosen.sendable && choice.chosen !== undefined;
  const trouble = tooLong ? t('composer.tooLong') : noModel ? t('composer.noModel') : fault;

  const send = async () => {
    if (!ready) return;
    setSending(true);
    const safe = await onSend({ text: text.trim(), files: chosen.files });
    setSending(false);
    if (safe) {
      setText((now) => (now === text ? '' : now));
      chosen.clear();
    }
    field.current?.focus();
  };
  const stop = () => {
    onStop();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    void chosen.add(files);
  };

  return (
    <form
      className="chat-composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <ContentLogNote days={notice.data?.days ?? 0} />
      {note}
      {[trouble, refused, ...chosen.faults].map(
        (words) =>
          words && (
            <p key={words} className="chat-composer-fault" role="alert">
              {words}
            </p>
          ),
      )}
      <div className="chat-composer-box" data-dropping={dropping}>
        <RemovableFiles files={chosen.files} label={t('files.chosen')} onRemove={chosen.remove} />
        <Textarea
          ref={field}
          id="message"
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={9}
          aria-label={t('composer.label')}
          placeholder={dropping ? t('files.dropHere') : t('composer.placeholder')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          enterKeyHint="send"
          autoFocus
        />
        <div className="chat-composer-row">
          <div className="chat-composer-side">
            <AttachButton onFiles={(files) => void chosen.add(files)} />
            {more}
            <ModelMenu choice={choice} />
          </div>
          {running ? <StopButton onStop={stop} /> : <SendButton ready={ready} />}
        </div>
      </div>
      <p className="chat-composer-hint">{t('composer.hint')}</p>
    </form>
  );
}

function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation('app');
  return (
    <FilePicker
      onFiles={onFiles}
      button={(open) => (
        <ActionIcon
          size={36}
          radius="xl"
          variant="subtle"
          color="gray"
          aria-label={t('files.attach')}
          title={t('files.attach')}
          onClick={open}
        >
          <IconPaperclip size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      )}
    />
  );
}

function StopButton({ onStop }: { onStop: () => void }) {
  const { t } = useTranslation('app');
  return (
    <ActionIcon
      size={36}
      radius="xl"
      variant="default"
      aria-label={t('composer.stop')}
      title={t('composer.stop')}
      onClick={onStop}
    >
      <IconPlayerStopFilled size={16} aria-hidden />
    </ActionIcon>
  );
}

function SendButton({ ready }: { ready: boolean }) {
  const { t } = useTranslation('app');
  return (
    <ActionIcon
      type="submit"
      size={36}
      radius="xl"
      disabled={!ready}
      aria-label={t('composer.send')}
      title={t('composer.send')}
    >
      <IconArrowUp size={20} aria-hidden />
    </ActionIcon>
  );
}
