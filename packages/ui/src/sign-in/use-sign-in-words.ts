import { ClientResponseError } from 'pocketbase';
import { useTranslation } from 'react-i18next';
import { faultOfField } from './account-calls.ts';

/** Why a sign-in or a change of the account did not work. `refused`: words for what only this place can know. */
export function useSignInWords(): (error: unknown, refused: string) => string {
  const { t } = useTranslation('ui');
  return (error, refused) => {
    if (!(error instanceof ClientResponseError) || error.status === 0 || error.status >= 500)
      return t('signIn.unreachable');
    if (error.status === 429) return t('signIn.tooMany');
    if (faultOfField(error, 'tenant') === 'tenant_expired') return t('signIn.expired');
    if (faultOfField(error, 'identity') === 'single_sign_on_required') return t('signIn.providerOnly');
    return refused;
  };
}
