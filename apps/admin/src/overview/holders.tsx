import type { TenantBudgets } from '@cloudfreedom/contracts';
import { Money } from '@cloudfreedom/ui';
import { Anchor, Group, Popover, Text, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { usePeopleNames } from '../people/people.queries.ts';

/** The held amount; a press on it says whose running requests hold it, each leading to the page with these requests. */
export function Holders({ budgets, children }: { budgets: TenantBudgets; children: ReactNode }) {
  const { t } = useTranslation('app');
  const { holders, tenantId } = budgets;
  const names = usePeopleNames(
    tenantId,
    holders.map(({ subjectId }) => subjectId),
  );
  return (
    <Popover width={300} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className="overview-held" title={t('overview.holders')}>
          {children}
          <span className="cf-visually-hidden">, {t('overview.holders')}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        {holders.length === 0 ? (
          <Text size="sm">{t('overview.holdersNone')}</Text>
        ) : (
          <ul className="overview-holders" aria-label={t('overview.holders')}>
            {holders.map(({ subjectId, held, requests }) => (
              <li key={subjectId}>
                <Group justify="space-between" wrap="nowrap" gap="xs">
                  <Anchor component={Link} to={`/tenants/${tenantId}/people/${subjectId}`} size="sm" truncate>
                    {names.data?.get(subjectId) ?? t('people.unknown')}
                  </Anchor>
                  <Text size="sm" fw={550} className="portal-nowrap">
                    <Money amount={held} />
                  </Text>
                </Group>
                <Text size="xs" c="dimmed">
                  {t('overview.holdersRequests', { count: requests })}
                </Text>
              </li>
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
