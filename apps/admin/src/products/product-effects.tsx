import { ErrorState } from '@cloudfreedom/ui';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type ManagedProduct, type ProductValues, productEffects } from './product-values.ts';
import { useProductUse } from './products.queries.ts';
import { useEffectWords } from './words.ts';

/** What saving would do, and to how many. */
export function ProductEffects({ opened, typed }: { opened: ManagedProduct; typed: ProductValues }) {
  const { t } = useTranslation('app');
  const use = useProductUse(opened.id);
  const people = use.data ?? { people: 0, withoutOwnBudget: 0 };
  const words = useEffectWords(people);
  const effects = productEffects(opened, typed);
  if (effects.length > 0 && use.isError && !use.data)
    return <ErrorState error={use.error} onRetry={() => void use.refetch()} />;
  if (effects.length === 0 || !use.data) return null;
  return (
    <div className="portal-note" role="status">
      <Text fw={600}>{t('effect.title', { count: people.people })}</Text>
      <ul className="portal-effects">
        {effects.map((effect) => (
          <li key={effect.kind}>{words(effect)}</li>
        ))}
      </ul>
    </div>
  );
}
