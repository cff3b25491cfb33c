import { type FieldFault, faultsOfFields, readTypedAmount } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';

const COUNT_MAX = 1_000_000_000;

/** Checks of what was typed: the words for what is wrong with it, or null. */
export function useFieldChecks() {
  const { t } = useTranslation('app');
  return {
    required: (typed: string) => (typed.trim() === '' ? t('fault.required') : null),
    /** Empty is fine here. */
    amount: (typed: string) => {
      const amount = readTypedAmount(typed);
      if (amount.ok || amount.fault === 'empty') return null;
      const words = {
        negative: t('person.overrideNegative'),
        not_a_number: t('person.overrideNotANumber'),
        ambiguous: t('person.overrideAmbiguous'),
        too_large: t('person.overrideTooLarge'),
      };
      return words[amount.fault];
    },
    /** Whole, from 0; empty is fine. */
    count: (typed: string, max = COUNT_MAX) =>
      /^\d*$/.test(typed.trim()) && Number(typed) <= max ? null : t('fault.count', { max }),
  };
}

/** The words of PocketBase's refusals, by field. */
export function useServerFaults(): (error: unknown) => Record<string, string> {
  const { t } = useTranslation('app');
  const wordsOf = ({ code, message }: FieldFault): string => {
    const words: Record<string, string> = {
      validation_required: t('fault.required'),
      validation_not_unique: t('fault.taken'),
      invalid_time_zone: t('fault.timeZone'),
      internal_without_markup: t('fault.internalMarkup'),
      demo_needs_expiry: t('fault.demoExpiry'),
      expiry_of_demo_only: t('fault.expiryOfDemoOnly'),
      enterprise_only: t('fault.enterpriseOnly'),
      invalid_domains: t('fault.domains'),
      repeated_domain: t('fault.repeatedDomain'),
      domain_taken: t('fault.domainTaken'),
      invalid_base_url: t('fault.baseUrl'),
      base_url_missing: t('fault.required'),
      invalid_prices: t('fault.bothPrices'),
    };
    return words[code] ?? t('fault.other', { message });
  };
  return (error) =>
    Object.fromEntries(Object.entries(faultsOfFields(error)).map(([field, fault]) => [field, wordsOf(fault)]));
}
