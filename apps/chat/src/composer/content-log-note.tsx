import { IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Where the organisation keeps requests and answers: said where one writes, all the time. @param days 0: it doesn't */
export function ContentLogNote({ days }: { days: number }) {
  const { t } = useTranslation('app');
  if (days === 0) return null;
  return (
    <p className="chat-content-log" role="note">
      <IconEye size={16} stroke={1.8} aria-hidden />
      <span>{t('composer.contentLog', { count: days })}</span>
    </p>
  );
}
