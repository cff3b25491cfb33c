import type { ConversationSummary } from '@cloudfreedom/contracts';
import { useTranslation } from 'react-i18next';
import { NameDialog } from './name-dialog.tsx';
import { useConversationChanges } from './order.queries.ts';

const LONGEST_TITLE = 200;

export default function RenameDialog(props: { conversation: ConversationSummary; onClose: () => void }) {
  const { t } = useTranslation('app');
  const { change } = useConversationChanges(props.conversation.id);
  return (
    <NameDialog
      title={t('conversations.renameTitle')}
      label={t('conversations.renameLabel')}
      missing={t('conversations.renameEmpty')}
      longest={LONGEST_TITLE}
      name={props.conversation.title}
      busy={change.isPending}
      error={change.error}
      onSave={(title) => change.mutate({ title }, { onSuccess: props.onClose })}
      onClose={props.onClose}
    />
  );
}
