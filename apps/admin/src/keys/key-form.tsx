import { ApiFailure, readTypedAmount, usePerson } from '@cloudfreedom/ui';
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useModelChoice } from '../products/products.queries.ts';
import { DialogDone, DialogForm, FormDialog } from '../records/form-dialog.tsx';
import { LimitFields } from '../records/limit-fields.tsx';
import { LIMIT_FIELDS, type LimitField } from '../records/limits.ts';
import { ModelChecks } from '../records/model-checks.tsx';
import { NotSaved } from '../records/not-saved.tsx';
import { SecretOnce } from '../records/secret-once.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { endOfDay } from './api-key.ts';
import { limitWish, NO_LIMITS } from './key-values.ts';
import { type KeyWish, useKeyChanges, useServiceAccounts } from './keys.queries.ts';

const ONESELF = 'oneself';
type Field = 'owner' | 'name' | 'expires' | 'budget' | LimitField;
/** Which field of the form a refusal of identity is about. */
const FIELD_OF_PARAM: Record<string, Field> = {
  userId: 'owner',
  name: 'name',
  expiresAt: 'expires',
  monthlyBudgetEur: 'budget',
  requestsPerMinute: 'requests_per_minute',
  tokensPerMinute: 'tokens_per_minute',
  parallelRequests: 'parallel_requests',
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

/** What is typed about a key that is being made, its faults, and making it. */
function useNewKey(firstOwner: string) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const checks = useFieldChecks();
  const { create } = useKeyChanges(tenant.id);
  const [typed, setTyped] = useState({ owner: '', name: '', expires: '', budget: '', ...NO_LIMITS });
  const [allowed, setAllowed] = useState<string[]>([]);
  const [faults, setFaults] = useState<Partial<Record<Field, string | null>>>({});
  const owner = typed.owner || firstOwner;
  const refusedField = create.error instanceof ApiFailure ? FIELD_OF_PARAM[create.error.param ?? ''] : undefined;

  const submit = () => {
    const found = {
      owner: owner === '' ? t('keys.noOwner') : null,
      name: checks.required(typed.name),
      expires: Date.parse(endOfDay(typed.expires) ?? '') <= Date.now() ? t('keys.past') : null,
      budget: checks.amount(typed.budget),
      ...Object.fromEntries(LIMIT_FIELDS.map((field) => [field, checks.count(typed[field])])),
    };
    setFaults(found);
    if (Object.values(found).some((fault) => fault !== null)) return;
    const budget = readTypedAmount(typed.budget);
    const expiresAt = endOfDay(typed.expires);
    const wish: KeyWish = {
      name: typed.name.trim(),
      models: allowed,
      ...limitWish(typed),
      ...(owner === ONESELF ? {} : { userId: owner }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(budget.ok ? { monthlyBudgetEur: budget.amount } : {}),
    };
    create.mutate(wish);
  };
  return {
    typed: { ...typed, owner },
    allowed,
    setAllowed,
    create,
    submit,
    /** What went wrong as a whole; null where a field says it. */
    error: refusedField ? null : create.error,
    faultOf: (name: Field) => faults[name] ?? (refusedField === name ? (create.error?.message ?? null) : null),
    set(name: Field, value: string) {
      setTyped((before) => ({ ...before, [name]: value }));
      setFaults((before) => ({ ...before, [name]: null }));
    },
  };
}

function KeyForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  const owners = useOwners();
  const models = useModelChoice();
  const { typed, set, faultOf, create, ...form } = useNewKey(owners[0]?.value ?? '');
  const field = (name: Field) => ({
    value: typed[name],
    error: faultOf(name),
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
  if (create.data) {
    return (
      <DialogDone onClose={onClose}>
        <SecretOnce title={t('keys.made', { name: create.data.name })} secret={create.data.key} />
      </DialogDone>
    );
  }
  return (
    <DialogForm action={t('keys.create')} busy={create.isPending} onSubmit={form.submit} onCancel={onClose}>
      <TextInput
        {...field('name')}
        label={t('keys.name')}
        placeholder={t('keys.namePlaceholder')}
        maxLength={80}
        data-autofocus
      />
      <NativeSelect
        {...field('owner')}
        label={t('keys.owner')}
        description={owners.length > 0 ? t('keys.ownerHint') : t('keys.noOwner')}
        data={owners}
      />
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
        chosen={form.allowed}
        onChange={form.setAllowed}
      />
      <LimitFields
        hint={t('keys.limitsHint')}
        placeholder={t('products.noLimit')}
        typed={typed}
        faults={Object.fromEntries(LIMIT_FIELDS.map((name) => [name, faultOf(name)]))}
        set={set}
      />
      <NotSaved error={form.error} />
    </DialogForm>
  );
}
