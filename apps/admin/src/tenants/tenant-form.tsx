import { useFailureWords, useFormat } from '@cloudfreedom/ui';
import { Alert, Button, Checkbox, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProducts } from '../invitations/invitations.queries.ts';
import { DifferenceNotice } from '../records/difference-notice.tsx';
import { useFieldChecks, useServerFaults } from '../records/use-field-faults.ts';
import { useRecordForm } from '../records/use-record-form.ts';
import {
  fieldApplies,
  isPercent,
  type ManagedTenant,
  managedTenant,
  newTenantValues,
  slugOf,
  type TenantField,
  type TenantValues,
  tenantChanges,
  tenantTypes,
  tenantValues,
} from './tenant-values.ts';
import { useTenantChanges } from './tenants.queries.ts';
import { useTenantFieldNames, useTenantTypeWords } from './words.ts';

const RETENTION_DAYS_MAX = 3650;
const TIME_ZONES = Intl.supportedValuesOf('timeZone');

interface TenantFormProps {
  /** null: a new one. */
  tenant: ManagedTenant | null;
  onCreated: (tenant: ManagedTenant) => void;
}

/** All that a platform admin sets about a tenant. Whoever saves second sees what the first has changed. */
export function TenantForm({ tenant, onCreated }: TenantFormProps) {
  const { t } = useTranslation('app');
  const [blank] = useState(() => newTenantValues(Date.now()));
  const form = useRecordForm<TenantField, ManagedTenant | null>({
    opened: tenant,
    valuesOf: (record) => (record ? tenantValues(record) : blank),
    read: (record) => managedTenant.parse(record),
  });
  const check = useTenantCheck();
  const serverFaults = useServerFaults();
  const failureWords = useFailureWords();
  const labels = useTenantFieldNames();
  const { create, save } = useTenantChanges();
  const [done, setDone] = useState(false);
  const { opened, typed } = form;
  const error = create.error ?? save.error;
  const faultsOfServer = serverFaults(error);

  const onError = (failure: Error) => {
    if (!form.noticeChange(failure)) form.setFaults(serverFaults(failure));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDone(false);
    const faults = check(typed);
    form.setFaults(faults);
    if (Object.keys(faults).length > 0) return;
    const changes = tenantChanges(opened, typed);
    if (!opened) return create.mutate(changes, { onSuccess: onCreated, onError });
    const onSuccess = (record: unknown) => {
      form.start(managedTenant.parse(record));
      setDone(true);
    };
    save.mutate({ opened, changes }, { onSuccess, onError });
  };
  const set = (field: TenantField, value: string) => {
    setDone(false);
    form.set(field, value);
    if (field === 'name' && !opened && typed.slug === slugOf(typed.name)) form.set('slug', slugOf(value));
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TenantFields typed={typed} faults={form.faults} set={set} />
        {form.conflict && (
          <DifferenceNotice
            differences={form.conflict.differences}
            labels={labels}
            onTakeTheirs={form.conflict.takeTheirs}
            onKeepMine={form.conflict.keepMine}
          />
        )}
        {error && !form.conflict && Object.keys(faultsOfServer).length === 0 && error.name !== 'ChangedMeanwhile' && (
          <Alert color="red" variant="light" role="alert">
            {t('person.notSaved', { why: failureWords(error) })}
          </Alert>
        )}
        <Group gap="sm">
          <Button type="submit" loading={create.isPending || save.isPending} disabled={form.conflict !== null}>
            {opened ? t('person.save') : t('tenants.create')}
          </Button>
          <Text size="sm" className="portal-done" role="status">
            {done && t('record.saved')}
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

/** What is wrong with what was typed, before anything is sent. */
function useTenantCheck() {
  const { t } = useTranslation('app');
  const checks = useFieldChecks();
  return (typed: TenantValues): Partial<TenantValues> => {
    const faults: Record<string, string | null> = {
      name: checks.required(typed.name),
      slug: /^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/.test(typed.slug.trim()) ? null : t('fault.slug'),
      monthly_budget_eur: checks.amount(typed.monthly_budget_eur),
      markup_percent: isPercent(typed.markup_percent) ? null : t('fault.percent'),
      expires_at: typed.type === 'demo' && typed.expires_at === '' ? t('fault.demoExpiry') : null,
      retention_days: checks.count(typed.retention_days, RETENTION_DAYS_MAX),
    };
    return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== null));
  };
}

