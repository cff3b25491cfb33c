import { providerTitle, useApp, useFormat } from '@cloudfreedom/ui';
import { IconFlask, IconHourglass, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Tenant } from '../tenants/tenant.ts';

/** What everybody has to know about this tenant before reading its figures. */
export function TenantBanner({ tenant }: { tenant: Tenant }) {
  const { t } = useTranslation('app');
  const { simulatedProviders } = useApp().config;
  const { list, dateTime } = useFormat();
  const isSimulated = ['demo', 'dev'].includes(tenant.type) && simulatedProviders.length > 0;
  return (
    <>
      {tenant.status === 'suspended' && (
        <div className="portal-banner" data-kind="suspended">
          <span role="note">
            <IconLock size={16} aria-hidden />
            {t('tenant.suspended')}
          </span>
        </div>
      )}
      {(tenant.expires_at !== '' || isSimulated) && (
        <div className="portal-banner" data-kind="demo">
          {tenant.expires_at !== '' && (
            <span role="note">
              <IconHourglass size={16} aria-hidden />
              {t('tenant.demoUntil', { date: dateTime(tenant.expires_at.replace(' ', 'T')) })}
            </span>
          )}
          {isSimulated && (
            <span role="note">
              <IconFlask size={16} aria-hidden />
              {t('tenant.simulated', { providers: list(simulatedProviders.map(providerTitle)) })}
            </span>
          )}
        </div>
      )}
    </>
  );
}
