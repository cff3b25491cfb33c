import { useFormat } from '@cloudfreedom/ui';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { TenantPerson } from './person.ts';
import { type PersonEffect, type PersonTerms, type PersonValues, personEffects } from './person-values.ts';

interface PersonEffectsProps {
  opened: TenantPerson;
  typed: PersonValues;
  terms: PersonTerms;
}

/** What saving would do to this person, from the next request on. */
export function PersonEffects({ opened, typed, terms }: PersonEffectsProps) {
  const { t } = useTranslation('app');
  const words = useEffectWords();
  const effects = personEffects(opened, typed, terms);
  if (effects.length === 0) return null;
  return (
    <div className="portal-note" role="status">
      <Text fw={600}>{t('personEffect.title')}</Text>
      <ul className="portal-effects">
        {effects.map((effect) => (
          <li key={effect.kind}>{words(effect)}</li>
        ))}
      </ul>
    </div>
  );
}

function useEffectWords(): (effect: PersonEffect) => string {
  const { t } = useTranslation('app');
  const format = useFormat();
  return (effect) => {
    const { money } = format;
    switch (effect.kind) {
      case 'limit':
        return t('personEffect.limit', { before: money(effect.before), after: money(effect.after) });
      case 'freeThen':
        return t('personEffect.freeThen', {
          spent: money(effect.spent),
          held: money(effect.held),
          free: money(effect.free, 'down'),
        });
      case 'usedUpThen':
        return t('personEffect.usedUpThen', { spent: money(effect.spent) });
      case 'ownBudgetStays':
        return t('personEffect.ownBudgetStays', { amount: money(effect.amount) });
      case 'modelsOnly':
        return t('effect.modelsOnly', { names: format.list(effect.names) });
      case 'modelsAdded':
        return t('effect.modelsAdded', { names: format.list(effect.names) });
      case 'modelsRemoved':
        return t('effect.modelsRemoved', { names: format.list(effect.names) });
      default:
        return plainWords(t)[effect.kind];
    }
  };
}

const plainWords = (t: ReturnType<typeof useTranslation<'app'>>['t']) => ({
  nothingAllowed: t('personEffect.nothingAllowed'),
  noProduct: t('personEffect.noProduct'),
  sessionsEnd: t('personEffect.sessionsEnd'),
  regionEu: t('effect.regionEu'),
  regionAny: t('effect.regionAny'),
  limits: t('effect.limits'),
  modelsAll: t('effect.modelsAll'),
});
