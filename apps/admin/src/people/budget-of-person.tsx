import type { Budget } from '@cloudfreedom/contracts';
import { BudgetBar, ErrorState, Moment, Money, useFormat } from '@cloudfreedom/ui';
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
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
      {opened && <HoldList holds={holds} />}
    </div>
  );
}

function HoldList({ holds }: { holds: Budget['openHolds'] }) {
  const { t } = useTranslation('app');
  const models = useModelNames();
  return (
    <Stack gap="xs" mt="xs">
      <Text size="sm" c="dimmed">
        {t('person.holdsText')}
      </Text>
      <ul className="portal-list portal-flush" aria-label={t('person.holdsList')}>
        {holds.map((hold) => (
          <li key={hold.requestId}>
            <Group justify="space-between" wrap="nowrap">
              <Text fw={550}>{models.data?.get(hold.model) ?? hold.model}</Text>
              <Text fw={550} component="span">
                <Money amount={hold.amount} />
              </Text>
            </Group>
            <Group justify="space-between" gap="xs" c="dimmed" fz="sm">
              <span className="portal-words">{t('person.holdRequest', { id: hold.requestId })}</span>
              <Moment at={hold.since} />
            </Group>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
