import { useTexts } from '@cloudfreedom/ui';
import type { KeyState } from './api-key.ts';

export function useKeyStateWords(): Record<KeyState, string> {
  const { t } = useTexts('app');
  return { active: t('status.active'), expired: t('outcome.expired'), revoked: t('tokens.revoked') };
}
