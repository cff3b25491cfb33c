import type { ConversationSummary } from '@cloudfreedom/contracts';
import { Button, CloseButton, Portal } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

export type Toast =
  | { kind: 'deleted'; conversation: ConversationSummary; wasOpen: boolean }
  | { kind: 'failed' }
  | null;

/** The service keeps what was deleted for a minute; the offer ends well before. */
const SHOWN_MS = 15_000;

export function UndoToast({ toast, onUndo, onClose }: { toast: Toast; onUndo: () => void; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new toast has its whole time
  useEffect(() => {
    const timer = setTimeout(onClose, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <Portal>
      <div role="status">
        {toast && (
          <div className="chat-toast">
            <span className="chat-toast-text">
              {toast.kind === 'failed'
                ? t('conversations.notDone')
                : t('conversations.deleted', { title: toast.conversation.title })}
            </span>
            {toast.kind === 'deleted' && (
              <Button size="xs" variant="default" onClick={onUndo}>
                {t('conversations.undo')}
              </Button>
            )}
            <CloseButton size="sm" aria-label={t('ui:actions.close')} onClick={onClose} />
          </div>
        )}
      </div>
    </Portal>
  );
}
