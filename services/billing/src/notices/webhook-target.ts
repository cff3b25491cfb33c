/** Where a webhook may go: to public addresses over https, and to what the operator has named besides. */
import { lookup } from 'node:dns/promises';
import { isPublicAddress } from '@cloudfreedom/service-kit/public-address';

export interface Target {
  url: URL;
  /** The address that was looked at; the connection goes there and nowhere else, whatever a second lookup says. */
  address: string;
  family: number;
}

/** @param privateHosts `host` or `host:port` that may be private and plain http. @throws Error saying why not */
export async function resolveTarget(text: string, privateHosts: string[]): Promise<Target> {
  const url = new URL(text);
  const trusted = privateHosts.includes(url.host) || privateHosts.includes(url.hostname);
  if (url.protocol !== 'https:' && !(trusted && url.protocol === 'http:')) throw new Error('only https is spoken');
  const addresses = await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true });
  const [first] = addresses;
  if (!first) throw new Error('the name has no address');
  if (!trusted && !addresses.every(({ address }) => isPublicAddress(address)))
    throw new Error('the name leads to an address that is not public');
  return { url, ...first };
}
