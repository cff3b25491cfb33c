import { useTranslation } from 'react-i18next';

/** Until the first word of an answer. */
export function Waiting() {
  const { t } = useTranslation('app');
  return (
    <div className="chat-waiting">
      <span className="cf-visually-hidden" role="status">
        {t('thread.waiting')}
      </span>
      <span aria-hidden />
      <span aria-hidden />
      <span aria-hidden />
    </div>
  );
}
