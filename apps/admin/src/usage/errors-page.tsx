import { EmptyState, ErrorState } from '@cloudfreedom/ui';
import { Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { FailureGroups } from './failure-groups.tsx';
import { FailureList } from './failure-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import './usage.css';
import { useFailureGroups } from './usage.queries.ts';
import { FAILURE_NAMES } from './usage-filter.ts';
import { UsageViews } from './usage-views.tsx';
import { partOf, useLogFilter } from './use-log-filter.ts';

/** Why people got no answer: by reason, then each of them with the figures of what stood in the way. */
export function ErrorsPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { filter: whole, change } = useLogFilter();
  const filter = useMemo(() => partOf(whole, FAILURE_NAMES), [whole]);
  const groups = useFailureGroups(tenant.id, filter);
  const isEmpty = groups.data?.length === 0;
  return (
    <Stack gap="lg">
      <PageTitle>{t('usage.errors')}</PageTitle>
      <UsageViews filter={whole} />
      <FilterBar filter={whole} names={FAILURE_NAMES} onChange={change} />
      {groups.isError && !groups.data ? (
        <ErrorState error={groups.error} onRetry={() => void groups.refetch()} />
      ) : isEmpty ? (
        <EmptyState
          icon={<IconCircleCheck size={28} stroke={1.5} />}
          title={t('errors.none')}
          text={t('errors.noneText')}
        />
      ) : (
        <>
          <FailureGroups groups={groups.data} filter={filter} />
          <FailureList filter={filter} />
        </>
      )}
      <Text size="sm" c="dimmed">
        {t('errors.kept')}
      </Text>
    </Stack>
  );
}
