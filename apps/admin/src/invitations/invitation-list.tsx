import { useFormat } from '@cloudfreedom/ui';
import { Alert, Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { usePersonWords } from '../people/words.ts';
import { Question } from '../records/question.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { type Invitation, isExpired } from './invitation.ts';
import { useInvitationChanges, useInvitations } from './invitations.queries.ts';
import { useInvitationWords } from './use-invitation-words.ts';

/** Who was invited and has not come yet; nothing where there is nobody. */
export function InvitationList() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const invitations = useInvitations(tenant.id);
  if (!invitations.data || invitations.data.length === 0) return null;
  return (
    <section aria-labelledby="invitations">
      <Title order={2} size="h4" id="invitations" mb="sm">
        {t('invitations.title')}
      </Title>
      <ul className="portal-panel portal-cards">
        {invitations.data.map((invitation) => (
          <Row key={invitation.id} invitation={invitation} tenantId={tenant.id} />
        ))}
      </ul>
    </section>
  );
}

function Row({ invitation, tenantId }: { invitation: Invitation; tenantId: string }) {
  const { t } = useTranslation('app');
  const { role } = usePersonWords();
  const words = useInvitationWords();
  const format = useFormat();
  const { sendAgain, withdraw } = useInvitationChanges(tenantId);
  const [asked, question] = useDisclosure(false);
  const expired = isExpired(invitation);
  return (
    <li>
      <Group justify="space-between" gap="sm">
        <Stack gap={0} className="portal-card-name">
          <Text fw={550}>{invitation.name}</Text>
          <Text size="sm" c="dimmed" truncate>
            {invitation.email} · {role[invitation.role]}
          </Text>
        </Stack>
        <Group gap="xs">
          {expired ? (
            <Badge color="red" variant="light" tt="none">
              {t('invitations.expired')}
            </Badge>
          ) : (
            <Text size="sm" c="dimmed">
              {t('invitations.until', { date: format.dateTime(invitation.expires) })}
            </Text>
          )}
          <Button
            variant="default"
            size="xs"
            loading={sendAgain.isPending}
            aria-label={t('invitations.sendAgainTo', { name: invitation.name })}
            onClick={() => sendAgain.mutate(invitation.id)}
          >
            {t('invitations.sendAgain')}
          </Button>
          <Button
            variant="subtle"
            color="red"
            size="xs"
            aria-label={t('invitations.withdrawOf', { name: invitation.name })}
            onClick={question.open}
          >
            {t('invitations.withdraw')}
          </Button>
        </Group>
      </Group>
      <Question
        opened={asked}
        title={t('invitations.withdrawTitle', { name: invitation.name })}
        text={t('invitations.withdrawText', { email: invitation.email })}
        action={t('invitations.withdraw')}
        dangerous
        busy={withdraw.isPending}
        error={withdraw.error}
        onConfirm={() => withdraw.mutate(invitation.id, { onSuccess: question.close })}
        onClose={question.close}
      />
      {sendAgain.error && (
        <Alert color="red" variant="light" role="alert" mt="sm">
          {words(sendAgain.error)}
        </Alert>
      )}
      <Text size="sm" c="dimmed" role="status">
        {sendAgain.isSuccess &&
          t(sendAgain.data.mailSent ? 'invitations.sent' : 'invitations.notMailed', { email: invitation.email })}
      </Text>
    </li>
  );
}
