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
  .string('is missing: the domain below which its pages are, such as acme.example')
  .regex(DOMAIN, 'must be a host name in lower case without https:// and path, such as acme.example');

/** `ai`: the API for programs. `app`: the chat, and below it the conversations. `webui`: Open WebUI, where it is wanted. */
export function hostsOf(domain: string, webui: boolean): Record<string, string> & { ai: string; app: string } {
  const hosts = { ai: `ai.${domain}`, app: `app.${domain}` };
  return webui ? { ...hosts, webui: `webui.${domain}` } : hosts;
}
