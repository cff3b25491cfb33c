import { Button, Group, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** A secret that is shown this once. */
export function SecretOnce({ title, secret }: { title: string; secret: string }) {
  const { t } = useTranslation(['app', 'ui']);
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <div className="portal-note" data-kind="done" role="status">
      <Text fw={600}>{title}</Text>
      <Text size="sm">{t('secret.once')}</Text>
      <Group gap="xs" wrap="nowrap">
        <code className="portal-secret">{secret}</code>
        <Button
          size="xs"
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          onClick={() => clipboard.copy(secret)}
        >
          {clipboard.copied ? t('ui:actions.copied') : t('secret.copy')}
        </Button>
      </Group>
    </div>
  );
}
