import { NativeSelect, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProducts } from '../invitations/invitations.queries.ts';
import { DialogForm, FormDialog } from '../records/form-dialog.tsx';
import { NotSaved } from '../records/not-saved.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useKeyChanges } from './keys.queries.ts';

/** A service account: a budget and keys for a program, nobody's sign-in. A platform admin's to make. */
export function AccountDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('app');
  return (
    <FormDialog opened={opened} onClose={onClose} title={t('keys.newAccount')}>
      <AccountForm onClose={onClose} />
    </FormDialog>
  );
}

function AccountForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const products = useProducts();
  const { createAccount } = useKeyChanges(tenant.id);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState('');
  const [missing, setMissing] = useState(false);
  const product = chosen || products.data?.[0]?.id || '';
  const submit = () => {
    setMissing(name.trim() === '');
    if (name.trim() !== '' && products.data)
      createAccount.mutate({ name: name.trim(), product, locale: tenant.locale }, { onSuccess: onClose });
  };
  return (
    <DialogForm
      action={t('keys.createAccount')}
      busy={createAccount.isPending || products.isPending}
      onSubmit={submit}
      onCancel={onClose}
    >
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
      <NotSaved error={createAccount.error ?? products.error} />
    </DialogForm>
  );
}
