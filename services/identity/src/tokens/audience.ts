import { audienceOf } from '@cloudfreedom/contracts';

/** A person may talk to billing and to the services of their own tenant, nobody else's. */
export function mayReach(audience: string, tenantId: string): boolean {
  return (
    audience === audienceOf.billing ||
    audience === audienceOf.proxy(tenantId) ||
    audience === audienceOf.conversations(tenantId)
  );
}
