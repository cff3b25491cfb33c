import type { TenantBudgets } from '@cloudfreedom/contracts';
import { parseEur } from '@cloudfreedom/contracts';
import { BudgetBar, CopyableMoney, ErrorState, Moment, Money, useFormat } from '@cloudfreedom/ui';
import { Anchor, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePeopleNames } from '../people/people.queries.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantBudgets } from '../tenants/tenant.queries.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useLatestUsage } from '../usage/usage.queries.ts';
import { ModelCell } from '../usage/usage-cells.tsx';

const ChargeByDay = lazy(() => import('./charge-by-day.tsx'));
const OpenRequests = lazy(async () => ({
  default: (await import('../budget-requests/open-requests.tsx')).OpenRequests,
}));
const TOP_PEOPLE = 6;
const LATEST_REQUESTS = 7;

/** How much of the month's budget is gone, on whom, and what happened last. */
export function OverviewPage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const budgets = useTenantBudgets(tenant.id);
  return (
    <Stack gap="lg">
      <PageTitle>{t('nav.overview')}</PageTitle>
      {budgets.isError && !budgets.data ? (
        <ErrorState error={budgets.error} onRetry={() => void budgets.refetch()} />
      ) : (
        <Month budgets={budgets.data} />
      )}
      <Suspense>
        <OpenRequests />
      </Suspense>
      {budgets.data && (
        <section className="portal-panel">
          <Suspense fallback={<Skeleton height={340} radius="lg" />}>
            <ChargeByDay period={budgets.data.period} />
          </Suspense>
        </section>
      )}
      <div className="portal-columns">
        {(budgets.data || !budgets.isError) && (
          <Panel title={t('overview.topPeople')} to="../people" link={t('overview.allPeople')}>
            <TopPeople budgets={budgets.data} />
          </Panel>
        )}
        <Panel title={t('overview.latest')} to="../usage" link={t('overview.allUsage')}>
          <LatestRequests />
        </Panel>
      </div>
    </Stack>
  );
}

function Month({ budgets }: { budgets: TenantBudgets | undefined }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  if (!budgets) return <Skeleton height={196} radius="lg" />;
  const { tenant, period } = budgets;
  return (
    <section className="portal-panel portal-month">
      <Text c="dimmed">{t('overview.spent', { month: format.month(period) })}</Text>
      <Group gap={10} align="baseline" mb="lg">
        <span className="portal-hero">
          <CopyableMoney amount={tenant.spent} />
        </span>
        {tenant.limit !== null && (
          <Text c="dimmed" size="lg">
            {t('overview.ofLimit', { limit: format.money(tenant.limit) })}
          </Text>
        )}
      </Group>
      {tenant.limit === null ? (
        <Text>{t('overview.noLimit')}</Text>
      ) : (
        <BudgetBar figures={tenant} label={t('overview.tenantBudget')} size="full" />
      )}
      <Text size="sm" c="dimmed" mt="md">
        {t('overview.period', { end: format.periodEnd(period) })}
      </Text>
    </section>
  );
}

function Panel(props: { title: string; to: string; link: string; children: ReactNode }) {
  return (
    <section className="portal-panel">
      <Group justify="space-between" className="portal-panel-head">
        <Title order={2} size="h3">
          {props.title}
        </Title>
        <Anchor component={Link} to={props.to} size="sm">
          {props.link}
        </Anchor>
      </Group>
      {props.children}
    </section>
  );
}

function bySpentDescending(left: { spent: string }, right: { spent: string }): number {
  const difference = parseEur(right.spent) - parseEur(left.spent);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

function TopPeople({ budgets }: { budgets: TenantBudgets | undefined }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const top = (budgets?.people ?? [])
    .filter((person) => parseEur(person.spent) > 0n)
    .sort(bySpentDescending)
    .slice(0, TOP_PEOPLE);
  const names = usePeopleNames(
    tenant.id,
    top.map((person) => person.subjectId),
  );
  if (!budgets || (top.length > 0 && names.isPending)) return <SkeletonLines rows={TOP_PEOPLE} />;
  if (top.length === 0) return <Nothing text={t('overview.topPeopleEmpty')} />;
  return (
    <ol className="portal-list">
      {top.map((figures) => {
        const name = names.data?.get(figures.subjectId) ?? t('people.unknown');
        return (
          <li key={figures.subjectId}>
            <Group justify="space-between" wrap="nowrap" mb={6}>
              <Anchor component={Link} to={`../people/${figures.subjectId}`} c="inherit" fw={550} truncate>
                {name}
              </Anchor>
              <Text fw={550}>
                <Money amount={figures.spent} />
              </Text>
            </Group>
            <BudgetBar figures={figures} label={t('overview.budgetOf', { name })} />
          </li>
        );
      })}
    </ol>
  );
}

function LatestRequests() {
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
        <li key={row.reservationId}>
          <Group justify="space-between" wrap="nowrap">
            <Text fw={550} truncate>
              {names.data?.get(row.subjectId) ?? t('people.unknown')}
            </Text>
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

function SkeletonLines({ rows }: { rows: number }) {
  return (
    <Stack gap="md" p="lg" pt={0} aria-busy>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines without content have nothing else to be told apart by
        <Skeleton key={row} height={34} />
      ))}
    </Stack>
  );
}

function Nothing({ text }: { text: string }) {
  return (
    <Text c="dimmed" px="lg" pb="lg">
      {text}
    </Text>
  );
}
