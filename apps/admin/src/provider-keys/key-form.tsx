import { PROVIDERS, type ProviderKeyView } from '@cloudfreedom/contracts';
import { ApiFailure, providerTitle } from '@cloudfreedom/ui';
import { Alert, Checkbox, NativeSelect, PasswordInput, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDeployments } from '../models/models.queries.ts';
import { DialogForm } from '../records/form-dialog.tsx';
import { NotSaved } from '../records/not-saved.tsx';
import { useFieldChecks } from '../records/use-field-faults.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useProviderKeyChanges } from './provider-keys.queries.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
const OTHER = '';
type Field = 'keyName' | 'label' | 'key' | 'weight';

/** Enter a key, or another one in its place; the provider is asked first whether it takes it. */
export function KeyForm({
  place,
  onClose,
}: {
  place: Pick<ProviderKeyView, 'keyName' | 'label'> | null;
  onClose: () => void;
}) {
  const { t } = useTranslation(['app', 'ui']);
  const checks = useFieldChecks();
  const { enter } = useProviderKeyChanges(useTenantOnShow());
  const [typed, setTyped] = useState({
    set: place?.keyName ?? 'openai',
    keyName: place?.keyName ?? '',
    label: place?.label ?? 'main',
    key: '',
    weight: '1',
  });
  const [test, setTest] = useState(true);
  const [faults, setFaults] = useState<Partial<Record<Field, string>>>({});
  const keyName = place?.keyName ?? (typed.set === OTHER ? typed.keyName.trim() : typed.set);
  const field = (name: Field) => ({
    value: typed[name],
    error: faults[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setTyped((known) => ({ ...known, [name]: value }));
    },
  });
  const submit = () => {
    const weight = Number(typed.weight);
    const found: Partial<Record<Field, string | null>> = {
      keyName: NAME.test(keyName) ? null : t('fault.keyName'),
      label: NAME.test(typed.label.trim()) ? null : t('fault.keyName'),
      key:
        checks.required(typed.key) ?? (/^[\x21-\x7e]{8,500}$/.test(typed.key.trim()) ? null : t('fault.providerKey')),
      weight:
        /^\d+$/.test(typed.weight.trim()) && weight >= 1 && weight <= 1000
          ? null
          : t('fault.range', { min: 1, max: 1000 }),
    };
    const wrong = Object.entries(found).filter((entry): entry is [Field, string] => entry[1] !== null);
    setFaults(Object.fromEntries(wrong));
    if (wrong.length > 0) return;
    const entry = { keyName, label: typed.label.trim(), key: typed.key.trim(), weight, test };
    enter.mutate(entry, { onSuccess: onClose });
  };
  return (
    <DialogForm action={t('providerKeys.save')} busy={enter.isPending} onSubmit={submit} onCancel={onClose}>
      <Text size="sm">{t('providerKeys.formText')}</Text>
      {place ? (
        <Text fw={550}>
          {place.keyName}/{place.label}
        </Text>
      ) : (
        <>
          <SetChoice value={typed.set} onChange={(set) => setTyped({ ...typed, set })} />
          <div className="portal-fields">
            {typed.set === OTHER && (
              <TextInput {...field('keyName')} label={t('models.keyName')} description={t('providerKeys.nameHint')} />
            )}
            <TextInput {...field('label')} label={t('providerKeys.label')} description={t('providerKeys.labelHint')} />
            <TextInput
              {...field('weight')}
              label={t('models.weight')}
              inputMode="numeric"
              description={t('providerKeys.weightHint')}
            />
          </div>
        </>
      )}
      <PasswordInput
        {...field('key')}
        label={t('providerKeys.key')}
        data-autofocus
        visibilityToggleButtonProps={{ 'aria-label': t('ui:account.showPassword') }}
      />
      <Checkbox
        label={t('providerKeys.test')}
        description={t('providerKeys.testHint')}
        checked={test}
        onChange={(event) => setTest(event.currentTarget.checked)}
      />
      <Refused error={enter.error} />
    </DialogForm>
  );
}

/** The providers, and the names that models of one's own give their keys. */
function SetChoice({ value, onChange }: { value: string; onChange: (set: string) => void }) {
  const { t } = useTranslation('app');
  const deployments = useDeployments();
  const named = new Set(deployments.data?.map(({ key_name: name }) => name).filter((name) => name !== ''));
  const own = [...named].filter((name) => !PROVIDERS.some((provider) => provider === name)).sort();
  return (
    <NativeSelect
      label={t('models.provider')}
      value={value}
      data={[
        ...PROVIDERS.map((provider) => ({ value: provider, label: providerTitle(provider) })),
        ...own.map((name) => ({ value: name, label: name })),
        { value: OTHER, label: t('providerKeys.other') },
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** What the provider said of the key, where that is why it was not taken. */
function Refused({ error }: { error: Error | null }) {
  const { t } = useTranslation('app');
  if (!(error instanceof ApiFailure)) return <NotSaved error={error} />;
  const words: Record<string, string> = {
    provider_key_rejected: t('providerKeys.rejected'),
    provider_key_untested: t('providerKeys.couldNotTest'),
    provider_keys_not_configured: t('providerKeys.noEncryption'),
  };
  const said = words[error.code ?? ''];
  if (!said) return <NotSaved error={error} />;
  return (
    <Alert color="red" variant="light" role="alert">
      {said}
    </Alert>
  );
}
