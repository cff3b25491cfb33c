/**
 * Where an image may come from: the request itself, or a server of the public internet. The provider fetches it, not
 * the proxy; an address inside somebody's network can only be a mistake or an attack.
 */
import { isIP } from 'node:net';
import { isPublicAddress } from '@cloudfreedom/service-kit/public-address';
import { parseDataUrl } from './data-url.ts';
import { readImageHeader } from './image-header.ts';

const URL_LENGTH_MAX = 8_192;
/** Names that no public server has. */
const INSIDE = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)$/;

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
  if (isIP(host)) return isPublicAddress(host);
  return host.includes('.') && !INSIDE.test(host);
}
