import type { ConversationSummary } from '@cloudfreedom/contracts';
import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { useAnswers } from '../answers/answers-context.tsx';
import { useDeleteConversation } from './conversations.queries.ts';

export default function DeleteDialog(props: { conversation: ConversationSummary; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const answers = useAnswers();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { id, title } = props.conversation;
  const remove = useDeleteConversation(id);
  const confirm = () => {
    answers.stop(id);
    remove.mutate(undefined, {
      onSuccess: () => {
        props.onClose();
        if (pathname === `/c/${id}`) navigate('/');
      },
    });
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      centered
      title={<b>{t('conversations.deleteTitle')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="md">
        <Text>{t('conversations.deleteText', { title })}</Text>
        {remove.isError && (
          <Alert color="red" variant="light" role="alert">
            {t('conversations.failed', { why: failureWords(remove.error) })}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t('ui:actions.cancel')}
          </Button>
          <Button color="red.8" loading={remove.isPending} onClick={confirm}>
            {t('conversations.delete')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
