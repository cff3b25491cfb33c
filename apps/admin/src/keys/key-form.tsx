import { ApiFailure, readTypedAmount, usePerson } from '@cloudfreedom/ui';
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useModelChoice } from '../products/products.queries.ts';
import { DialogDone, DialogForm, FormDialog } from '../records/form-dialog.tsx';
import { ModelChecks } from '../records/model-checks.tsx';
import { NotSaved } from '../records/not-saved.tsx';
import { SecretOnce } from '../records/secret-once.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { endOfDay } from './api-key.ts';
import { type KeyWish, useKeyChanges, useServiceAccounts } from './keys.queries.ts';

const ONESELF = 'oneself';
type Field = 'owner' | 'name' | 'expires' | 'budget';
/** Which field of the form a refusal of identity is about. */
const FIELD_OF_PARAM: Record<string, Field> = {
  userId: 'owner',
  name: 'name',
  expiresAt: 'expires',
  monthlyBudgetEur: 'budget',
};

/** Make a key for oneself or for a service account; it is shown this once. */
export function KeyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('app');
  return (
    <FormDialog opened={opened} onClose={onClose} size="lg" title={t('keys.new')}>
      <KeyForm onClose={onClose} />
    </FormDialog>
  );
}

function useOwners(): { value: string; label: string }[] {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const admin = usePerson();
  const accounts = useServiceAccounts(tenant.id);
  const names = (accounts.data ?? [])
    .filter(({ status }) => status === 'active')
    .map(({ id, name }) => ({ value: id, label: name || id }));
  return admin.tenantId === tenant.id ? [{ value: ONESELF, label: t('keys.oneself') }, ...names] : names;
}

function KeyForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const owners = useOwners();
  const models = useModelChoice();
  const checks = useFieldChecks();
  const { create } = useKeyChanges(tenant.id);
  const [typed, setTyped] = useState({ owner: '', name: '', expires: '', budget: '' });
  const [allowed, setAllowed] = useState<string[]>([]);
  const [faults, setFaults] = useState<Partial<Record<Field, string | null>>>({});
  const owner = typed.owner || owners[0]?.value || '';
  const refusedField = create.error instanceof ApiFailure ? FIELD_OF_PARAM[create.error.param ?? ''] : undefined;

  const submit = () => {
    const found = {
      owner: owner === '' ? t('keys.noOwner') : null,
      name: checks.required(typed.name),
      expires: Date.parse(endOfDay(typed.expires) ?? '') <= Date.now() ? t('keys.past') : null,
      budget: checks.amount(typed.budget),
    };
    setFaults(found);
    if (Object.values(found).some((fault) => fault !== null)) return;
    const budget = readTypedAmount(typed.budget);
    const expiresAt = endOfDay(typed.expires);
    const wish: KeyWish = {
      name: typed.name.trim(),
      models: allowed,
      ...(owner === ONESELF ? {} : { userId: owner }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(budget.ok ? { monthlyBudgetEur: budget.amount } : {}),
    };
    create.mutate(wish);
  };
  const field = (name: Field) => ({
    value: name === 'owner' ? owner : typed[name],
    error: faults[name] ?? (refusedField === name && create.error?.message),
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setTyped((before) => ({ ...before, [name]: value }));
      setFaults((before) => ({ ...before, [name]: null }));
    },
  });
  if (create.data) {
    return (
      <DialogDone onClose={onClose}>
        <SecretOnce title={t('keys.made', { name: create.data.name })} secret={create.data.key} />
      </DialogDone>
    );
  }
  return (
    <DialogForm action={t('keys.create')} busy={create.isPending} onSubmit={submit} onCancel={onClose}>
      <TextInput
        {...field('name')}
        label={t('keys.name')}
        placeholder={t('keys.namePlaceholder')}
        maxLength={80}
        data-autofocus
      />
      <NativeSelect {...field('owner')} label={t('keys.owner')} description={t('keys.ownerHint')} data={owners} />
      <div className="portal-fields">
        <TextInput
          {...field('budget')}
          label={t('keys.budget')}
          description={t('keys.budgetHint')}
          inputMode="decimal"
        />
        <TextInput {...field('expires')} label={t('keys.expires')} description={t('keys.expiresHint')} type="date" />
      </div>
      <ModelChecks
        label={t('products.models')}
        description={t('keys.modelsHint')}
        models={models.data ?? []}
        chosen={allowed}
        onChange={setAllowed}
      />
      <NotSaved error={refusedField ? null : create.error} />
    </DialogForm>
  );
}
