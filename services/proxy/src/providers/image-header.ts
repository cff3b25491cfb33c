/** What the first bytes of an image say: whether it is one, and its size in pixels. Nothing of it is decoded. */

export interface ImageHeader {
  /** Pixels; null: a kind of image whose size isn't read here, or one whose header is cut. */
  size: { width: number; height: number } | null;
}

/** A JPEG's size can stand behind its embedded preview and colour profile. */
const LOOKED_AT_BYTES = 256 * 1024;
/** `ftyp` brands of HEIC, HEIF and AVIF. */
const BRANDS = /^(heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif|avis)$/;

/** @returns null where the bytes are no image that any provider takes */
export function readImageHeader(base64: string): ImageHeader | null {
  const bytes = Buffer.from(base64.slice(0, Math.ceil(LOOKED_AT_BYTES / 3) * 4), 'base64');
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (text(0, 4) === '\x89PNG') return pixels(bytes, 24, () => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]);
  if (text(0, 3) === 'GIF') return pixels(bytes, 10, () => [bytes.readUInt16LE(6), bytes.readUInt16LE(8)]);
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return pixels(bytes, 30, () => webpSize(bytes, text(12, 16)));
  if (text(0, 3) === '\xff\xd8\xff') return { size: jpegSize(bytes) };
  const isOther = text(0, 2) === 'BM' || /^(II\*\0|MM\0\*)/.test(text(0, 4));
  return isOther || (text(4, 8) === 'ftyp' && BRANDS.test(text(8, 12))) ? { size: null } : null;
}

function pixels(bytes: Buffer, headerBytes: number, read: () => [number, number]): ImageHeader {
  if (bytes.length < headerBytes) return { size: null };
  const [width, height] = read();
  return { size: width > 0 && height > 0 ? { width, height } : null };
}

function webpSize(bytes: Buffer, form: string): [number, number] {
  if (form === 'VP8X') return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
  if (form === 'VP8 ') return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
  if (form !== 'VP8L') return [0, 0];
  const packed = bytes.readUInt32LE(21);
  return [(packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1];
}

/** Walks from segment to segment until the one that begins the frame. */
function jpegSize(bytes: Buffer): { width: number; height: number } | null {
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const beginsFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (beginsFrame) {
      const size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
      return size.width > 0 && size.height > 0 ? size : null;
    }
    // Filling bytes stand before a marker; every segment else says its length, which counts itself.
    at += marker === 0xff ? 1 : 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  return null;
}
