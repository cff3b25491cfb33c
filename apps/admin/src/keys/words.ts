import { useTranslation } from 'react-i18next';
import type { KeyState } from './api-key.ts';

export function useKeyStateWords(): Record<KeyState, string> {
  const { t } = useTranslation('app');
  return { active: t('status.active'), expired: t('outcome.expired'), revoked: t('tokens.revoked') };
}
