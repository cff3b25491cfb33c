import type { AnswerCacheRule } from '@cloudfreedom/contracts';
import { useTranslation } from 'react-i18next';
import { useLimitNames } from '../records/limit-fields.tsx';
import type { TenantField, TenantType } from './tenant-values.ts';

/** The fields of a tenant as people call them. */
export function useTenantFieldNames(): Record<TenantField, string> {
  const { t } = useTranslation('app');
  const limits = useLimitNames();
  return {
    ...limits,
    name: t('people.name'),
    slug: t('tenants.slug'),
    type: t('tenants.type'),
    time_zone: t('tenants.timeZone'),
    locale: t('person.language'),
    monthly_budget_eur: t('tenants.budget'),
    markup_percent: t('tenants.markup'),
    domains: t('tenants.domains'),
    expires_at: t('tenants.expires'),
    single_sign_on_required: t('tenants.singleSignOn'),
    retention_days: t('tenants.retention'),
    answer_cache: t('tenants.answerCache'),
    sign_up_domain: t('tenants.signUpDomain'),
    sign_up_product: t('tenants.signUpProduct'),
  };
}

/** Each type by name, and what it means. */
export function useTenantTypeWords(): Record<TenantType, { name: string; meaning: string }> {
  const { t } = useTranslation('app');
  return {
    internal: { name: t('tenantType.internal'), meaning: t('tenantType.internalMeaning') },
    demo: { name: t('tenantType.demo'), meaning: t('tenantType.demoMeaning') },
    dev: { name: t('tenantType.dev'), meaning: t('tenantType.devMeaning') },
    enterprise: { name: t('tenantType.enterprise'), meaning: t('tenantType.enterpriseMeaning') },
  };
}

/** Who may get an earlier answer to the same request again. */
export function useAnswerCacheWords(): Record<AnswerCacheRule, string> {
  const { t } = useTranslation('app');
  return {
    off: t('answerCache.off'),
    person: t('answerCache.person'),
    tenant: t('answerCache.tenant'),
  };
}
