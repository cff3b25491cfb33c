import { useTranslation } from 'react-i18next';

/** What a model thought before it answered, folded: for who wants to know. Plain text. */
export function Thinking({ text, running }: { text: string; running: boolean }) {
  const { t } = useTranslation('app');
  return (
    <details className="chat-thinking">
      <summary>{running ? t('thread.thinking') : t('thread.thought')}</summary>
      <div className="chat-plain">{text}</div>
    </details>
  );
}
