import { ErrorState, Moment, Money } from '@cloudfreedom/ui';
import { Anchor, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePeopleNames } from '../people/people.queries.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useLatestUsage } from '../usage/usage.queries.ts';
import { ModelCell } from '../usage/usage-cells.tsx';
import { Nothing, SkeletonLines } from './panel.tsx';

const LATEST_REQUESTS = 8;

export function LatestRequests() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const latest = useLatestUsage(tenant.id, LATEST_REQUESTS);
  const rows = latest.data?.items ?? [];
  const names = usePeopleNames(
    tenant.id,
    rows.map((row) => row.subjectId),
  );
  if (latest.isError && !latest.data) {
    return <ErrorState error={latest.error} onRetry={() => void latest.refetch()} />;
  }
  if (!latest.data || (rows.length > 0 && names.isPending)) return <SkeletonLines rows={LATEST_REQUESTS} />;
  if (rows.length === 0) return <Nothing text={t('overview.latestEmpty')} />;
  return (
    <ol className="portal-list">
      {rows.map((row) => (
        <li key={row.reservationId} data-request={row.requestId}>
          <Group justify="space-between" wrap="nowrap">
            <Anchor
              component={Link}
              to={`/tenants/${tenant.id}/usage?request=${row.reservationId}`}
              c="inherit"
              fw={550}
              truncate
              className="overview-latest"
            >
              {names.data?.get(row.subjectId) ?? t('people.unknown')}
            </Anchor>
            <Text fw={550}>
              <Money amount={row.charge} />
            </Text>
          </Group>
          <Group justify="space-between" wrap="nowrap" c="dimmed" fz="sm">
            <ModelCell row={row} />
            <span className="portal-nowrap">
              <Moment at={row.at} />
            </span>
          </Group>
        </li>
      ))}
    </ol>
  );
}
