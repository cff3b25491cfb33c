import { NativeSelect, Skeleton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { useTenants } from '../tenants/tenant.queries.ts';
import type { Tenant } from '../tenants/tenant.ts';

/** The tenant's name; for platform admins a choice of all. Changing it keeps the page. */
export function TenantSwitch(props: { tenantId: string; tenant: Tenant | undefined; choosable: boolean }) {
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const tenants = useTenants(props.choosable);
  if (!props.choosable) {
    return (
      <div className="portal-tenant">
        <Text size="xs" c="dimmed">
          {t('tenant.label')}
        </Text>
        {props.tenant ? <Text fw={550}>{props.tenant.name}</Text> : <Skeleton height={18} width={140} my={3} />}
      </div>
    );
  }
  const known = tenants.data ?? (props.tenant ? [props.tenant] : []);
  const page = pathname.split('/')[3] ?? 'overview';
  return (
    <div className="portal-tenant">
      <NativeSelect
        label={t('tenant.label')}
        data={known.map(({ id, name }) => ({ value: id, label: name }))}
        value={props.tenantId}
        onChange={(event) => navigate(`/tenants/${event.currentTarget.value}/${page}`)}
        size="sm"
      />
    </div>
  );
}
