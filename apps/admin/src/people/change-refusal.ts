import { usePerson } from '@cloudfreedom/ui';
import { useTranslation } from 'react-i18next';
import type { TenantPerson } from './person.ts';

/** Why the signed-in admin may not change this person, or null. PocketBase's rules decide; this says it beforehand. */
export function useChangeRefusal(person: TenantPerson): string | null {
  const { t } = useTranslation('app');
  const admin = usePerson();
  if (person.id === admin.id) return t('person.self');
  if (person.role === 'platform_admin' && admin.role !== 'platform_admin') return t('person.platformAdmin');
  return null;
}

/** Why not their budget either: admins of a tenant don't lift each other. */
export function useBudgetRefusal(person: TenantPerson): string | null {
  const { t } = useTranslation('app');
  const admin = usePerson();
  return person.role === 'tenant_admin' && admin.role !== 'platform_admin' ? t('person.fellowAdmin') : null;
}
