import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Below a question that was refused or whose answer failed, also later on. */
export function NoAnswer({ busy, onAskAgain }: { busy: boolean; onAskAgain: () => void }) {
  const { t } = useTranslation('app');
  return (
    <div className="chat-unanswered">
      {t('thread.noAnswer')}
      <Button variant="default" size="compact-sm" disabled={busy} onClick={onAskAgain}>
        {t('thread.askAgain')}
      </Button>
    </div>
  );
}
