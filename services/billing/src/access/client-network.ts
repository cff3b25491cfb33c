/** Where a request came from, as the audit log keeps it: the network, not the machine. */
import { BlockList, isIP } from 'node:net';

export interface TrustedProxy {
  /** Header with the client's address, lower case; '': there is no proxy in front. */
  header: string;
  /** Addresses and subnets that may send it. */
  addresses: string[];
}

const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * Enough to tell the office from abroad, too little to tell who: `203.0.113.7` -> `203.0.113.0/24`,
 * `2001:db8:85a3:8d3::1` -> `2001:db8:85a3::/48`. What is no address -> ''.
 */
export function networkOf(text: string): string {
  const address = plain(text);
  if (isIP(address) === 4) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIP(address) !== 6) return '';
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const all = tail === undefined ? groups : [...groups, ...Array(8 - groups.length - after.length).fill('0'), ...after];
  return `${all.slice(0, 3).join(':')}::/48`;
}

export function isAddressOrSubnet(entry: string): boolean {
  const [address = '', bits, ...more] = entry.split('/');
  const bitsMax = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && (bits === undefined ? bitsMax > 0 : /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax);
}

function listOf(entries: string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

export interface Sender {
  ip: string;
  headers: Record<string, string | string[] | undefined>;
}

/** The header of a trusted proxy counts, its last address; from anybody else it is not looked at. */
export function createNetworkReader({ header, addresses }: TrustedProxy): (sender: Sender) => string {
  const trusted = listOf(addresses);
  return ({ ip, headers }) => {
    const remote = plain(ip);
    if (header === '' || !trusted.check(remote, isIP(remote) === 6 ? 'ipv6' : 'ipv4')) return networkOf(remote);
    const told = [headers[header] ?? ''].flat().join(',').split(',').at(-1)?.trim() ?? '';
    return networkOf(told || remote);
  };
}
