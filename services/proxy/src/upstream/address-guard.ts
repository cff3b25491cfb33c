/**
 * Keeps requests to addresses from the directory out of private networks: whoever may edit models must not reach what
 * only this machine reaches (its metadata service, its databases). What a name resolves to is checked when a connection
 * is made, so a name that changes its address later doesn't get past.
 */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP } from 'node:net';
import { isPublicAddress } from '@cloudfreedom/service-kit/public-address';

class PrivateAddress extends Error {
  override name = 'PrivateAddress';
  readonly code = 'PRIVATE_ADDRESS';
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** `dns.lookup`, which refuses a name with any private address. */
export function publicLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    if (addresses.some(({ address }) => !isPublicAddress(address)))
      return callback(new PrivateAddress(`${hostname} leads into a private network`), []);
    if (options.all) return callback(null, addresses);
    const [first] = addresses;
    callback(null, first?.address ?? '', first?.family);
  });
}

/** A literal address is never looked up: look at it here. @throws PrivateAddress */
export function requirePublicLiteral(hostname: string): void {
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) throw new PrivateAddress(`${hostname} is a private address`);
}
