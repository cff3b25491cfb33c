import { tenantAddress } from '@cloudfreedom/contracts';
import { useApp, usePerson } from '@cloudfreedom/ui';
import type { Tenant } from '../tenants/tenant.ts';
import { useProxies } from './models.queries.ts';

/**
 * A proxy is opened by people of its own tenant only: identity makes no token for another one's.
 * `foreign`: of another tenant; `down`: no proxy of it has reported lately; undefined: not known yet.
 */
export function useProxyReach(tenant: Tenant): 'open' | 'foreign' | 'down' | undefined {
  const { config } = useApp();
  const person = usePerson();
  const proxies = useProxies(tenant.id);
  if (person.tenantId !== tenant.id) return 'foreign';
  if (!proxies.data) return proxies.isError ? 'down' : undefined;
  const isKnown = tenantAddress('proxy', config.proxyUrl, tenant) !== null;
  return isKnown && proxies.data.items.some(({ up }) => up) ? 'open' : 'down';
}
