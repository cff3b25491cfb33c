import { Skeleton, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useBudget } from './budget.queries.ts';
import { BudgetButton } from './budget-button.tsx';

const BudgetPopover = lazy(() => import('./budget-popover.tsx'));

/** The budget, always in sight: a thin bar with one figure; a press shows the rest. */
export function BudgetHeader() {
  const { t } = useTranslation('app');
  const budget = useBudget();
  if (budget.data) {
    return (
      <Suspense fallback={<BudgetButton budget={budget.data} disabled />}>
        <BudgetPopover budget={budget.data} />
      </Suspense>
    );
  }
  if (budget.isError) {
    return (
      <Text size="sm" c="dimmed" role="status">
        {t('budget.unavailable')}
      </Text>
    );
  }
  return <Skeleton width={160} height={14} />;
}
