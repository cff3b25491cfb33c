import { ApiFailure, useFailureWords } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';

/** Why billing did not do what an admin wanted with somebody's money. */
export function useRefusalWords(): (error: unknown) => string {
  const { t } = useTranslation('app');
  const failureWords = useFailureWords();
  return (error) => {
    const words: Record<string, string> = {
      request_decided: t('requests.decidedAlready'),
      beyond_tenant_budget: t('requests.beyondTenant'),
      amount_too_large: t('person.overrideTooLarge'),
    };
    const code = error instanceof ApiFailure ? error.code : null;
    return (code !== null && words[code]) || failureWords(error);
  };
}
