import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The mark: three bars of a budget, spent, held and free. */
function BrandMark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false" className="cf-mark">
      <rect x="3" y="6" width="26" height="5" rx="2.5" className="cf-mark-strong" />
      <rect x="3" y="13.5" width="17" height="5" rx="2.5" className="cf-mark-middle" />
      <rect x="3" y="21" width="9" height="5" rx="2.5" className="cf-mark-soft" />
    </svg>
  );
}

export function Brand({ app }: { app?: string }) {
  const { t } = useTranslation('ui');
  return (
    <Group gap={8} wrap="nowrap">
      <BrandMark />
      <Text fw={650} size="md" className="cf-brand-name">
        {t('brand')}
        {app && (
          <Text span c="dimmed" fw={450} ml={6}>
            {app}
          </Text>
        )}
      </Text>
    </Group>
  );
}
