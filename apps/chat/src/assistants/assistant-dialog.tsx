import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { AskedOfAssistant } from './assistant-card.tsx';
import { useAssistantChanges } from './assistants.queries.ts';

const LONGEST_NAME = 80;

/** Says what is going to happen, and does it. */
export default function AssistantDialog({ asked, onClose }: { asked: AskedOfAssistant; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const navigate = useNavigate();
  const changes = useAssistantChanges();
  const { what, assistant } = asked;
  const { id, name } = assistant;
  const words = {
    copy: [t('assistants.copyTitle', { name }), t('assistants.copyText'), t('assistants.copy')],
    share: [t('assistants.shareTitle', { name }), t('assistants.shareText'), t('assistants.share')],
    unshare: [t('assistants.unshareTitle', { name }), t('assistants.unshareText'), t('assistants.unshare')],
    delete: [
      t('assistants.deleteTitle', { name }),
      assistant.shared ? t('assistants.deleteSharedText') : t('assistants.deleteText'),
      t('assistants.delete'),
    ],
  } as const;
  const [title, text, action] = words[what];
  const { copy, setShared, remove } = changes;
  const act = () => {
    const done = { onSuccess: onClose };
    if (what === 'delete') remove.mutate(id, done);
    else if (what === 'copy')
      copy.mutate(
        { id, name: t('assistants.copyName', { name }).slice(0, LONGEST_NAME).trim() },
        { onSuccess: (made) => void navigate(`/assistants/${made.id}`) },
      );
    else setShared.mutate({ id, shared: what === 'share' }, done);
  };
  const error = copy.error ?? setShared.error ?? remove.error;
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={<b>{title}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="md">
        <Text>{text}</Text>
        {error && (
          <Alert color="red" variant="light" role="alert">
            {t('conversations.failed', { why: failureWords(error) })}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('ui:actions.cancel')}
          </Button>
          <Button
            {...(what === 'delete' && { color: 'red.8' })}
            loading={copy.isPending || setShared.isPending || remove.isPending}
            onClick={act}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
