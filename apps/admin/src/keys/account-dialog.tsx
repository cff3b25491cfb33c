import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProducts } from '../invitations/invitations.queries.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useKeyChanges } from './keys.queries.ts';

/** A service account: a budget and keys for a program, nobody's sign-in. A platform admin's to make. */
export function AccountDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={<b>{t('keys.newAccount')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
      centered
    >
      <AccountForm onClose={onClose} />
    </Modal>
  );
}

function AccountForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const tenant = useTenantOnShow();
  const products = useProducts();
  const failureWords = useFailureWords();
  const { createAccount } = useKeyChanges(tenant.id);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState('');
  const [missing, setMissing] = useState(false);
  const product = chosen || products.data?.[0]?.id || '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() !== '')
      createAccount.mutate({ name: name.trim(), product, locale: tenant.locale }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('keys.accountText')}
        </Text>
        <TextInput
          label={t('people.name')}
          maxLength={120}
          autoComplete="off"
          data-autofocus
          value={name}
          error={missing && t('fault.required')}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setMissing(false);
          }}
        />
        <NativeSelect
          label={t('people.product')}
          data={(products.data ?? []).map(({ id, name: label }) => ({ value: id, label }))}
          value={product}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        {createAccount.isError && (
          <Alert color="red" variant="light" role="alert">
            {t('person.notSaved', { why: failureWords(createAccount.error) })}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('ui:actions.cancel')}
          </Button>
          <Button type="submit" loading={createAccount.isPending}>
            {t('keys.createAccount')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
