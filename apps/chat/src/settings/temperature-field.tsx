import './temperature-field.css';
import { useFormat } from '@cloudfreedom/ui';
import { Checkbox, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** null: the model's own temperature. */
export function TemperatureField(props: { value: number | null; onChange: (value: number | null) => void }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const { value, onChange } = props;
  return (
    <Stack gap={6}>
      <Checkbox
        label={t('settings.temperatureSet')}
        checked={value !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? 1 : null)}
      />
      {value !== null && (
        <label className="chat-temperature">
          <Text size="sm" component="span">
            {t('settings.temperature', { value: format.number(value) })}
          </Text>
          <input
            type="range"
            min={0}
            max={2}
            step={0.1}
            value={value}
            onChange={(event) => onChange(Number(event.currentTarget.value))}
          />
          <Text size="xs" c="dimmed" component="span">
            {t('settings.temperatureHint')}
          </Text>
        </label>
      )}
    </Stack>
  );
}
