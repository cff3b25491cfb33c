import { EmptyState, ErrorState, useFormat } from '@cloudfreedom/ui';
import { Group, Stack, Text } from '@mantine/core';
import { useCallbackRef, useMediaQuery } from '@mantine/hooks';
import { IconChartBar, IconFilterOff } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { type Column, useColumns, useDensity } from './columns.ts';
import { CsvDownload } from './csv-download.tsx';
import { FilterBar } from './filter-bar.tsx';
import './usage.css';
import { useModelNames } from './model-names.queries.ts';
import { Unanswered } from './unanswered.tsx';
import { useNames, useProductNames, useUsage, useUsageSum } from './usage.queries.ts';
import { USAGE_NAMES } from './usage-filter.ts';
import { UsageCards, type UsageNames, UsageTable } from './usage-list.tsx';
import { UsagePanel } from './usage-panel.tsx';
import { UsageViews } from './usage-views.tsx';
import { partOf, useLogFilter } from './use-log-filter.ts';
import { ViewMenu } from './view-menu.tsx';
import { useFilterWords } from './words.ts';

export function UsagePage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const { filter: whole, params, change } = useLogFilter();
  const filter = useMemo(() => partOf(whole, USAGE_NAMES), [whole]);
  const usage = useUsage(tenant.id, filter);
  const isThere = usage.isSuccess && !usage.isPlaceholderData;
  const sum = useUsageSum(tenant.id, filter, isThere);
  const { shown, toggle } = useColumns();
  const [density, setDensity] = useDensity();
  const titles = useColumnTitles();
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  const pages = useMemo(() => usage.data?.pages ?? [], [usage.data]);
  const rows = useMemo(() => pages.flatMap((page) => page.items), [pages]);
  const names = useUsageNames(tenant.id, pages, shown);
  const { fetchNextPage, isFetchingNextPage } = usage;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const open = useCallbackRef((reservationId: string) => change({ request: reservationId }));
  const List = narrow && usage.data ? UsageCards : UsageTable;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle>{t('nav.usage')}</PageTitle>
        <Group gap="sm">
          <CsvDownload filter={filter} total={sum.data?.requests} />
          {!narrow && (
            <ViewMenu shown={shown} titles={titles} density={density} onToggle={toggle} onDensity={setDensity} />
          )}
        </Group>
      </Group>
      <UsageViews filter={whole} />
      <FilterBar filter={whole} names={USAGE_NAMES} onChange={change} />
      <Unanswered filter={whole} isThere={isThere} />
      {usage.isError && rows.length === 0 ? (
        <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />
      ) : usage.isSuccess && rows.length === 0 ? (
        <NoUsage filtered={Object.keys(filter).length > 0} />
      ) : (
        <div className="portal-panel" aria-busy={usage.isPending || usage.isPlaceholderData}>
          <List
            rows={usage.isPending ? undefined : rows}
            total={sum.data?.requests}
            names={names}
            columns={shown}
            titles={titles}
            density={density}
            hasMore={usage.hasNextPage}
            onMore={more}
            onOpen={open}
          />
          <Sum sum={sum.data} />
        </div>
      )}
      <UsagePanel reservationId={params.get('request')} onClose={() => change({ request: null })} />
    </Stack>
  );
}

function useColumnTitles(): Record<Column, string> {
  const { t } = useTranslation('app');
  const filters = useFilterWords();
  return {
    at: t('usage.at'),
    person: filters.subjectId,
    model: filters.model,
    tokens: t('usage.tokens'),
    charge: t('usage.charge'),
    duration: t('usage.duration'),
    outcome: filters.outcome,
    key: filters.apiKeyId,
    product: filters.productId,
    costCentre: filters.costCentre,
    provider: filters.provider,
    deployment: filters.deployment,
    region: filters.region,
    firstByte: t('usage.firstByte'),
    waited: t('usage.waited'),
    requestId: filters.requestId,
  };
}

function useUsageNames(
  tenantId: string,
  pages: { items: { subjectId: string; apiKeyId: string | null }[] }[],
  shown: Column[],
): UsageNames {
  const { t } = useTranslation('app');
  const people = useNames(
    'users',
    tenantId,
    pages.map(({ items }) => items.map(({ subjectId }) => subjectId)),
  );
  const keys = useNames(
    'api_keys',
    tenantId,
    shown.includes('key') ? pages.map(({ items }) => items.map(({ apiKeyId }) => apiKeyId)) : [],
  );
  const products = useProductNames();
  const models = useModelNames();
  return useMemo(
    () => ({
      person: ({ subjectId }) => people.nameOf(subjectId) ?? (people.isPending ? '…' : t('people.unknown')),
      model: ({ model }) => models.data?.get(model) ?? model,
      key: ({ apiKeyId }) => (apiKeyId === null ? '–' : (keys.nameOf(apiKeyId) ?? apiKeyId)),
      product: ({ productId }) => (productId === null ? '–' : (products.data?.get(productId) ?? productId)),
    }),
    [t, people.nameOf, people.isPending, models.data, keys.nameOf, products.data],
  );
}

function NoUsage({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation('app');
  if (filtered)
    return (
      <EmptyState
        icon={<IconFilterOff size={28} stroke={1.5} />}
        title={t('usage.noMatch')}
        text={t('usage.noMatchText')}
      />
    );
  return (
    <EmptyState icon={<IconChartBar size={28} stroke={1.5} />} title={t('usage.empty')} text={t('usage.emptyText')} />
  );
}

/** Number and sum of all that fits, also of what is not loaded yet. */
function Sum({ sum }: { sum: ReturnType<typeof useUsageSum>['data'] }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  return (
    <Group justify="space-between" className="portal-panel-foot" role="status">
      {sum && (
        <>
          <Text fw={550} title={format.exactMoney(sum.charge)}>
            {t('usage.sum', { requests: format.number(sum.requests), charge: format.money(sum.charge) })}
          </Text>
          <Text size="sm" c="dimmed">
            {t('usage.sumHint', {
              cost: format.money(sum.cost),
              input: format.number(sum.inputTokens),
              output: format.number(sum.outputTokens),
            })}
          </Text>
        </>
      )}
    </Group>
  );
}
