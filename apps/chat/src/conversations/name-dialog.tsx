import { ApiFailure, useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Asks for one name. What it clashes with is said at the field. */
export function NameDialog(props: {
  title: string;
  label: string;
  missing: string;
  /** Said where the service answers that it is there already. */
  taken?: string;
  longest: number;
  name: string;
  busy: boolean;
  error: Error | null;
  onSave: (name: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const [name, setName] = useState(props.name);
  const [empty, setEmpty] = useState(false);
  const isTaken = props.taken !== undefined && props.error instanceof ApiFailure && props.error.status === 409;
  const save = (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    setEmpty(wanted === '');
    if (wanted !== '') props.onSave(wanted);
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      centered
      title={<b>{props.title}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <form onSubmit={save}>
        <Stack gap="md">
          <TextInput
            label={props.label}
            maxLength={props.longest}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={empty ? props.missing : isTaken && props.taken}
            data-autofocus
          />
          {props.error && !isTaken && (
            <Alert color="red" variant="light" role="alert">
              {t('conversations.failed', { why: failureWords(props.error) })}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t('ui:actions.cancel')}
            </Button>
            <Button type="submit" loading={props.busy}>
              {t('conversations.renameSave')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
