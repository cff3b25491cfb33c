import type { NewInvitation } from '@cloudfreedom/contracts';
import { usePerson } from '@cloudfreedom/ui';
import { Alert, NativeSelect, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePersonWords } from '../people/words.ts';
import { DialogDone, DialogForm, FormDialog } from '../records/form-dialog.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useInvitationChanges, useProducts } from './invitations.queries.ts';
import { useInvitationWords } from './use-invitation-words.ts';

/** Ask somebody to come: who, as what, with which product and in which language. */
export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('app');
  return (
    <FormDialog opened={opened} onClose={onClose} title={t('invitations.dialogTitle')}>
      <InviteForm onClose={onClose} />
    </FormDialog>
  );
}

function InviteForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const words = useInvitationWords();
  const products = useProducts();
  const { invite } = useInvitationChanges(tenant.id);
  const [fields, setFields] = useState<NewInvitation>({
    email: '',
    name: '',
    role: 'member',
    product: '',
    tenant: tenant.id,
    locale: tenant.locale,
  });
  const [checked, setChecked] = useState(false);
  const set = (changes: Partial<NewInvitation>) => setFields((before) => ({ ...before, ...changes }));
  const emailFault = !/^\S+@\S+\.\S+$/.test(fields.email.trim());
  const nameFault = fields.name.trim() === '';
  const product = fields.product || products.data?.[0]?.id || '';
  const failure = invite.error ?? products.error;

  const submit = () => {
    setChecked(true);
    if (!emailFault && !nameFault && products.data) invite.mutate({ ...fields, product });
  };
  if (invite.isSuccess) {
    const { mailSent } = invite.data;
    return (
      <DialogDone onClose={onClose}>
        <Text role="status">
          {t(mailSent ? 'invitations.sent' : 'invitations.notMailed', { email: fields.email.trim() })}
        </Text>
      </DialogDone>
    );
  }
  return (
    <DialogForm
      action={t('invitations.send')}
      busy={invite.isPending || products.isPending}
      onSubmit={submit}
      onCancel={onClose}
    >
      <TextInput
        label={t('person.email')}
        type="email"
        autoComplete="off"
        data-autofocus
        value={fields.email}
        onChange={(event) => set({ email: event.currentTarget.value })}
        error={checked && emailFault && t('invitations.emailMissing')}
      />
      <TextInput
        label={t('people.name')}
        autoComplete="off"
        maxLength={120}
        value={fields.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={checked && nameFault && t('invitations.nameMissing')}
      />
      <RoleSelect value={fields.role} onChange={(role) => set({ role })} />
      <NativeSelect
        label={t('people.product')}
        data={(products.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={product}
        onChange={(event) => set({ product: event.currentTarget.value })}
      />
      <NativeSelect
        label={t('person.language')}
        data={[
          { value: 'de', label: t('person.german') },
          { value: 'en', label: t('person.english') },
        ]}
        value={fields.locale}
        onChange={(event) => set({ locale: event.currentTarget.value === 'en' ? 'en' : 'de' })}
      />
      {failure && (
        <Alert color="red" variant="light" role="alert">
          {words(failure)}
        </Alert>
      )}
    </DialogForm>
  );
}

type Role = NewInvitation['role'];

function RoleSelect({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const { t } = useTranslation('app');
  const { role: names } = usePersonWords();
  const admin = usePerson();
  const roles: Role[] = ['member', 'tenant_admin'];
  if (admin.role === 'platform_admin') roles.push('platform_admin');
  return (
    <NativeSelect
      label={t('people.role')}
      data={roles.map((role) => ({ value: role, label: names[role] }))}
      value={value}
      onChange={(event) => onChange(roles.find((role) => role === event.currentTarget.value) ?? 'member')}
    />
  );
}
