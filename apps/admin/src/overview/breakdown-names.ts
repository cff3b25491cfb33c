/** Names for what usage is broken down by, and the filter of the usage page that leads to the same rows. */
import { LACKING, type UsageDimension, type UsageTotal } from '@cloudfreedom/contracts';
import { colourOfModel, colourOfProvider, providerOf, providerTitle, useApp } from '@cloudfreedom/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { usePeopleNames } from '../people/people.queries.ts';
import { useTenantOnShow } from '../tenants/tenant-context.ts';
import { useModelNames } from '../usage/model-names.queries.ts';

export const BREAKDOWNS = ['model', 'provider', 'product', 'costCentre', 'subject', 'apiKey'] as const;
export type Breakdown = Exclude<UsageDimension, 'day'>;

/** What a total is of; empty: what has none of it (no key, no cost centre). */
export function idOf(total: UsageTotal, by: Breakdown): string {
  const ids = {
    model: total.model,
    provider: total.provider,
    product: total.productId,
    costCentre: total.costCentre,
    subject: total.subjectId,
    apiKey: total.apiKeyId,
  };
  return ids[by] ?? '';
}

const FILTERS: Record<Breakdown, string> = {
  model: 'model',
  provider: 'provider',
  product: 'productId',
  costCentre: 'costCentre',
  subject: 'subjectId',
  apiKey: 'apiKeyId',
};

/** What the page of usage shows of it; null: every row has it. */
export function filterOf(by: Breakdown, id: string): Record<string, string> | null {
  if (id !== '') return { [FILTERS[by]]: id };
  const lacking = LACKING.find((one) => one === by);
  return lacking ? { without: lacking } : null;
}

export function colourOf(by: Breakdown, id: string): string | undefined {
  if (by === 'model') return colourOfModel(id);
  return by === 'provider' ? colourOfProvider(id) : undefined;
}

/** Names of records by id. Which are missing in it was deleted, or is not for the reader. */
function useRecordNames(collection: 'products' | 'api_keys', ids: readonly string[]) {
  const { pocketbase } = useApp().session;
  const wanted = [...new Set(ids)].filter(Boolean).sort();
  return useQuery({
    queryKey: ['record names', collection, wanted],
    enabled: wanted.length > 0,
    queryFn: async () => {
      const filter = wanted.map((id) => pocketbase.filter('id = {:id}', { id })).join(' || ');
      const fields = collection === 'api_keys' ? 'id,name,prefix' : 'id,name';
      const list = await pocketbase
        .collection(collection)
        .getList(1, wanted.length, { filter, fields, skipTotal: true });
      const named = z.array(z.object({ id: z.string(), name: z.string() }));
      return new Map(named.parse(list.items).map(({ id, name }) => [id, name]));
    },
  });
}

/** @returns null while names are on their way */
export function useBreakdownNames(by: Breakdown, ids: readonly string[]): ((id: string) => string) | null {
  const { t } = useTranslation('app');
  const tenant = useTenantOnShow();
  const models = useModelNames();
  const people = usePeopleNames(tenant.id, by === 'subject' ? ids : []);
  const products = useRecordNames('products', by === 'product' ? ids : []);
  const keys = useRecordNames('api_keys', by === 'apiKey' ? ids : []);
  const query = { subject: people, product: products, apiKey: keys, model: models, provider: null, costCentre: null }[
    by
  ];
  if (query?.isLoading) return null;
  const without: Partial<Record<Breakdown, string>> = {
    product: t('overview.noProduct'),
    costCentre: t('overview.noCostCentre'),
    apiKey: t('overview.noKey'),
  };
  return (id) => {
    if (id === '') return without[by] ?? t('people.unknown');
    if (by === 'provider') {
      const known = providerOf(id);
      return known ? providerTitle(known) : t('overview.customProvider');
    }
    if (by === 'subject') return people.data?.get(id) ?? t('people.unknown');
    return query?.data?.get(id) ?? id;
  };
}
