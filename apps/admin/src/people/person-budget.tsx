import { BudgetBar, type BudgetFigures, freeAmount, Money, useFormat } from '@cloudfreedom/ui';
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A person's budget in a table cell: the bar, spent of limit, and what is free. */
export function PersonBudget({ figures, name }: { figures: BudgetFigures | undefined; name: string }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  if (!figures) {
    return (
      <Text size="sm" c="dimmed">
        {t('people.noFigures')}
      </Text>
    );
  }
  const free = freeAmount(figures);
  return (
    <div className="portal-budget-cell">
      <Group justify="space-between" gap="xs" mb={6} wrap="nowrap">
        <Text size="sm" component="span" className="cf-number">
          {figures.limit === null ? (
            <Money amount={figures.spent} />
          ) : (
            t('people.ofLimit', limits(figures, format.money))
          )}
        </Text>
        {free !== null && (
          <Text size="xs" c="dimmed" component="span" className="cf-number" title={format.exactMoney(free)}>
            {t('people.freeOfLimit', { free: format.money(free, 'down') })}
          </Text>
        )}
      </Group>
      <BudgetBar figures={figures} label={t('overview.budgetOf', { name })} />
    </div>
  );
}

function limits(figures: BudgetFigures, money: (amount: string) => string) {
  return { spent: money(figures.spent), limit: money(figures.limit ?? '0') };
}
