import { formatEur, type TenantBudgets } from '@cloudfreedom/contracts';
import { ErrorState, useFormat } from '@cloudfreedom/ui';
import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useBudgetRequests } from '../budget-requests/budget-requests.queries.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { Attention } from './attention.tsx';
import { daysFrom } from './days.ts';
import { Figures } from './figures.tsx';
import { LatestRequests } from './latest-requests.tsx';
import { MonthPanel } from './month-panel.tsx';
import './overview.css';
import { useActivity, useFailureGroups, useTenantFigures, useToday, useUsageTotals } from './overview.queries.ts';
import { Panel, SkeletonLines } from './panel.tsx';
import { monthOf, useDailyTotals } from './use-month.ts';

const ChargeByDay = lazy(() => import('./charge-by-day.tsx'));
const MonthCourse = lazy(() => import('./month-course.tsx'));
const OpenRequests = lazy(async () => ({
  default: (await import('../budget-requests/open-requests.tsx')).OpenRequests,
}));
const BreakdownPanel = lazy(() => import('./breakdown.tsx'));

/** How much of the month's budget is gone, on whom and what, is anything broken, does anybody wait. */
export function OverviewPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const budgets = useTenantFigures(tenant.id);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="center">
        <PageTitle>{t('nav.overview')}</PageTitle>
        <Text size="sm" c="dimmed" className="overview-live">
          <IconActivity size={16} aria-hidden />
          {t('overview.live')}
        </Text>
      </Group>
      {budgets.data ? (
        <Overview key={tenant.id} budgets={budgets.data} />
      ) : budgets.isError ? (
        <ErrorState error={budgets.error} onRetry={() => void budgets.refetch()} />
      ) : (
        <OverviewSkeleton />
      )}
    </Stack>
  );
}

function Overview({ budgets }: { budgets: TenantBudgets }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const format = useFormat();
  const month = monthOf(budgets.period, new Date());
  const today = useToday(tenant.id, month.todayOnly);
  const daily = useDailyTotals(month);
  const activity = useActivity(tenant.id, month.thisMonth);
  const byProvider = useUsageTotals(tenant.id, { by: ['provider'], ...month.todayOnly });
  const failures = useFailureGroups(tenant.id, month);
  const waiting = useBudgetRequests(tenant.id, { state: 'pending' });
  const charges = daily.data ? daily.charges : null;
  const charged = daysFrom(month.first, month.end).reduce((sum, day) => sum + (daily.charges.get(day) ?? 0n), 0n);
  if (daily.isError && !daily.data) return <ErrorState error={daily.error} onRetry={() => void daily.refetch()} />;
  return (
    <>
      <Attention
        month={month}
        byProvider={byProvider.data}
        failures={failures.data}
        failed={[byProvider, failures].some((query) => query.isError && !query.data)}
        waiting={waiting.data?.length ?? 0}
      />
      <MonthPanel budgets={budgets} month={month} charges={charges} />
      <Figures month={month} today={seen(today)} daily={daily.data} activity={seen(activity)} />
      <Suspense>
        <OpenRequests />
      </Suspense>
      {charges && (
        <Suspense fallback={<ChartSkeleton />}>
          <section className="portal-panel">
            <ChargeByDay month={month} charges={charges} />
          </section>
          <section className="portal-panel">
            <MonthCourse month={month} charges={charges} budgets={budgets} />
          </section>
        </Suspense>
      )}
      <div className="portal-columns">
        {charges && (
          <Suspense fallback={<ChartSkeleton />}>
            <BreakdownPanel month={month} total={formatEur(charged)} />
          </Suspense>
        )}
        <Panel title={t('overview.latest')} to="../usage" link={t('overview.allUsage')}>
          <LatestRequests />
        </Panel>
      </div>
      <Text size="sm" c="dimmed">
        {t('overview.days', { zone: month.timeZone, day: format.day(month.today) })}
      </Text>
    </>
  );
}

/** What is known, though a later question may have failed. */
const seen = <T,>({ data, isError }: { data: T | undefined; isError: boolean }) =>
  data === undefined && isError ? ('failed' as const) : data;

const ChartSkeleton = () => <Skeleton height={400} radius="lg" />;

function OverviewSkeleton() {
  return (
    <Stack gap="lg" aria-busy>
      <Skeleton height={44} radius="lg" />
      <Skeleton height={232} radius="lg" />
      <Skeleton height={112} radius="lg" />
      <Skeleton height={400} radius="lg" />
      <SkeletonLines rows={5} />
    </Stack>
  );
}
