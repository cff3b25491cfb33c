import { ErrorState } from '@cloudfreedom/ui';
import { Anchor, Group, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useBudgetRequests } from './budget-requests.queries.ts';
import { RequestList } from './request-list.tsx';

const SHOWN = 3;

/** Who waits for more budget, to be decided on the spot; nothing where nobody does. */
export function OpenRequests() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const requests = useBudgetRequests(tenant.id, { state: 'pending' });
  const count = requests.data?.length ?? 0;
  if (requests.isError && !requests.data)
    return (
      <section className="portal-panel">
        <ErrorState error={requests.error} onRetry={() => void requests.refetch()} />
      </section>
    );
  if (!requests.data || count === 0) return null;
  return (
    <section className="portal-panel">
      <Group justify="space-between" className="portal-panel-head">
        <Title order={2} size="h3">
          {t('requests.waiting', { count })}
        </Title>
        <Anchor component={Link} to={`/tenants/${tenant.id}/requests`} size="sm">
          {t('requests.all')}
        </Anchor>
      </Group>
      <RequestList requests={requests.data.slice(0, SHOWN)} label={t('requests.open')} />
    </section>
  );
}
