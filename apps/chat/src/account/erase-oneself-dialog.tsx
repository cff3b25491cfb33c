import { Alert, Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEraseOneself } from './own-data.queries.ts';

/** Says what goes and what stays; the password confirms it. PocketBase's refusals are in the person's language. */
export default function EraseOneselfDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const [password, setPassword] = useState('');
  const erase = useEraseOneself();
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    erase.mutate(password);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={<b>{t('account.eraseTitle')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <form onSubmit={confirm}>
        <Stack gap="md">
          <Text>{t('account.eraseGoes')}</Text>
          <Text>{t('account.eraseStays')}</Text>
          <PasswordInput
            label={t('account.password')}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('ui:account.showPassword') }}
            data-autofocus
            required
          />
          {erase.isError && (
            <Alert color="red" variant="light" role="alert">
              {erase.error.message}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('ui:actions.cancel')}
            </Button>
            <Button type="submit" color="red.8" loading={erase.isPending}>
              {t('account.eraseConfirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
