import { useTranslation } from 'react-i18next';
import { useFieldChecks } from '../records/use-field-faults.ts';
import {
  COUNT_FIELDS,
  type CountField,
  type DeploymentValues,
  OWN_PRICES,
  priceField,
  readUsd,
} from './deployment-values.ts';

/** What is wrong with what was typed, before anything is sent. */
export function useDeploymentCheck(): (typed: DeploymentValues) => Record<string, string | null> {
  const { t } = useTranslation('app');
  const checks = useFieldChecks();
  const counted = (field: CountField, typed: string) => {
    const { empty, min, max } = COUNT_FIELDS[field];
    const text = typed.trim();
    if (text === '') return empty === null ? checks.required(typed) : null;
    return /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max ? null : t('fault.range', { min, max });
  };
  const prices = (typed: DeploymentValues): Record<string, string | null> => {
    if (typed.provider !== 'custom') return {};
    const given = OWN_PRICES.filter((meter) => typed[priceField(meter)].trim() !== '');
    const missing = (meter: (typeof OWN_PRICES)[number]) =>
      given.length > 0 && !given.includes(meter) && (meter === 'uncached_input' || meter === 'output_text');
    return Object.fromEntries(
      OWN_PRICES.map((meter) => {
        const value = typed[priceField(meter)];
        if (missing(meter)) return [priceField(meter), t('fault.bothPrices')];
        const wrong = value.trim() !== '' && readUsd(value) === undefined;
        return [priceField(meter), wrong ? t('fault.usd') : null];
      }),
    );
  };
  return (typed) => {
    const faults: Record<string, string | null> = {
      name: checks.required(typed.name) ?? (/^\S+$/.test(typed.name.trim()) ? null : t('fault.modelName')),
      deployment: /^[\w.:/@-]{0,120}$/.test(typed.deployment.trim()) ? null : t('fault.deployment'),
      base_url: typed.provider === 'custom' ? checks.required(typed.base_url) : null,
      key_name: /^([a-z0-9][a-z0-9-]{0,39})?$/.test(typed.key_name.trim()) ? null : t('fault.keyName'),
      languages: /^([a-z]{2,3}(,[a-z]{2,3})*)?$/.test(typed.languages.trim()) ? null : t('models.languagesFault'),
      ...prices(typed),
    };
    for (const field of Object.keys(COUNT_FIELDS) as CountField[]) faults[field] = counted(field, typed[field]);
    if (typed.kind === 'embedding' && typed.output_tokens_max.trim() === '') faults.output_tokens_max = null;
    return faults;
  };
}
