/** How a tenant may be called, and the host names that follow from its domain. */
import { tenantRecord } from '@cloudfreedom/contracts';
import { z } from 'zod';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^(?=.{4,240}$)(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`);

export const tenantSlug = z
  .string()
  .refine(
    (text) => tenantRecord.shape.slug.safeParse(text).success,
    'must be 2 to 40 lower-case letters, digits and hyphens, such as acme or acme-berlin',
  );

export const tenantDomain = z
  .string()
  .regex(DOMAIN, 'must be a host name in lower case without https:// and path, such as acme.example');

export interface TenantHosts {
  /** The proxy: what developers and applications call. */
  ai: string;
  /** The chat, and below it the conversations. */
  app: string;
}

export function hostsOf(domain: string): TenantHosts {
  return { ai: `ai.${domain}`, app: `app.${domain}` };
}
