/** Whether the core lets a tenant's chat and proxy be used: both stand in lists of its settings, which nobody else changes. */
import type { BundleFacts } from '@cloudfreedom/tenant-bundle';
import { hostsOf } from '@cloudfreedom/tenant-bundle';
import { reach } from './core.ts';

type Addresses = BundleFacts['core'];

/** A browser asks like this before a page calls another server. */
async function mayCall(what: string, url: string, origin: string): Promise<boolean> {
  const headers = { origin, 'access-control-request-method': 'GET' };
  const response = await reach(what, url, { method: 'OPTIONS', headers });
  await response.body?.cancel();
  return [origin, '*'].includes(response.headers.get('access-control-allow-origin') ?? '');
}

/** Whether the portal's own policy names a place; `https://*.example.com` stands for every host that ends like it. */
async function portalMayCall(portal: string, origin: string): Promise<boolean> {
  const response = await reach('The admin portal', `${portal}/`, {});
  await response.body?.cancel();
  const policy = response.headers.get('content-security-policy');
  const [, sources] = /(?:^|;)\s*connect-src\s([^;]*)/.exec(policy ?? '') ?? [];
  if (sources === undefined) return true;
  return sources.split(' ').some((source) => {
    const [scheme, ending] = source.split('*', 2);
    return source === origin || (ending !== undefined && origin.startsWith(scheme ?? '') && origin.endsWith(ending));
  });
}

/**
 * What has to be added to the core's `core.env` for a tenant of this domain, a line each; none: all is let in.
 * @throws Fault where a service does not answer
 */
export async function missingAtCore(core: Addresses, domain: string): Promise<string[]> {
  const hosts = hostsOf(domain, false);
  const [chat, proxy] = [`https://${hosts.app}`, `https://${hosts.ai}`];
  const services = await Promise.all([
    mayCall('PocketBase', `${core.pocketbase}/api/health`, chat),
    mayCall('identity', `${core.identity}/oauth/token`, chat),
    mayCall('billing', `${core.billing}/v1/catalogue`, chat),
  ]);
  const lines = services.every((allowed) => allowed) ? [] : [`CHAT_ORIGINS=…,${chat}`];
  return (await portalMayCall(core.portal, proxy)) ? lines : [...lines, `PROXY_ORIGINS=…,${proxy}`];
}

/** Says what is still to be done at the core before anybody can use the tenant. @throws as `missingAtCore` */
export async function reportMissingAtCore(
  core: Addresses,
  domain: string,
  report: (line: string) => void,
): Promise<void> {
  const lines = await missingAtCore(core, domain);
  if (lines.length === 0) return;
  report(
    [
      '\nThe core does not let it in yet: nobody can use it before. Add to core.env on the server of the core, behind what stands there:',
      ...lines.map((line) => `  ${line}`),
      'and apply it there: docker compose --env-file core.env up -d --wait',
    ].join('\n'),
  );
}
