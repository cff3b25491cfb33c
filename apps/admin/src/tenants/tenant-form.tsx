import { ANSWER_CACHE_RULES } from '@cloudfreedom/contracts';
import { useFormat } from '@cloudfreedom/ui';
import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProducts } from '../invitations/invitations.queries.ts';
import { LimitFields } from '../records/limit-fields.tsx';
import { LIMIT_FIELDS } from '../records/limits.ts';
import { RecordForm } from '../records/record-form.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useRecordEditor } from '../records/use-record-editor.ts';
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
import { useHasSignInProvider, useTenantChanges } from './tenants.queries.ts';
import { useAnswerCacheWords, useTenantFieldNames, useTenantTypeWords } from './words.ts';

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
  const check = useTenantCheck();
  const hasProvider = useHasSignInProvider();
  const labels = useTenantFieldNames();
  const editor = useRecordEditor<TenantField, ManagedTenant>({
    record: tenant,
    valuesOf: (record) => (record ? tenantValues(record) : blank),
    read: (record) => managedTenant.parse(record),
    check,
    changesOf: (of, values) => (!of && hasProvider === undefined ? null : tenantChanges(of, withSignIn(values))),
    ...useTenantChanges(),
    onCreated,
  });
  const { opened, typed } = editor;
  /** A new one, ticked as it comes, requires nothing that there isn't. */
  function withSignIn(values: TenantValues): TenantValues {
    return tenant === null && !hasProvider ? { ...values, single_sign_on_required: '' } : values;
  }
  const set = (field: TenantField, value: string) => {
    editor.set(field, value);
    if (field === 'name' && !opened && typed.slug === slugOf(typed.name)) editor.set('slug', slugOf(value));
  };
  return (
    <RecordForm editor={editor} labels={labels} action={opened ? t('person.save') : t('tenants.create')}>
      <TenantFields
        typed={withSignIn(typed)}
        faults={editor.faults}
        set={set}
        canRequireSignIn={hasProvider !== false || opened?.single_sign_on_required === true}
      />
    </RecordForm>
  );
}

/** What is wrong with what was typed, before anything is sent. */
function useTenantCheck() {
  const { t } = useTranslation('app');
  const checks = useFieldChecks();
  return (typed: TenantValues) => {
    const faults: Record<string, string | null> = {
      name: checks.required(typed.name),
      slug: /^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/.test(typed.slug.trim()) ? null : t('fault.slug'),
      monthly_budget_eur: checks.amount(typed.monthly_budget_eur),
      markup_percent: isPercent(typed.markup_percent) ? null : t('fault.percent'),
      expires_at: typed.type === 'demo' && typed.expires_at === '' ? t('fault.demoExpiry') : null,
      retention_days: checks.count(typed.retention_days, RETENTION_DAYS_MAX),
    };
    for (const limit of LIMIT_FIELDS) faults[limit] = checks.count(typed[limit]);
    return faults;
  };
}

interface FieldsProps {
  typed: TenantValues;
  faults: Partial<TenantValues>;
  set: (field: TenantField, value: string) => void;
  canRequireSignIn: boolean;
}

function TenantFields({ typed, faults, set, canRequireSignIn }: FieldsProps) {
  const { t } = useTranslation('app');
  const labels = useTenantFieldNames();
  const types = useTenantTypeWords();
  const rules = useAnswerCacheWords();
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
          description={t(canRequireSignIn ? 'tenants.singleSignOnHint' : 'tenants.singleSignOnMissing')}
          disabled={!canRequireSignIn}
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
        placeholder={'app.example.com\nai.example.com'}
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
      <NativeSelect
        {...field('answer_cache')}
        description={t('tenants.answerCacheHint')}
        data={ANSWER_CACHE_RULES.map((value) => ({ value, label: rules[value] }))}
      />
      <LimitFields
        hint={t('tenants.limitsHint')}
        placeholder={t('products.noLimit')}
        typed={typed}
        faults={faults}
        set={set}
      />
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