interface FieldsProps {
  typed: TenantValues;
  faults: Partial<TenantValues>;
  set: (field: TenantField, value: string) => void;
}

function TenantFields({ typed, faults, set }: FieldsProps) {
  const { t } = useTranslation('app');
  const labels = useTenantFieldNames();
  const types = useTenantTypeWords();
  const { language } = useFormat();
  const field = (name: TenantField) => ({
    label: labels[name],
    value: typed[name],
    error: faults[name],
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
  const type = tenantTypes.find((known) => known === typed.type) ?? 'enterprise';
  const zones = TIME_ZONES.includes(typed.time_zone) ? TIME_ZONES : [typed.time_zone, ...TIME_ZONES];
  return (
    <>
      <TextInput {...field('name')} maxLength={120} autoComplete="off" data-autofocus />
      <TextInput {...field('slug')} maxLength={40} autoComplete="off" description={t('tenants.slugHint')} />
      <NativeSelect
        {...field('type')}
        description={types[type].meaning}
        data={tenantTypes.map((value) => ({ value, label: types[value].name }))}
      />
      {fieldApplies('expires_at', type) && <TextInput {...field('expires_at')} type="datetime-local" />}
      {fieldApplies('single_sign_on_required', type) && (
        <Checkbox
          label={labels.single_sign_on_required}
          description={t('tenants.singleSignOnHint')}
          checked={typed.single_sign_on_required === 'yes'}
          error={faults.single_sign_on_required}
          onChange={(event) => set('single_sign_on_required', event.currentTarget.checked ? 'yes' : '')}
        />
      )}
      <div className="portal-fields">
        <TextInput
          {...field('monthly_budget_eur')}
          inputMode="decimal"
          autoComplete="off"
          placeholder={language === 'de' ? '1000,00' : '1000.00'}
          description={t('tenants.budgetHint')}
        />
        {fieldApplies('markup_percent', type) && (
          <TextInput
            {...field('markup_percent')}
            inputMode="decimal"
            autoComplete="off"
            description={t('tenants.markupHint')}
          />
        )}
      </div>
      <div className="portal-fields">
        <NativeSelect {...field('time_zone')} data={zones} description={t('tenants.zoneHint')} />
        <NativeSelect
          {...field('locale')}
          description={t('tenants.localeHint')}
          data={[
            { value: 'de', label: t('person.german') },
            { value: 'en', label: t('person.english') },
          ]}
        />
      </div>
      <Textarea
        {...field('domains')}
        description={t('tenants.domainsHint')}
        placeholder="chat.example.com"
        rows={2}
        autoComplete="off"
      />
      {fieldApplies('retention_days', type) && (
        <TextInput
          {...field('retention_days')}
          inputMode="numeric"
          autoComplete="off"
          description={t('tenants.retentionHint')}
        />
      )}
      <SignUpFields field={field} />
    </>
  );
}

function SignUpFields({
  field,
}: {
  field: (name: TenantField) => {
    label: string;
    value: string;
    error: string | undefined;
    onChange: (event: { currentTarget: { value: string } }) => void;
  };
}) {
  const { t } = useTranslation('app');
  const products = useProducts();
  return (
    <div className="portal-fields">
      <TextInput
        {...field('sign_up_domain')}
        description={t('tenants.signUpHint')}
        placeholder="example.com"
        autoComplete="off"
      />
      <NativeSelect
        {...field('sign_up_product')}
        description={t('tenants.signUpProductHint')}
        data={[
          { value: '', label: t('tenants.noSignUp') },
          ...(products.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </div>
  );
}
