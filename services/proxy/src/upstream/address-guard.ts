/**
 * Keeps requests to addresses from the directory out of private networks: whoever may edit models must not reach what
 * only this machine reaches (its metadata service, its databases). What a name resolves to is checked when a connection
 * is made, so a name that changes its address later doesn't get past.
 */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';

const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv4');
/** Of IPv6 only 2000::/3 is public; in it 2002::/16 (6to4) and 2001::/32 (Teredo) wrap IPv4 addresses. */
const PUBLIC_IPV6 = new BlockList();
PUBLIC_IPV6.addSubnet('2000::', 3, 'ipv6');
const WRAPPING = new BlockList();
WRAPPING.addSubnet('2002::', 16, 'ipv6');
WRAPPING.addSubnet('2001::', 32, 'ipv6');

class PrivateAddress extends Error {
  override name = 'PrivateAddress';
  readonly code = 'PRIVATE_ADDRESS';
}

function isPrivate(address: string): boolean {
  if (isIP(address) !== 6) return PRIVATE.check(address, 'ipv4');
  return !PUBLIC_IPV6.check(address, 'ipv6') || WRAPPING.check(address, 'ipv6');
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** `dns.lookup`, which refuses a name with any private address. */
export function publicLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    if (addresses.some(({ address }) => isPrivate(address)))
      return callback(new PrivateAddress(`${hostname} leads into a private network`), []);
    if (options.all) return callback(null, addresses);
    const [first] = addresses;
    callback(null, first?.address ?? '', first?.family);
  });
}

/** A literal address is never looked up: look at it here. @throws PrivateAddress */
export function requirePublicLiteral(hostname: string): void {
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && isPrivate(literal)) throw new PrivateAddress(`${hostname} is a private address`);
}
