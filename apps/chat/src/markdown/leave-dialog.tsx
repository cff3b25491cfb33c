import { Button, CopyButton, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { carriesData, targetOf } from './address.ts';

/** The whole address, before anything of it leaves the browser. */
export default function LeaveDialog({ url, onClose }: { url: URL; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const mail = url.protocol === 'mailto:';
  const target = targetOf(url);
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={<b>{mail ? t('markdown.mailTitle') : t('markdown.leaveTitle', { target })}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="md">
        <Text size="sm">{mail ? t('markdown.mailText') : t('markdown.leaveText', { target })}</Text>
        <bdi className="chat-address">{url.href}</bdi>
        {carriesData(url) && (
          <div className="chat-warning">
            <IconAlertTriangle size={20} stroke={1.7} aria-hidden />
            <Text size="sm">{t('markdown.carriesData')}</Text>
          </div>
        )}
        <Group justify="flex-end" gap="xs">
          <CopyButton value={url.href}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t('markdown.copied') : t('markdown.copyAddress')}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('ui:actions.cancel')}
          </Button>
          <Button
            component="a"
            href={url.href}
            target="_blank"
            rel="noopener noreferrer nofollow"
            referrerPolicy="no-referrer"
            onClick={onClose}
          >
            {t('markdown.open')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
