import type { UsageRow } from '@cloudfreedom/contracts';
import { EmptyState, ErrorState, Moment, Money, SkeletonRows, useFormat } from '@cloudfreedom/ui';
import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChartBar } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { usePeopleNames } from '../people/people.queries.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useUsage } from './usage.queries.ts';
import { ModelCell, OutcomeCell, TokensCell } from './usage-cells.tsx';

const SKELETON_ROWS = 10;

export function UsagePage() {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const usage = useUsage(tenant.id);
  const pages = usage.data?.pages ?? [];
  const rows = pages.flatMap((page) => page.items);
  const names = usePeopleNames(
    tenant.id,
    rows.map((row) => row.subjectId),
  );
  const nameOf = (subjectId: string) =>
    names.data && !names.isPlaceholderData
      ? (names.data.get(subjectId) ?? t('people.unknown'))
      : (names.data?.get(subjectId) ?? '…');
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false });
  return (
    <Stack gap="lg">
      <PageTitle>{t('nav.usage')}</PageTitle>
      {usage.isError && rows.length === 0 ? (
        <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />
      ) : usage.isSuccess && rows.length === 0 ? (
        <EmptyState
          icon={<IconChartBar size={28} stroke={1.5} />}
          title={t('usage.empty')}
          text={t('usage.emptyText')}
        />
      ) : (
        <div className="portal-panel" aria-busy={usage.isPending}>
          {narrow && usage.isSuccess ? (
            <UsageCards rows={rows} nameOf={nameOf} />
          ) : (
            <UsageTable rows={usage.isPending ? undefined : rows} nameOf={nameOf} />
          )}
          {usage.isSuccess && <More usage={usage} />}
        </div>
      )}
    </Stack>
  );
}

function More({ usage }: { usage: ReturnType<typeof useUsage> }) {
  const { t } = useTranslation('app');
  return (
    <Group justify="center" className="portal-panel-foot">
      {usage.hasNextPage ? (
        <Button variant="default" loading={usage.isFetchingNextPage} onClick={() => void usage.fetchNextPage()}>
          {t('usage.more')}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t('usage.end')}
        </Text>
      )}
    </Group>
  );
}

interface UsageListProps {
  rows: UsageRow[];
  nameOf: (subjectId: string) => string;
}

function UsageTable({ rows, nameOf }: { rows: UsageRow[] | undefined; nameOf: (subjectId: string) => string }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table className="portal-table" verticalSpacing="sm" horizontalSpacing="md" aria-label={t('usage.table')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('usage.at')}</Table.Th>
            <Table.Th>{t('usage.person')}</Table.Th>
            <Table.Th>{t('usage.model')}</Table.Th>
            <Table.Th ta="right">{t('usage.tokens')}</Table.Th>
            <Table.Th ta="right">{t('usage.charge')}</Table.Th>
            <Table.Th ta="right">{t('usage.duration')}</Table.Th>
            <Table.Th>{t('usage.outcome')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows ? (
            rows.map((row) => (
              <Table.Tr key={row.reservationId}>
                <Table.Td>
                  <Moment at={row.at} />
                </Table.Td>
                <Table.Td>{nameOf(row.subjectId)}</Table.Td>
                <Table.Td>
                  <ModelCell row={row} />
                </Table.Td>
                <Table.Td ta="right">
                  <TokensCell row={row} />
                </Table.Td>
                <Table.Td ta="right" fw={550}>
                  <Money amount={row.charge} />
                </Table.Td>
                <Table.Td ta="right" className="cf-number">
                  {format.duration(row.totalMs)}
                </Table.Td>
                <Table.Td>
                  <OutcomeCell outcome={row.outcome} />
                </Table.Td>
              </Table.Tr>
            ))
          ) : (
            <SkeletonRows rows={SKELETON_ROWS} columns={7} />
          )}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The same rows where a table is too wide. */
function UsageCards({ rows, nameOf }: UsageListProps) {
  const { t } = useTranslation('app');
  const format = useFormat();
  return (
    <ul className="portal-cards" aria-label={t('usage.table')}>
      {rows.map((row) => (
        <li key={row.reservationId}>
          <Group justify="space-between" wrap="nowrap">
            <Text fw={550}>{nameOf(row.subjectId)}</Text>
            <Text fw={550}>
              <Money amount={row.charge} />
            </Text>
          </Group>
          <Text size="sm" component="div">
            <ModelCell row={row} />
          </Text>
          <Text size="sm" c="dimmed" component="div">
            <TokensCell row={row} /> · {format.duration(row.totalMs)} · <Moment at={row.at} />
          </Text>
          {row.outcome !== 'completed' && <OutcomeCell outcome={row.outcome} />}
        </li>
      ))}
    </ul>
  );
}
