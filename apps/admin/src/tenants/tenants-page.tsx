import { EmptyState, ErrorState, Money, SkeletonRows, useFirstScreenFirst, useFormat } from '@cloudfreedom/ui';
import { Anchor, Button, Group, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { useCallbackRef, useMediaQuery } from '@mantine/hooks';
import { IconBuilding, IconPlus } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { PersonStatus } from '../people/person-status.tsx';
import { PanelSection, RecordPanel } from '../records/record-panel.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { TenantBundle } from './bundle/tenant-bundle.tsx';
import { ProxyHealth } from './proxy-health.tsx';
import { ServiceTokens } from './service-tokens.tsx';
import { TenantAccess } from './tenant-access.tsx';
import { TenantForm } from './tenant-form.tsx';
import type { ManagedTenant } from './tenant-values.ts';
import { useManagedTenants } from './tenants.queries.ts';
import { useTenantTypeWords } from './words.ts';

const NEW = 'new';
const SKELETON_ROWS = 5;

/** All tenants, for platform admins. `?record=` opens one beside the list. */
export function TenantsPage() {
  const { t } = useTranslation('app');
  const tenants = useManagedTenants();
  const [params, setParams] = useSearchParams();
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  const chosen = params.get('record');
  const open = useCallbackRef((id: string | null) => setParams(id === null ? {} : { record: id }));
  const tenant = tenants.data?.find(({ id }) => id === chosen) ?? null;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle>{t('nav.tenants')}</PageTitle>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => open(NEW)}>
          {t('tenants.new')}
        </Button>
      </Group>
      {tenants.isError && !tenants.data ? (
        <ErrorState error={tenants.error} onRetry={() => void tenants.refetch()} />
      ) : tenants.data?.length === 0 ? (
        <EmptyState icon={<IconBuilding size={28} stroke={1.5} />} title={t('tenants.empty')} />
      ) : (
        <div className="portal-panel" aria-busy={tenants.isPending}>
          {narrow && tenants.data ? (
            <TenantCards tenants={tenants.data} onOpen={open} />
          ) : (
            <TenantTable tenants={tenants.data} onOpen={open} />
          )}
        </div>
      )}
      <RecordPanel
        opened={chosen === NEW || tenant !== null}
        title={tenant?.name ?? t('tenants.new')}
        onClose={() => open(null)}
      >
        {tenant ? (
          <TenantSections key={tenant.id} tenant={tenant} />
        ) : (
          chosen === NEW && <TenantForm tenant={null} onCreated={({ id }) => open(id)} />
        )}
      </RecordPanel>
    </Stack>
  );
}

function TenantSections({ tenant }: { tenant: ManagedTenant }) {
  const { t } = useTranslation('app');
  return (
    <Stack gap="xl">
      <Anchor component={Link} to={`/tenants/${tenant.id}/overview`} size="sm">
        {t('tenants.toOverview')}
      </Anchor>
      <TenantForm tenant={tenant} onCreated={() => undefined} />
      <PanelSection title={t('person.access')}>
        <TenantAccess tenant={tenant} />
      </PanelSection>
      <PanelSection title={t('proxy.title')}>
        <ProxyHealth tenantId={tenant.id} />
      </PanelSection>
      <PanelSection title={t('bundle.title')}>
        <TenantBundle tenant={tenant} />
      </PanelSection>
      <PanelSection title={t('tokens.title')}>
        <ServiceTokens tenantId={tenant.id} />
      </PanelSection>
    </Stack>
  );
}

function TenantTable(props: { tenants: ManagedTenant[] | undefined; onOpen: (id: string) => void }) {
  const { t } = useTranslation('app');
  const types = useTenantTypeWords();
  const tenants = useFirstScreenFirst(props.tenants);
  return (
    <Table.ScrollContainer minWidth={720} type="native">
      <Table className="portal-table" verticalSpacing="sm" horizontalSpacing="md" aria-label={t('nav.tenants')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('people.name')}</Table.Th>
            <Table.Th>{t('tenants.type')}</Table.Th>
            <Table.Th ta="right">{t('tenants.budget')}</Table.Th>
            <Table.Th ta="right">{t('tenants.markup')}</Table.Th>
            <Table.Th>{t('tenants.timeZone')}</Table.Th>
            <Table.Th>{t('people.status')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tenants?.map((tenant) => (
            <TenantRow key={tenant.id} tenant={tenant} type={types[tenant.type].name} onOpen={props.onOpen} />
          )) ?? <SkeletonRows rows={SKELETON_ROWS} columns={6} />}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface TenantRowProps {
  tenant: ManagedTenant;
  /** In words. */
  type: string;
  onOpen: (id: string) => void;
}

/** Drawn again when something of it changed. */
const TenantRow = memo(function TenantRow({ tenant, type, onOpen }: TenantRowProps) {
  return (
    <Table.Tr className="portal-row" onClick={() => onOpen(tenant.id)}>
      <Table.Td>
        <TenantName tenant={tenant} onOpen={onOpen} />
      </Table.Td>
      <Table.Td>{type}</Table.Td>
      <Table.Td ta="right">
        <TenantBudget tenant={tenant} />
      </Table.Td>
      <Table.Td ta="right" className="cf-number">
        <Markup percent={tenant.markup_percent} />
      </Table.Td>
      <Table.Td>{tenant.time_zone}</Table.Td>
      <Table.Td>
        <PersonStatus status={tenant.status} />
      </Table.Td>
    </Table.Tr>
  );
});

/** The same tenants where a table is too wide. */
function TenantCards({ tenants, onOpen }: { tenants: ManagedTenant[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation('app');
  const types = useTenantTypeWords();
  return (
    <ul className="portal-cards" aria-label={t('nav.tenants')}>
      {tenants.map((tenant) => (
        <li key={tenant.id}>
          <Group justify="space-between" wrap="nowrap">
            <TenantName tenant={tenant} onOpen={onOpen} />
            <PersonStatus status={tenant.status} />
          </Group>
          <Text size="sm" c="dimmed" component="div">
            {types[tenant.type].name} · <TenantBudget tenant={tenant} />
          </Text>
        </li>
      ))}
    </ul>
  );
}

function TenantName({ tenant, onOpen }: { tenant: ManagedTenant; onOpen: (id: string) => void }) {
  return (
    <UnstyledButton
      className="portal-link"
      onClick={(event) => {
        event.stopPropagation();
        onOpen(tenant.id);
      }}
    >
      {tenant.name}
    </UnstyledButton>
  );
}

function TenantBudget({ tenant }: { tenant: ManagedTenant }) {
  const { t } = useTranslation('app');
  if (tenant.monthly_budget_eur === '') return t('tenants.noBudget');
  return <Money amount={tenant.monthly_budget_eur} />;
}

function Markup({ percent }: { percent: string }) {
  const format = useFormat();
  return `${format.number(Number(percent))} %`;
}
