/** What tells the public internet from somebody's network, wherever an address comes from outside. */
import { BlockList, isIP } from 'node:net';

/** Apart, for a list of both takes IPv4 addresses for the IPv6 ones that stand for them. */
const PRIVATE = { 4: new BlockList(), 6: new BlockList() };
const IPV4_RANGES: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/** Of IPv6 only what is handed out to the public (2000::/3), without tunnels that lead to IPv4. */
const IPV6_RANGES: [string, number][] = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
];
for (const [address, prefix] of IPV4_RANGES) PRIVATE[4].addSubnet(address, prefix, 'ipv4');
for (const [address, prefix] of IPV6_RANGES) PRIVATE[6].addSubnet(address, prefix, 'ipv6');

/** Is it an address of the public internet, or one of somebody's network (or of documentation, tests, tunnels)? No address: no. */
export function isPublicAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return isPublicAddress(mapped);
  const family = isIP(address);
  if (family === 4) return !PRIVATE[4].check(address, 'ipv4');
  return family === 6 && !PRIVATE[6].check(address, 'ipv6');
}
