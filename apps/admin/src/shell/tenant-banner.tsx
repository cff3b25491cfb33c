import { IconFlask, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Tenant } from '../tenants/tenant.ts';

/** What everybody has to know about this tenant before reading its figures. */
export function TenantBanner({ tenant }: { tenant: Tenant }) {
  const { t } = useTranslation('app');
  return (
    <>
      {tenant.status === 'suspended' && (
        <div className="portal-banner" data-kind="suspended" role="note">
          <IconLock size={16} aria-hidden />
          {t('tenant.suspended')}
        </div>
      )}
      {tenant.type === 'demo' && (
        <div className="portal-banner" data-kind="demo" role="note">
          <IconFlask size={16} aria-hidden />
          {t('tenant.demo')}
        </div>
      )}
    </>
  );
}
