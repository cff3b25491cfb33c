import type { Budget } from '@cloudfreedom/contracts';
import { BudgetBar, ErrorState, Moment, Money, useFormat } from '@cloudfreedom/ui';
import { Button, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useModelNames } from '../usage/model-names.queries.ts';
import { usePersonBudget } from './people.queries.ts';
import type { TenantPerson } from './person.ts';

/** A person's month as one bar; what is held opens the requests that hold it. */
export function BudgetOfPerson({ person }: { person: TenantPerson }) {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const format = useFormat();
  const budget = usePersonBudget(tenant.id, person.id);
  if (!budget.data && budget.isError) {
    return <ErrorState error={budget.error} onRetry={() => void budget.refetch()} />;
  }
  if (!budget.data) return <Skeleton height={64} aria-busy />;
  return (
    <Stack gap="xs">
      <BudgetBar figures={budget.data} label={t('overview.budgetOf', { name: person.name })} size="full" />
      <Text size="sm" c="dimmed">
        {t('overview.period', { end: format.periodEnd(budget.data.period) })}
      </Text>
      <Holds holds={budget.data.openHolds} />
    </Stack>
  );
}

function Holds({ holds }: { holds: Budget['openHolds'] }) {
  const { t } = useTranslation('app');
  const [opened, { toggle }] = useDisclosure(false);
  if (holds.length === 0) return null;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        aria-expanded={opened}
        leftSection={<Chevron size={14} aria-hidden />}
        onClick={toggle}
      >
        {t('person.holds', { count: holds.length })}
      </Button>
      {opened && <HoldTable holds={holds} />}
    </div>
  );
}

function HoldTable({ holds }: { holds: Budget['openHolds'] }) {
  const { t } = useTranslation('app');
  const models = useModelNames();
  return (
    <Stack gap="xs" mt="xs">
      <Text size="sm" c="dimmed">
        {t('person.holdsText')}
      </Text>
      <Table.ScrollContainer minWidth={380} type="native">
        <Table className="portal-table" aria-label={t('person.holdsTable')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('usage.model')}</Table.Th>
              <Table.Th>{t('person.holdSince')}</Table.Th>
              <Table.Th ta="right">{t('person.holdAmount')}</Table.Th>
              <Table.Th>{t('person.request')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {holds.map((hold) => (
              <Table.Tr key={hold.requestId}>
                <Table.Td>{models.data?.get(hold.model) ?? hold.model}</Table.Td>
                <Table.Td>
                  <Moment at={hold.since} />
                </Table.Td>
                <Table.Td ta="right">
                  <Money amount={hold.amount} />
                </Table.Td>
                <Table.Td ff="monospace">{hold.requestId}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
