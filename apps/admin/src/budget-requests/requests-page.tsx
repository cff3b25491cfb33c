import { EmptyState, ErrorState } from '@cloudfreedom/ui';
import { Group, NativeSelect, Skeleton, Stack } from '@mantine/core';
import { IconMoodSmile } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useBudgetRequests } from './budget-requests.queries.ts';
import { RequestList } from './request-list.tsx';

const STATES = ['pending', 'approved', 'declined'] as const;

/** All requests for more of a tenant: the open ones to decide, the others to read again. */
export function RequestsPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const [params, setParams] = useSearchParams();
  const state = STATES.find((known) => known === params.get('state')) ?? 'pending';
  const requests = useBudgetRequests(tenant.id, { state });
  const words = { pending: t('requests.open'), approved: t('requests.approved'), declined: t('requests.declined') };
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle>{t('nav.requests')}</PageTitle>
        <NativeSelect
          aria-label={t('requests.state')}
          data={STATES.map((value) => ({ value, label: words[value] }))}
          value={state}
          onChange={({ currentTarget: { value } }) => setParams(value === 'pending' ? {} : { state: value })}
        />
      </Group>
      {requests.isError && !requests.data ? (
        <ErrorState error={requests.error} onRetry={() => void requests.refetch()} />
      ) : !requests.data ? (
        <Skeleton height={220} aria-busy />
      ) : requests.data.length === 0 ? (
        <EmptyState
          icon={<IconMoodSmile size={28} stroke={1.5} />}
          title={state === 'pending' ? t('requests.noneOpen') : t('requests.none')}
          text={t('requests.noneText')}
        />
      ) : (
        <div className="portal-panel">
          <RequestList requests={requests.data} label={words[state]} />
        </div>
      )}
    </Stack>
  );
}
