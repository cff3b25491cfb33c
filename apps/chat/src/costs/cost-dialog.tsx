import { useFormat } from '@cloudfreedom/ui';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** What a request will cost, and whether to send it. */
export default function CostDialog(props: {
  estimate: string;
  free: string | null;
  onDecide: (send: boolean) => void;
}) {
  const { t } = useTranslation(['app', 'ui']);
  const format = useFormat();
  const amount = format.money(props.estimate);
  return (
    <Modal
      opened
      onClose={() => props.onDecide(false)}
      centered
      title={<b>{t('costs.title', { amount })}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="md">
        <Text>
          {props.free === null ? t('costs.textNoLimit') : t('costs.text', { free: format.money(props.free, 'down') })}
        </Text>
        <Text size="sm" c="dimmed">
          {t('costs.advice')}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => props.onDecide(false)} data-autofocus>
            {t('costs.notNow')}
          </Button>
          <Button onClick={() => props.onDecide(true)}>{t('costs.send')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
