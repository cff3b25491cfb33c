import type { Message } from '@cloudfreedom/contracts';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Step } from './message-tree.ts';
import type { ThreadActions } from './thread-actions.ts';

/** Back and forth between what was written in the same place. */
export function SiblingSwitch({ step, actions }: { step: Step<Message>; actions: ThreadActions }) {
  const { t } = useTranslation('app');
  const { siblings, message } = step;
  if (siblings.length < 2) return null;
  const at = siblings.indexOf(message.id);
  const to = (index: number) => {
    const id = siblings[index];
    if (id !== undefined) actions.choose(message.parentId, id);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: two buttons and a count, no form fields
    <span className="chat-siblings" role="group" aria-label={t('thread.versions')}>
      <button
        type="button"
        className="chat-act"
        aria-label={t('thread.versionBefore')}
        disabled={at === 0}
        onClick={() => to(at - 1)}
      >
        <IconChevronLeft size={16} aria-hidden />
      </button>
      <span className="chat-siblings-count">{t('thread.versionOf', { at: at + 1, count: siblings.length })}</span>
      <button
        type="button"
        className="chat-act"
        aria-label={t('thread.versionAfter')}
        disabled={at === siblings.length - 1}
        onClick={() => to(at + 1)}
      >
        <IconChevronRight size={16} aria-hidden />
      </button>
    </span>
  );
}
