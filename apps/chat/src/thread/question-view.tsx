import type { Message } from '@cloudfreedom/contracts';
import { Button, Group, Textarea } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { type KeyboardEvent, memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MessageFiles } from '../files/message-files.tsx';
import type { Step } from './message-tree.ts';
import { QuestionText } from './question-text.tsx';
import { SiblingSwitch } from './sibling-switch.tsx';
import type { ThreadActions } from './thread-actions.ts';

function isSame(a: { step: Step<Message> }, b: { step: Step<Message> }): boolean {
  return a.step.message === b.step.message && a.step.siblings.join() === b.step.siblings.join();
}

/** What a person wrote. It can be put in other words; the first ones stay beside it. */
export const QuestionView = memo(function QuestionView(props: { step: Step<Message>; actions: ThreadActions }) {
  const { t } = useTranslation('app');
  const [editing, setEditing] = useState(false);
  const { step, actions } = props;
  const { message } = step;
  if (editing) return <QuestionEditor message={message} actions={actions} onClose={() => setEditing(false)} />;
  return (
    <article className="chat-message" data-role="user" aria-label={t('thread.you')}>
      <h2 className="cf-visually-hidden">{t('thread.you')}</h2>
      <MessageFiles files={message.attachments} />
      {message.content !== '' && <QuestionText text={message.content} />}
      <div className="chat-acts" data-side="end">
        <SiblingSwitch step={step} actions={actions} />
        <button
          type="button"
          className="chat-act"
          aria-label={t('thread.edit')}
          title={t('thread.edit')}
          onClick={() => setEditing(true)}
        >
          <IconPencil size={16} aria-hidden />
        </button>
      </div>
    </article>
  );
}, isSame);

function QuestionEditor(props: { message: Message; actions: ThreadActions; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const { message, actions, onClose } = props;
  const [text, setText] = useState(message.content);
  const [sending, setSending] = useState(false);
  const ready = text.trim() !== '' && !sending;
  const send = async () => {
    if (!ready) return;
    setSending(true);
    const stored = await actions.edit(message, text.trim());
    setSending(false);
    if (stored) onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onClose();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    void send();
  };
  return (
    <div className="chat-message chat-editor" data-role="user">
      <Textarea
        autosize
        minRows={2}
        maxRows={14}
        autoFocus
        aria-label={t('thread.editLabel')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Group justify="flex-end" gap="xs" mt={8}>
        <Button variant="default" size="xs" onClick={onClose}>
          {t('ui:actions.cancel')}
        </Button>
        <Button size="xs" disabled={!ready} loading={sending} onClick={() => void send()}>
          {t('thread.editSend')}
        </Button>
      </Group>
    </div>
  );
}
