import type { ConversationSummary } from '@cloudfreedom/contracts';
import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRenameConversation } from './conversations.queries.ts';

const LONGEST_TITLE = 200;

export default function RenameDialog(props: { conversation: ConversationSummary; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const rename = useRenameConversation(props.conversation.id);
  const [title, setTitle] = useState(props.conversation.title);
  const [empty, setEmpty] = useState(false);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const wanted = title.trim();
    setEmpty(wanted === '');
    if (wanted !== '') rename.mutate(wanted, { onSuccess: props.onClose });
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      centered
      title={<b>{t('conversations.renameTitle')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <form onSubmit={save}>
        <Stack gap="md">
          <TextInput
            label={t('conversations.renameLabel')}
            maxLength={LONGEST_TITLE}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            error={empty && t('conversations.renameEmpty')}
            data-autofocus
          />
          {rename.isError && (
            <Alert color="red" variant="light" role="alert">
              {t('conversations.failed', { why: failureWords(rename.error) })}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t('ui:actions.cancel')}
            </Button>
            <Button type="submit" loading={rename.isPending}>
              {t('conversations.renameSave')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
