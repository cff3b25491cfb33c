import { createContext, useContext } from 'react';
import type { Tenant } from './tenant.ts';

export const TenantContext = createContext<Tenant | null>(null);

/** The tenant that the address names; only below PortalShell. */
export function useTenantOnShow(): Tenant {
  const tenant = useContext(TenantContext);
  if (!tenant) throw new Error('useTenantOnShow outside of PortalShell');
  return tenant;
}
