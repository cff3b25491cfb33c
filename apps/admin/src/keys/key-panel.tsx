import { ErrorState, usePerson } from '@cloudfreedom/ui';
import { Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useModelChoice } from '../products/products.queries.ts';
import { LimitFields, useLimitNames } from '../records/limit-fields.tsx';
import { LIMIT_FIELDS } from '../records/limits.ts';
import { ModelChecks } from '../records/model-checks.tsx';
import { RecordForm } from '../records/record-form.tsx';
import { RecordPanel } from '../records/record-panel.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useRecordEditor } from '../records/use-record-editor.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { type ApiKey, apiKey, endOfDay } from './api-key.ts';
import { type KeyField, type KeyValues, keyChanges, keyValues } from './key-values.ts';
import { useApiKey, useKeyChanges } from './keys.queries.ts';

/** One key beside the list: its name and what it is limited to. @param keyId null: none is open */
export function KeyPanel({ keyId, onClose }: { keyId: string | null; onClose: () => void }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const key = useApiKey(tenant.id, keyId);
  const known = keyId === null ? undefined : key.data;
  return (
    <RecordPanel opened={keyId !== null} title={known?.name ?? t('keys.one')} onClose={onClose}>
      {known ? (
        <Stack gap="lg">
          <Text c="dimmed" component="div">
            <Text span ff="monospace" size="sm">
              {known.prefix}…
            </Text>
            {known.owner && ` · ${known.owner.name || known.owner.email}`}
          </Text>
          <KeyTerms key={known.id} apiKey={known} />
        </Stack>
      ) : key.isError ? (
        <ErrorState error={key.error} onRetry={() => void key.refetch()} />
      ) : (
        <Skeleton height={320} aria-busy />
      )}
    </RecordPanel>
  );
}

/** PocketBase's rules decide; this says it beforehand. */
function useLimitsRefusal({ owner, revoked }: ApiKey): string | null {
  const { t } = useTranslation('app');
  const admin = usePerson();
  if (revoked) return t('keys.revokedForGood');
  if (admin.role === 'platform_admin' || (owner?.role === 'member' && owner.id !== admin.id)) return null;
  return t('keys.limitsLocked');
}

function useKeyCheck() {
  const { t } = useTranslation('app');
  const checks = useFieldChecks();
  return (opened: ApiKey, typed: KeyValues) => ({
    name: checks.required(typed.name),
    monthly_budget_eur: checks.amount(typed.monthly_budget_eur),
    expires:
      typed.expires !== keyValues(opened).expires && Date.parse(endOfDay(typed.expires) ?? '') <= Date.now()
        ? t('keys.past')
        : null,
    ...Object.fromEntries(LIMIT_FIELDS.map((field) => [field, checks.count(typed[field])])),
  });
}

function KeyTerms({ apiKey: given }: { apiKey: ApiKey }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const models = useModelChoice();
  const check = useKeyCheck();
  const locked = useLimitsRefusal(given);
  const limitNames = useLimitNames();
  const { save } = useKeyChanges(tenant.id);
  const idsOf = models.data && new Map(models.data.map(({ id, name }) => [name, id]));
  const editor = useRecordEditor<KeyField, ApiKey>({
    record: given,
    valuesOf: (record) => keyValues(record ?? given),
    read: (record) => apiKey.parse(record),
    check: (typed) => check(given, typed),
    changesOf: (opened, typed) => (opened && idsOf ? keyChanges(opened, typed, idsOf) : null),
    save,
  });
  const { typed, faults, set } = editor;
  const labels: Record<KeyField, string> = {
    name: t('keys.name'),
    monthly_budget_eur: t('keys.budget'),
    expires: t('keys.expires'),
    models: t('products.models'),
    ...limitNames,
  };
  const field = (name: KeyField) => ({
    label: labels[name],
    value: typed[name],
    error: faults[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
  });
  const disabled = locked !== null;
  return (
    <RecordForm editor={editor} labels={labels} action={t('person.save')} disabled={given.revoked}>
      <TextInput {...field('name')} maxLength={80} disabled={given.revoked} />
      {locked && (
        <Text size="sm" c="dimmed" role="note">
          {locked}
        </Text>
      )}
      <div className="portal-fields">
        <TextInput
          {...field('monthly_budget_eur')}
          description={t('keys.budgetHint')}
          inputMode="decimal"
          disabled={disabled}
        />
        <TextInput {...field('expires')} description={t('keys.expiresHint')} type="date" disabled={disabled} />
      </div>
      <ModelChecks
        label={labels.models}
        description={t('keys.modelsHint')}
        models={models.data ?? []}
        chosen={typed.models.split('\n').filter(Boolean)}
        onChange={(names) => set('models', names.join('\n'))}
        disabled={disabled}
      />
      <LimitFields
        hint={t('keys.limitsHint')}
        placeholder={t('products.noLimit')}
        typed={typed}
        faults={faults}
        set={set}
        disabled={disabled}
      />
    </RecordForm>
  );
}
