/** Do a tenant's host names lead anywhere? Asked before anything is deployed: certificates are made for what resolves. */
import { lookup } from 'node:dns/promises';
import { hostsOf } from '@cloudfreedom/tenant-bundle';
import { Fault } from '../stack/fault.ts';

type Resolve = (host: string) => Promise<unknown>;

/** @throws Fault naming each host without an address */
export async function checkHosts(
  domain: string,
  webui: boolean,
  resolve: Resolve = (host) => lookup(host),
): Promise<void> {
  const hosts = Object.values(hostsOf(domain, webui));
  const answers = await Promise.allSettled(hosts.map((host) => resolve(host)));
  const missing = hosts.filter((_, index) => answers[index]?.status === 'rejected');
  if (missing.length === 0) return;
  throw new Fault(
    `DNS has no address for ${missing.join(' and ')}: add an A or AAAA record that names the server (or one for *.${domain}), or pass --skip-dns and add it before people come.`,
  );
}
