import { useTranslation } from 'react-i18next';
import { useLimitNames } from '../records/limit-fields.tsx';
import type { PersonField } from './person-values.ts';

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
    kind: { person: t('kind.person'), service_account: t('kind.serviceAccount') },
  };
}

/** The fields of a person as people call them. */
export function usePersonFieldNames(): Record<PersonField, string> {
  const { t } = useTranslation('app');
  const limits = useLimitNames();
  return {
    ...limits,
    name: t('people.name'),
    product: t('people.product'),
    budget: t('person.override'),
    budget_override_eur: t('person.overrideLabel'),
    role: t('people.role'),
    cost_centre: t('person.costCentre'),
    locale: t('person.language'),
  };
}
