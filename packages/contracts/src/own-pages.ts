/** Pages in a browser that may call a tenant's services (proxy, conversations) besides the configured ones. */
import type { Catalogue } from './catalogue.ts';

const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

/** The tenant's own domains by https; of a dev tenant also whatever runs on the developer's machine, at any port. */
export function isOwnPage({ type, domains }: Pick<Catalogue['tenant'], 'type' | 'domains'>, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  if (THIS_MACHINE.includes(hostname)) return type === 'dev';
  return domains.some((domain) => origin === `https://${domain}`);
}
