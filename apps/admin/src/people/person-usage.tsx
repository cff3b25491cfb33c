import { type Budget, type UsageTotal, usagePage, usageTotals } from '@cloudfreedom/contracts';
import { ErrorState, Moment, Money, useApp, useFormat } from '@cloudfreedom/ui';
import { Anchor, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useModelNames } from '../usage/model-names.queries.ts';
import { Unanswered } from '../usage/unanswered.tsx';
import { ModelCell, OutcomeCell, TokensCell } from '../usage/usage-cells.tsx';
import { usePersonBudget } from './people.queries.ts';
import type { TenantPerson } from './person.ts';

const RECENT_ROWS = 8;
const REFRESH_MS = 10_000;

/** The first day of a period in its own zone: "2026-11-01". */
function firstDayOf({ start, timeZone }: Budget['period']): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(start),
  );
}

function useUsageOf(tenantId: string, personId: string, period: Budget['period'] | undefined) {
  const { session, config } = useApp();
  const url = `${config.billingUrl}/v1/tenants/${tenantId}/usage`;
  const from = period && firstDayOf(period);
  return useQuery({
    queryKey: ['usage of', tenantId, personId, from],
    enabled: from !== undefined,
    queryFn: async ({ signal }) => {
      const of = `subjectId=${personId}`;
      const [recent, models] = await Promise.all([
        session.services.json(usagePage, `${url}?${of}&limit=${RECENT_ROWS}`, { signal }),
        session.services.json(usageTotals, `${url}/totals?${of}&by=model&from=${from}`, { signal }),
      ]);
      return { recent: recent.items, models: models.items };
    },
    refetchInterval: REFRESH_MS,
  });
}

/** What a person has used this month, by model, their newest requests, and which of them got no answer. */
export function PersonUsage({ person }: { person: TenantPerson }) {
  const ofPerson = useMemo(() => ({ subjectId: person.id }), [person.id]);
  return (
    <Stack gap="md">
      <Unanswered filter={ofPerson} />
      <ChargedUsage person={person} />
    </Stack>
  );
}

function ChargedUsage({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const budget = usePersonBudget(tenant.id, person.id);
  const usage = useUsageOf(tenant.id, person.id, budget.data?.period);
  const failed = usage.isError && !usage.data ? usage : budget.isError && !budget.data ? budget : null;
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!usage.data) return <Skeleton height={160} aria-busy />;
  if (usage.data.recent.length === 0) return <Text c="dimmed">{t('person.noUsage')}</Text>;
  return (
    <Stack gap="md">
      {usage.data.models.length > 0 && (
        <ByModel totals={usage.data.models} person={person} since={budget.data?.period.start} />
      )}
      <Text size="sm" c="dimmed" fw={550} aria-hidden>
        {t('person.recent')}
      </Text>
      <ol className="portal-list portal-flush" aria-label={t('person.recent')}>
        {usage.data.recent.map((row) => (
          <li key={row.reservationId}>
            <Group justify="space-between" wrap="nowrap">
              <ModelCell row={row} />
              <Anchor
                component={Link}
                to={`/tenants/${tenant.id}/usage?request=${row.reservationId}&subjectId=${person.id}`}
                c="inherit"
                fw={550}
              >
                <Money amount={row.charge} />
              </Anchor>
            </Group>
            <Group justify="space-between" c="dimmed" fz="sm" gap="xs">
              <TokensCell row={row} />
              {row.outcome !== 'completed' && <OutcomeCell outcome={row.outcome} />}
              <Moment at={row.at} />
            </Group>
          </li>
        ))}
      </ol>
      <Anchor component={Link} to={`/tenants/${tenant.id}/usage?subjectId=${person.id}`} size="sm">
        {t('person.allUsage')}
      </Anchor>
    </Stack>
  );
}

function ByModel(props: { totals: UsageTotal[]; person: TenantPerson; since: string | undefined }) {
  const { totals, person, since } = props;
  const { t } = useTranslation('app');
  const format = useFormat();
  const names = useModelNames();
  const rowsOf = (model: string) => {
    const filter = { subjectId: person.id, model, ...(since !== undefined && { from: new Date(since).toISOString() }) };
    return `/tenants/${person.tenantId}/usage?${new URLSearchParams(filter)}`;
  };
  const sorted = [...totals].sort((one, other) => Number(other.charge) - Number(one.charge));
  return (
    <Table className="portal-table" aria-label={t('person.byModel')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('usage.model')}</Table.Th>
          <Table.Th ta="right">{t('person.requests')}</Table.Th>
          <Table.Th ta="right">{t('usage.charge')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {sorted.map(({ model = '', requests, charge }) => (
          <Table.Tr key={model}>
            <Table.Td>
              <Anchor component={Link} to={rowsOf(model)} inherit c="inherit" fw={550}>
                {names.data?.get(model) ?? model}
              </Anchor>
            </Table.Td>
            <Table.Td ta="right" className="cf-number">
              {format.number(requests)}
            </Table.Td>
            <Table.Td ta="right">
              <Money amount={charge} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
