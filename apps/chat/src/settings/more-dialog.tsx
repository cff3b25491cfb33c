import type { ConversationSettings, ListedModel } from '@cloudfreedom/contracts';
import { useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, NativeSelect, Stack, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TemperatureField } from './temperature-field.tsx';

const EFFORTS = ['none', 'low', 'medium', 'high'] as const;

/** Instructions, temperature and thinking of one conversation, for its next answers. */
export default function MoreDialog(props: {
  settings: ConversationSettings;
  model: ListedModel | undefined;
  onSave: (settings: ConversationSettings) => Promise<void>;
  onClose: () => void;
}) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const [settings, setSettings] = useState(props.settings);
  const [saving, setSaving] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setSaving(true);
    try {
      await props.onSave(settings);
      props.onClose();
    } catch (error) {
      setFault(error);
      setSaving(false);
    }
  };
  const thinks = props.model?.reasoning !== 'none';
  return (
    <Modal
      opened
      onClose={props.onClose}
      centered
      title={<b>{t('settings.title')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <form onSubmit={(event) => void save(event)}>
        <Stack gap="md">
          <Textarea
            label={t('settings.instructions')}
            description={t('settings.instructionsHint')}
            autosize
            minRows={3}
            maxRows={12}
            maxLength={100_000}
            value={settings.instructions}
            onChange={(event) => setSettings({ ...settings, instructions: event.currentTarget.value })}
            data-autofocus
          />
          <TemperatureField
            value={settings.temperature}
            onChange={(temperature) => setSettings({ ...settings, temperature })}
          />
          <NativeSelect
            label={t('settings.thinking')}
            description={thinks ? t('settings.thinkingHint') : t('settings.thinkingNot')}
            value={settings.reasoningEffort ?? ''}
            onChange={(event) => {
              const effort = EFFORTS.find((name) => name === event.currentTarget.value) ?? null;
              setSettings({ ...settings, reasoningEffort: effort });
            }}
            data={[
              { value: '', label: t('settings.modelsOwn') },
              { value: 'none', label: t('settings.effort.none') },
              { value: 'low', label: t('settings.effort.low') },
              { value: 'medium', label: t('settings.effort.medium') },
              { value: 'high', label: t('settings.effort.high') },
            ]}
          />
          {fault !== null && (
            <Alert color="red" variant="light" role="alert">
              {t('conversations.failed', { why: failureWords(fault) })}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t('ui:actions.cancel')}
            </Button>
            <Button type="submit" loading={saving}>
              {t('settings.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
