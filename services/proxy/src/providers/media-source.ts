/**
 * Where an image may come from: the request itself, or a server of the public internet. The provider fetches it, not
 * the proxy; an address inside somebody's network can only be a mistake or an attack.
 */
import { BlockList, isIP } from 'node:net';
import { parseDataUrl } from './data-url.ts';
import { readImageHeader } from './image-header.ts';

const URL_LENGTH_MAX = 8_192;
/** Names that no public server has. */
const INSIDE = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)$/;

const reserved = new BlockList();
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
  reserved.addSubnet(network, prefix, 'ipv4');
// IPv6: only 2000::/3 is public, and in it 2002::/16 (6to4) and 2001::/32 (Teredo) wrap IPv4 addresses.
const publicIpv6 = new BlockList();
publicIpv6.addSubnet('2000::', 3, 'ipv6');
const wrapping = new BlockList();
wrapping.addSubnet('2002::', 16, 'ipv6');
wrapping.addSubnet('2001::', 32, 'ipv6');

/** @returns what is wrong with the address of an image, in words for its sender; null: nothing */
export function imageUrlFault(url: string): string | null {
  if (/^data:/i.test(url)) {
    const inline = parseDataUrl(url);
    if (!inline) return 'expected data:image/…;base64, followed by valid base64';
    if (!inline.mediaType.startsWith('image/') || readImageHeader(inline.base64)) return null;
    return 'expected the bytes of an image (PNG, JPEG, GIF, WebP, HEIC, AVIF, BMP or TIFF)';
  }
  if (!/^https?:\/\//i.test(url) || url.length > URL_LENGTH_MAX || !URL.canParse(url))
    return 'expected an https address or a base64 data URL';
  const { hostname, username, password } = new URL(url);
  if (username || password) return 'expected an address without credentials';
  return isPublic(hostname) ? null : 'expected an address on the public internet';
}

/** @param hostname as `URL` gives it: lower case, every spelling of an IPv4 address as four numbers */
function isPublic(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) === 4) return !reserved.check(host, 'ipv4');
  if (isIP(host) === 6) return publicIpv6.check(host, 'ipv6') && !wrapping.check(host, 'ipv6');
  return host.includes('.') && !INSIDE.test(host);
}
