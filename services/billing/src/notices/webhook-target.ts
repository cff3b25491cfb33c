/** Where a webhook may go: to public addresses over https, and to what the operator has named besides. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from '@cloudfreedom/service-kit/public-address';

export interface Target {
  url: URL;
  /** The address that was looked at; the connection goes there and nowhere else, whatever a second lookup says. */
  address: string;
  family: number;
}

const isTrusted = (url: URL, privateHosts: string[]) =>
  privateHosts.includes(url.host) || privateHosts.includes(url.hostname);

const nameOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '');

/**
 * What the address itself tells, without asking anybody where its name leads.
 * @param privateHosts `host` or `host:port` that may be private and plain http
 * @returns undefined: nothing speaks against it so far
 */
export function faultOfTarget(url: URL, privateHosts: string[]): 'not_https' | 'not_public' | undefined {
  const trusted = isTrusted(url, privateHosts);
  if (url.protocol !== 'https:' && !(trusted && url.protocol === 'http:')) return 'not_https';
  const name = nameOf(url);
  const isPrivate = isIP(name) ? !isPublicAddress(name) : /(^|\.)localhost\.?$/.test(name);
  return isPrivate && !trusted ? 'not_public' : undefined;
}

const NOT_PUBLIC = 'the name leads to an address that is not public';

/** @param privateHosts as above. @throws Error saying why not */
export async function resolveTarget(text: string, privateHosts: string[]): Promise<Target> {
  const url = new URL(text);
  const fault = faultOfTarget(url, privateHosts);
  if (fault) throw new Error(fault === 'not_https' ? 'only https is spoken' : NOT_PUBLIC);
  const addresses = await lookup(nameOf(url), { all: true });
  const [first] = addresses;
  if (!first) throw new Error('the name has no address');
  if (!isTrusted(url, privateHosts) && !addresses.every(({ address }) => isPublicAddress(address)))
    throw new Error(NOT_PUBLIC);
  return { url, ...first };
}
