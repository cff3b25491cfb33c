import type { KnownProxy, TenantPrice } from '@cloudfreedom/contracts';
import { EmptyState, ErrorState, usePerson } from '@cloudfreedom/ui';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useCallbackRef, useMediaQuery } from '@mantine/hooks';
import { IconCpu, IconPlus, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { RecordPanel } from '../records/record-panel.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import './models.css';
import { availabilityOf, healthOf, type ModelDeployment, publicModels, searchModels } from './deployment.ts';
import { DeploymentForm } from './deployment-form.tsx';
import { DeploymentPanel } from './deployment-panel.tsx';
import { ModelCards, ModelTable } from './model-list.tsx';
import { useDeployments, useProxies, useTenantPrices } from './models.queries.ts';
import { useProxyReach } from './proxy-reach.ts';

const NEW = 'new';

/** All models with their deployments, as they stand at the tenant on show. `?record=` opens one, `?q=` searches. */
export function ModelsPage() {
  const { t } = useTranslation('app');
  const [params, setParams] = useSearchParams();
  const mayChange = usePerson().role === 'platform_admin';
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  const { deployments, failed, standing, testable } = useStanding();
  const [search, setSearch] = useState(params.get('q') ?? '');
  const found = useMemo(
    () => deployments.data && searchModels(publicModels(deployments.data), search),
    [deployments.data, search],
  );
  const put = (changes: Record<string, string | null>, options = {}) =>
    setParams((known) => {
      for (const [name, value] of Object.entries(changes)) {
        if (value) known.set(name, value);
        else known.delete(name);
      }
      return known;
    }, options);
  const open = (record: string | null, of: string | null = null) => put({ record, of });
  const onOpen = useCallbackRef((record: string) => open(record));
  // With its price and state a row is drawn once.
  const list = found && standing ? { models: found, ...standing, testable, onOpen } : undefined;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle>{t('nav.models')}</PageTitle>
        {mayChange && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(NEW)}>
            {t('models.new')}
          </Button>
        )}
      </Group>
      <TextInput
        className="portal-search"
        type="search"
        aria-label={t('models.search')}
        placeholder={t('models.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          put({ q: event.currentTarget.value }, { replace: true });
        }}
      />
      <TestNote />
      {failed ? (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : deployments.isError && !deployments.data ? (
        <ErrorState error={deployments.error} onRetry={() => void deployments.refetch()} />
      ) : found?.length === 0 ? (
        <EmptyState
          icon={<IconCpu size={28} stroke={1.5} />}
          title={search === '' ? t('models.empty') : t('models.nothingFound')}
        />
      ) : (
        <div className="portal-panel" aria-busy={!list}>
          {narrow && list ? <ModelCards {...list} /> : <ModelTable list={list} testable={testable} />}
        </div>
      )}
      <Panel params={params} open={open} />
    </Stack>
  );
}

/** What is known of the deployments at the tenant on show, put together. */
function useStanding() {
  const tenant = useTenantOnShow();
  const deployments = useDeployments();
  const prices = useTenantPrices(tenant.id);
  const proxies = useProxies(tenant.id);
  const failed = [prices, proxies].find((query) => query.isError && !query.data);
  const testable = useProxyReach(tenant) === 'open';
  const standing = prices.data && proxies.data && standingOf(tenant.id, prices.data.items, proxies.data.items);
  return { deployments, prices, failed, standing, testable };
}

function standingOf(tenantId: string, prices: readonly TenantPrice[], proxies: readonly KnownProxy[]) {
  const priceOf = ({ id }: ModelDeployment) => prices.find(({ deploymentId }) => deploymentId === id) ?? null;
  const stateOf = (record: ModelDeployment) =>
    availabilityOf(record, {
      tenantId,
      priced: priceOf(record) !== null,
      health: healthOf(proxies, record.deployment),
    });
  return { priceOf, stateOf };
}

/** That a test costs, or why there is none here. */
function TestNote() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const reach = useProxyReach(tenant);
  const words = {
    open: t('models.testCosts'),
    down: t('models.testNoProxy'),
    foreign: t('models.testForeign', { tenant: tenant.name }),
  };
  return (
    <Text size="sm" c="dimmed">
      {t('models.pricesNote')} {reach && words[reach]}
    </Text>
  );
}

interface PanelProps {
  params: URLSearchParams;
  open: (record: string | null, of?: string | null) => void;
}

function Panel({ params, open }: PanelProps) {
  const { t } = useTranslation('app');
  const mayChange = usePerson().role === 'platform_admin';
  const { deployments, prices, standing } = useStanding();
  const chosen = params.get('record');
  const record = deployments.data?.find(({ id }) => id === chosen);
  const further = deployments.data?.find(({ id }) => id === params.get('of'));
  const isNew = mayChange && chosen === NEW && deployments.data !== undefined;
  return (
    <RecordPanel
      opened={record !== undefined || isNew}
      title={record?.display_name ?? (further ? t('models.furtherTitle', { name: further.name }) : t('models.new'))}
      onClose={() => open(null)}
    >
      {record ? (
        <DeploymentPanel
          key={record.id}
          record={record}
          state={standing?.stateOf(record)}
          prices={prices.data}
          onAddFurther={() => open(NEW, record.id)}
        />
      ) : (
        isNew && <DeploymentForm key={further?.id ?? NEW} record={null} of={further} onCreated={({ id }) => open(id)} />
      )}
    </RecordPanel>
  );
}
