import { ActionIcon, Textarea, Tooltip } from '@mantine/core';
import { IconArrowUp, IconPlayerStopFilled } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ModelMenu } from '../models/model-menu.tsx';
import type { useChosenModel } from '../models/models.queries.ts';

const LONGEST_MESSAGE = 1_000_000;

export interface ComposerProps {
  choice: ReturnType<typeof useChosenModel>;
  running: boolean;
  /** Why the last message was not sent, in words. */
  fault: string | null;
  /** Resolves to whether the message is safe; what was typed stays until then. */
  onSend: (text: string) => Promise<boolean>;
  onStop: () => void;
}

/** Always there, grows with the text. Enter sends, Shift+Enter starts a new line. */
export function Composer({ choice, running, fault, onSend, onStop }: ComposerProps) {
  const { t } = useTranslation('app');
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const tooLong = text.length > LONGEST_MESSAGE;
  const noModel = choice.models.isSuccess && !choice.chosen;
  const ready = text.trim() !== '' && !tooLong && !running && !sending && choice.chosen !== undefined;
  const trouble = tooLong ? t('composer.tooLong') : noModel ? t('composer.noModel') : fault;

  const send = async () => {
    if (!ready) return;
    setSending(true);
    const safe = await onSend(text.trim());
    setSending(false);
    if (safe) setText((now) => (now === text ? '' : now));
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

  return (
    <form
      className="chat-composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {trouble && (
        <p className="chat-composer-fault" role="alert">
          {trouble}
        </p>
      )}
      <div className="chat-composer-box">
        <Textarea
          ref={field}
          id="message"
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={9}
          aria-label={t('composer.label')}
          placeholder={t('composer.placeholder')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          enterKeyHint="send"
          autoFocus
        />
        <div className="chat-composer-row">
          <ModelMenu choice={choice} />
          {running ? <StopButton onStop={stop} /> : <SendButton ready={ready} />}
        </div>
      </div>
      <p className="chat-composer-hint">{t('composer.hint')}</p>
    </form>
  );
}

function StopButton({ onStop }: { onStop: () => void }) {
  const { t } = useTranslation('app');
  return (
    <Tooltip label={t('composer.stop')}>
      <ActionIcon size={36} radius="xl" variant="default" aria-label={t('composer.stop')} onClick={onStop}>
        <IconPlayerStopFilled size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function SendButton({ ready }: { ready: boolean }) {
  const { t } = useTranslation('app');
  return (
    <Tooltip label={t('composer.send')}>
      <ActionIcon type="submit" size={36} radius="xl" disabled={!ready} aria-label={t('composer.send')}>
        <IconArrowUp size={20} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
