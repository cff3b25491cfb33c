import type { ConversationSummary } from '@cloudfreedom/contracts';
import { Moment, useFailureWords } from '@cloudfreedom/ui';
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useConversationChanges } from './order.queries.ts';

const COPIED_MS = 2_000;
const linkOf = (shareId: string) => `${window.location.origin}/s/${shareId}`;

/** A link inside the tenant: says who can read what before it is made, and takes it back. */
export default function ShareDialog(props: { conversation: ConversationSummary; onClose: () => void }) {
  const { t } = useTranslation(['app', 'ui']);
  const failureWords = useFailureWords();
  const { share, revoke } = useConversationChanges(props.conversation.id);
  const latest = [share, revoke].sort((a, b) => b.submittedAt - a.submittedAt)[0];
  const shared = (latest?.data ?? props.conversation).share;
  return (
    <Modal
      opened
      onClose={props.onClose}
      centered
      title={<b>{t('share.title')}</b>}
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('share.who')}</Text>
        <Text size="sm">{t('share.what')}</Text>
        {shared && (
          <>
            <LinkField link={linkOf(shared.id)} />
            <Text size="sm" c="dimmed" role="status">
              {t('share.state', { count: shared.messageCount })} <Moment at={shared.sharedAt} />
            </Text>
          </>
        )}
        {latest?.isError && (
          <Alert color="red" variant="light" role="alert">
            {t('conversations.failed', { why: failureWords(latest.error) })}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          {shared ? (
            <>
              <Button variant="default" loading={revoke.isPending} onClick={() => revoke.mutate()}>
                {t('share.revoke')}
              </Button>
              <Button loading={share.isPending} onClick={() => share.mutate()}>
                {t('share.renew')}
              </Button>
            </>
          ) : (
            <Button loading={share.isPending} onClick={() => share.mutate()} data-autofocus>
              {t('share.create')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function LinkField({ link }: { link: string }) {
  const { t } = useTranslation(['app', 'ui']);
  const clipboard = useClipboard({ timeout: COPIED_MS });
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <TextInput
        flex={1}
        readOnly
        label={t('share.link')}
        value={link}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        variant="default"
        leftSection={clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        onClick={() => clipboard.copy(link)}
      >
        {clipboard.copied ? t('ui:actions.copied') : t('share.copy')}
      </Button>
    </Group>
  );
}
