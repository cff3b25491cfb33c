import { useTranslation } from 'react-i18next';

/** Roles, states and kinds in words. */
export function usePersonWords() {
  const { t } = useTranslation('app');
  return {
    role: {
      member: t('role.member'),
      tenant_admin: t('role.tenantAdmin'),
      platform_admin: t('role.platformAdmin'),
    },
    status: { active: t('status.active'), suspended: t('status.suspended') },
  };
}
