import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { NotSaved } from './not-saved.tsx';

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
        <NotSaved error={props.error} />
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
