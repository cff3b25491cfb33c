import { Button, Group, Modal, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface FormDialogProps {
  opened: boolean;
  title: string;
  size?: string;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog that holds a form; what is in it starts anew each time that it is opened. */
export function FormDialog({ opened, title, size = 'md', onClose, children }: FormDialogProps) {
  const { t } = useTranslation(['app', 'ui']);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={size}
      title={<b>{title}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
      centered
    >
      {children}
    </Modal>
  );
}

interface DialogFormProps {
  action: string;
  busy: boolean;
  /** It takes something away from somebody. */
  dangerous?: boolean;
  onSubmit: () => void;
  onCancel: () => void;
  children: ReactNode;
}

/** Fields in a dialog, and below them cancel and the button that does it. */
export function DialogForm(props: DialogFormProps) {
  const { t } = useTranslation(['app', 'ui']);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {props.children}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onCancel}>
            {t('ui:actions.cancel')}
          </Button>
          <Button type="submit" loading={props.busy} {...(props.dangerous ? { color: 'red.8' } : {})}>
            {props.action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What a form in a dialog has done, and the way out. */
export function DialogDone({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation(['app', 'ui']);
  return (
    <Stack gap="md">
      {children}
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t('ui:actions.close')}
        </Button>
      </Group>
    </Stack>
  );
}
