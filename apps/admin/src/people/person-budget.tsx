import { BudgetBar, type BudgetFigures, freeAmount, Money, useFormat, useTexts } from '@cloudfreedom/ui';

/** A person's budget in a table cell: the bar, spent of limit, and what is free. */
export function PersonBudget({ figures, name }: { figures: BudgetFigures | undefined; name: string }) {
  const { t } = useTexts('app');
  const format = useFormat();
  if (!figures) {
    return <div className="cf-note">{t('people.noFigures')}</div>;
  }
  const free = freeAmount(figures);
  return (
    <div className="portal-budget-cell">
      <div className="portal-budget-words">
        <span className="cf-number">
          {figures.limit === null ? (
            <Money amount={figures.spent} />
          ) : (
            t('people.ofLimit', limits(figures, format.money))
          )}
        </span>
        {free !== null && (
          <span className="cf-note cf-number" data-size="xs" title={format.exactMoney(free)}>
            {t('people.freeOfLimit', { free: format.money(free, 'down') })}
          </span>
        )}
      </div>
      <BudgetBar figures={figures} label={t('overview.budgetOf', { name })} />
    </div>
  );
}

function limits(figures: BudgetFigures, money: (amount: string) => string) {
  return { spent: money(figures.spent), limit: money(figures.limit ?? '0') };
}
