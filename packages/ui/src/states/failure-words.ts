import { useTranslation } from 'react-i18next';
import { failureKind } from '../session/failure.ts';

/** What happened, why, and what to do next, for any error of our services or of PocketBase. */
export function useFailureWords(): (error: unknown) => string {
  const { t } = useTranslation('ui');
  return (error) => {
    const words = {
      unreachable: t('failure.unreachable'),
      unavailable: t('failure.unavailable'),
      forbidden: t('failure.forbidden'),
      notFound: t('failure.notFound'),
      sessionEnded: t('failure.sessionEnded'),
      tooMany: t('failure.tooMany'),
      refused: t('failure.refused', { message: error instanceof Error ? error.message : '' }),
      unexpected: t('failure.unexpected'),
    };
    return words[failureKind(error)];
  };
}
