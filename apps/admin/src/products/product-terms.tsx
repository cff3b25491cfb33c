import { useFormat } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';
import { COUNT_FIELDS, type ManagedProduct, SHARED_FIELDS } from './product-values.ts';
import { useProductFieldNames } from './words.ts';

/** A product for those who may give it but not change it. */
export function ProductTerms({ product }: { product: ManagedProduct }) {
  const { t } = useTranslation('app');
  const labels = useProductFieldNames();
  const format = useFormat();
  const amount = (text: string) => (text === '' ? t('person.none') : format.money(text));
  const details = [
    [labels.monthly_budget_eur, amount(product.monthly_budget_eur)],
    [labels.carry_over_cap_eur, amount(product.carry_over_cap_eur)],
    [labels.region_rule, product.region_rule === 'eu' ? t('products.regionEu') : t('products.regionAny')],
    [labels.models, product.models.length === 0 ? t('products.allModels') : format.list(product.models)],
    ...[...COUNT_FIELDS, ...SHARED_FIELDS].map((field) => [
      labels[field],
      product[field] === 0 ? t('products.noLimit') : format.number(product[field]),
    ]),
  ];
  return (
    <dl className="portal-details">
      {details.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
