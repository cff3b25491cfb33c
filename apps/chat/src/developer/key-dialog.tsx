import type { ApiKeyCreateResponse } from '@cloudfreedom/contracts';
import { readTypedAmount, useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Checkbox, Fieldset, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useModelName } from '../models/model-name.ts';
import { useModels } from '../models/models.queries.ts';
import { endOfDay } from './own-key.ts';
import { useOwnKeyChanges } from './own-keys.queries.ts';
import '@mantine/core/styles/InlineInput.layer.css';
import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/Fieldset.layer.css';

const COPIED_MS = 2_000;

/** Makes an own key; it is shown this once. */
export default function KeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const [made, setMade] = useState<ApiKeyCreateResponse | null>(null);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      centered
      title={<b>{t('developer.newKey')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      {made ? <KeyOnce made={made} onClose={onClose} /> : <KeyForm onMade={setMade} onClose={onClose} />}
    </Modal>
  );
}

function KeyOnce({ made, onClose }: { made: ApiKeyCreateResponse; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const clipboard = useClipboard({ timeout: COPIED_MS });
  return (
    <Stack gap="md">
      <div role="status">
        <Text fw={600}>{t('developer.made', { name: made.name })}</Text>
        <Text size="sm">{t('developer.once')}</Text>
      </div>
      <code className="developer-secret">{made.key}</code>
      <Group justify="flex-end" gap="xs">
        <Button
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          onClick={() => clipboard.copy(made.key)}
        >
          {clipboard.copied ? t('ui:actions.copied') : t('developer.copyKey')}
        </Button>
        <Button onClick={onClose}>{t('ui:actions.close')}</Button>
      </Group>
    </Stack>
  );
}

function KeyForm({ onMade, onClose }: { onMade: (made: ApiKeyCreateResponse) => void; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const models = useModels();
  const modelName = useModelName();
  const { create } = useOwnKeyChanges();
  const [typed, setTyped] = useState({ name: '', budget: '', expires: '' });
  const [allowed, setAllowed] = useState<string[]>([]);
  const [checked, setChecked] = useState(false);
  const budget = readTypedAmount(typed.budget);
  const expiresAt = endOfDay(typed.expires);
  const faults = {
    name: typed.name.trim() === '' && t('developer.nameMissing'),
    budget: typed.budget.trim() !== '' && !budget.ok && t('developer.budgetWrong'),
    expires: expiresAt !== undefined && Date.parse(expiresAt) <= Date.now() && t('developer.past'),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (faults.name || faults.budget || faults.expires) return;
    const wish = {
      name: typed.name.trim(),
      models: allowed,
      ...(budget.ok && { monthlyBudgetEur: budget.amount }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
    create.mutate(wish, { onSuccess: onMade });
  };
  const field = (name: keyof typeof typed) => ({
    value: typed[name],
    error: checked && faults[name],
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) =>
      setTyped({ ...typed, [name]: event.currentTarget.value }),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput {...field('name')} label={t('developer.name')} maxLength={80} data-autofocus />
        <TextInput
          {...field('budget')}
          label={t('developer.budget')}
          description={t('developer.budgetHint')}
          inputMode="decimal"
        />
        <TextInput
          {...field('expires')}
          label={t('developer.expires')}
          description={t('developer.expiresHint')}
          type="date"
        />
        <Checkbox.Group value={allowed} onChange={setAllowed}>
          <Fieldset legend={t('developer.models')} variant="unstyled">
            <Text size="xs" c="dimmed" mb="xs">
              {t('developer.modelsHint')}
            </Text>
            <div className="developer-models">
              {(models.data ?? []).map((model) => (
                <Checkbox key={model.id} value={model.id} label={modelName(model)} size="sm" />
              ))}
            </div>
          </Fieldset>
        </Checkbox.Group>
        {create.isError && (
          <Alert color="red" variant="light" role="alert">
            {t('developer.notMade', { why: failureWords(create.error) })}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('ui:actions.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('developer.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
