import { useNetwork } from '@mantine/hooks';
import { IconWifiOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Without a network nothing fails and nothing comes: both are said. */
export function OfflineNote() {
  const { t } = useTranslation('app');
  const { online } = useNetwork();
  return (
    <div role="status">
      {!online && (
        <div className="chat-offline">
          <IconWifiOff size={18} stroke={1.7} aria-hidden />
          <span>{t('offline')}</span>
        </div>
      )}
    </div>
  );
}
