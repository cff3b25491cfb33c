import { providerTitle, useApp, useFormat } from '@cloudfreedom/ui';
import { IconFlask, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Tenant } from '../tenants/tenant.ts';

/** What everybody has to know about this tenant before reading its figures. */
export function TenantBanner({ tenant }: { tenant: Tenant }) {
  const { t } = useTranslation('app');
  const { simulatedProviders } = useApp().config;
  const { list } = useFormat();
  return (
    <>
      {tenant.status === 'suspended' && (
        <div className="portal-banner" data-kind="suspended" role="note">
          <IconLock size={16} aria-hidden />
          {t('tenant.suspended')}
        </div>
      )}
      {tenant.type === 'demo' && simulatedProviders.length > 0 && (
        <div className="portal-banner" data-kind="demo" role="note">
          <IconFlask size={16} aria-hidden />
          {t('tenant.simulated', { providers: list(simulatedProviders.map(providerTitle)) })}
        </div>
      )}
    </>
  );
}
