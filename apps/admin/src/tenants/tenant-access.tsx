import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Question } from '../records/question.tsx';
import type { ManagedTenant } from './tenant-values.ts';
import { usePeopleOfTenant, useTenantChanges } from './tenants.queries.ts';

/** Suspend or reactivate a tenant, after a question that says what it does and to how many. */
export function TenantAccess({ tenant }: { tenant: ManagedTenant }) {
  const { t } = useTranslation('app');
  const [opened, question] = useDisclosure(false);
  const { setStatus } = useTenantChanges();
  const people = usePeopleOfTenant(tenant.id);
  const active = tenant.status === 'active';
  const { name } = tenant;
  const count = people.data ?? 0;
  const confirm = () =>
    setStatus.mutate({ id: tenant.id, status: active ? 'suspended' : 'active' }, { onSuccess: question.close });
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm" c="dimmed" role="status">
        {active ? t('tenants.accessActive', { count }) : t('tenants.accessSuspended', { count })}
      </Text>
      <Button variant="default" className={active ? 'portal-danger' : ''} onClick={question.open}>
        {active ? t('person.suspend') : t('person.reactivate')}
      </Button>
      <Question
        opened={opened}
        title={active ? t('person.suspendTitle', { name }) : t('person.reactivateTitle', { name })}
        text={active ? t('tenants.suspendText', { count }) : t('tenants.reactivateText', { count })}
        action={active ? t('person.suspend') : t('person.reactivate')}
        dangerous={active}
        busy={setStatus.isPending}
        error={setStatus.error}
        onConfirm={confirm}
        onClose={question.close}
      />
    </Stack>
  );
}
