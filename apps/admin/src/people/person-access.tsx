import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Question } from '../records/question.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useChangeStatus, useEndSessions } from './people.queries.ts';
import type { TenantPerson } from './person.ts';

/** Suspend or reactivate, end sessions; each after a question that says what it does. */
export function PersonAccess({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const [asked, question] = useDisclosure(false);
  const [askedToEnd, ending] = useDisclosure(false);
  const change = useChangeStatus(tenant.id, person.id);
  const end = useEndSessions(tenant.id, person.id);
  const { name } = person;
  const active = person.status === 'active';
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm" c="dimmed">
        {active ? t('person.accessActive') : t('person.accessSuspended')}
      </Text>
      <Group gap="xs">
        <Button variant="default" className={active ? 'portal-danger' : ''} onClick={question.open}>
          {active ? t('person.suspend') : t('person.reactivate')}
        </Button>
        {person.kind === 'person' && (
          <Button variant="default" onClick={ending.open}>
            {t('person.endSessions')}
          </Button>
        )}
      </Group>
      <Text size="sm" className="portal-done" role="status">
        {change.isSuccess && t(active ? 'person.reactivated' : 'person.suspended', { name })}
        {end.isSuccess && t('person.sessionsEnded', { name })}
      </Text>
      <Question
        opened={asked}
        title={active ? t('person.suspendTitle', { name }) : t('person.reactivateTitle', { name })}
        text={active ? t('person.suspendText') : t('person.reactivateText')}
        action={active ? t('person.suspend') : t('person.reactivate')}
        dangerous={active}
        busy={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate(active ? 'suspended' : 'active', { onSuccess: question.close })}
        onClose={question.close}
      />
      <Question
        opened={askedToEnd}
        title={t('person.endSessionsTitle', { name })}
        text={t('person.endSessionsText')}
        action={t('person.endSessions')}
        dangerous
        busy={end.isPending}
        error={end.error}
        onConfirm={() => end.mutate(undefined, { onSuccess: ending.close })}
        onClose={ending.close}
      />
    </Stack>
  );
}
