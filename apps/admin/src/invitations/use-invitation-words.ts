import { faultOfField, useFailureWords } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';

/** Why an invitation was not made, sent or withdrawn. */
export function useInvitationWords(): (error: unknown) => string {
  const { t } = useTranslation('app');
  const otherwise = useFailureWords();
  return (error) => {
    const fault = faultOfField(error, 'email');
    if (fault === 'address_has_account') return t('invitations.hasAccount');
    if (fault === 'address_is_invited') return t('invitations.isInvited');
    if (fault !== undefined) return t('invitations.emailMissing');
    return otherwise(error);
  };
}
