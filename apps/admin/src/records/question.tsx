import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export interface QuestionProps {
  opened: boolean;
  title: string;
  /** What it will do. */
  text: string;
  action: string;
  /** It takes something away from somebody. */
  dangerous: boolean;
  busy: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is done that people will feel. */
export function Question(props: QuestionProps) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      centered
      title={<b>{props.title}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="md">
        <Text>{props.text}</Text>
        {props.error && (
          <Alert color="red" variant="light" role="alert">
            {t('person.notSaved', { why: failureWords(props.error) })}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t('ui:actions.cancel')}
          </Button>
          <Button {...(props.dangerous ? { color: 'red.8' } : {})} loading={props.busy} onClick={props.onConfirm}>
            {props.action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
