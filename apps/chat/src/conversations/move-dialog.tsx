import type { ConversationSummary } from '@cloudfreedom/contracts';
import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, NativeSelect, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConversationChanges, useFolders } from './order.queries.ts';

const NONE = '';

/** Puts a conversation into a folder, or takes it out. */
export default function MoveDialog(props: { conversation: ConversationSummary; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const folders = useFolders();
  const { change } = useConversationChanges(props.conversation.id);
  const [chosen, setChosen] = useState(props.conversation.folderId ?? NONE);
  const save = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ folderId: chosen === NONE ? null : chosen }, { onSuccess: props.onClose });
  };
  const choice = (folders.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Modal
      opened
      onClose={props.onClose}
      centered
      title={<b>{t('folders.moveTitle')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <form onSubmit={save}>
        <Stack gap="md">
          <NativeSelect
            label={t('folders.folder')}
            description={choice.length === 0 ? t('folders.noneYet') : undefined}
            data={[{ value: NONE, label: t('folders.none') }, ...choice]}
            value={chosen}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data-autofocus
          />
          {change.isError && (
            <Alert color="red" variant="light" role="alert">
              {t('conversations.failed', { why: failureWords(change.error) })}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t('ui:actions.cancel')}
            </Button>
            <Button type="submit" loading={change.isPending}>
              {t('folders.move')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
