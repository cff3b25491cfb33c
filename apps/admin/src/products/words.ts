import { useFormat } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';
import type { ProductEffect, ProductField } from './product-values.ts';
import type { ProductUse } from './products.queries.ts';

/** The fields of a product as people call them. */
export function useProductFieldNames(): Record<ProductField, string> {
  const { t } = useTranslation('app');
  return {
    name: t('people.name'),
    monthly_budget_eur: t('products.budget'),
    carry_over_cap_eur: t('products.carryOver'),
    region_rule: t('products.region'),
    models: t('products.models'),
    requests_per_minute: t('products.requestsPerMinute'),
    tokens_per_minute: t('products.tokensPerMinute'),
    parallel_requests: t('products.parallelRequests'),
    output_cap_tokens: t('products.outputCap'),
    shared_requests_per_minute: t('products.sharedRequestsPerMinute'),
    shared_tokens_per_minute: t('products.sharedTokensPerMinute'),
    shared_parallel_requests: t('products.sharedParallelRequests'),
  };
}

/** What a change will do, in a sentence. */
export function useEffectWords(use: ProductUse): (effect: ProductEffect) => string {
  const { t } = useTranslation('app');
  const { list } = useFormat();
  const count = use.withoutOwnBudget;
  return (effect) => {
    const names = 'names' in effect ? list(effect.names) : '';
    const words = {
      budgetRaised: t('effect.budgetRaised', { count }),
      budgetLowered: t('effect.budgetLowered', { count }),
      carryOver: t('effect.carryOver'),
      regionEu: t('effect.regionEu'),
      regionAny: t('effect.regionAny'),
      limits: t('effect.limits'),
      outputCap: t('effect.outputCap'),
      modelsAll: t('effect.modelsAll'),
      modelsOnly: t('effect.modelsOnly', { names }),
      modelsAdded: t('effect.modelsAdded', { names }),
      modelsRemoved: t('effect.modelsRemoved', { names }),
    };
    return words[effect.kind];
  };
}
