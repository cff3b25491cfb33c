import type { ListedModel } from '@cloudfreedom/contracts';
import { useFormat } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';
import { typicalAnswer } from '../costs/estimate.ts';
import { useModelCharges } from '../costs/model-charges.queries.ts';

const SMALLEST_CENTS = 0.01;

/** Cents in two digits that count: 0.0423 € is 4.2. */
export function centsOf(amountEur: string): number {
  return Number((Number(amountEur) * 100).toPrecision(2));
}

/** What a typical answer of a model costs: in euro to compare, and in words. undefined, null: not known. */
export function useTypicalCost() {
  const { t } = useTranslation('app');
  const format = useFormat();
  const charges = useModelCharges();
  const eurOf = (model: ListedModel): string | undefined => {
    const charge = charges?.find((one) => one.model === model.id);
    return charge && typicalAnswer(charge, model.reasoning !== 'none');
  };
  const wordsOf = (model: ListedModel): string | null => {
    const amount = eurOf(model);
    if (amount === undefined) return null;
    const cents = centsOf(amount);
    if (cents === 0) return t('models.costNothing');
    return cents < SMALLEST_CENTS
      ? t('models.costLess', { cents: format.number(SMALLEST_CENTS) })
      : t('models.cost', { cents: format.number(cents) });
  };
  return { eurOf, wordsOf };
}
