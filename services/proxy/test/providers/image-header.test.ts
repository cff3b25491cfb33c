import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../../src/providers/image-header.ts';

const base64 = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('base64');
/** Headers as the formats' specifications have them, of an image of 640 x 480. */
const HEADERS: Record<string, string> = {
  PNG: '89504e470d0a1a0a 0000000d 49484452 00000280 000001e0 0806000000 00000000',
  GIF: '474946383961 8002 e001 00 00 00',
  JPEG: 'ffd8 ffe0 0010 4a46494600010100000100010000 ffc0 0011 08 01e0 0280 03 012200021101031101',
  'JPEG with filling bytes': 'ffd8 ffff ffff e0 0004 0000 ffc2 0011 08 01e0 0280 03 0122000211010311',
  'WebP, lossy': '52494646 24000000 57454250 56503820 18000000 300100 9d012a 8002 e001 0000',
  'WebP, lossless': '52494646 24000000 57454250 5650384c 18000000 2f 7fc27700 0000000000',
  'WebP, extended': '52494646 24000000 57454250 56503858 0a000000 00000000 7f0200 df0100',
};

describe('the header of an image', () => {
  it.each(Object.entries(HEADERS))('%s: its size', (_name, hex) => {
    expect(readImageHeader(base64(hex))).toEqual({ size: { width: 640, height: 480 } });
  });

  it.each(Object.entries(HEADERS))(
    '%s, cut anywhere: an image without a size, or none, and no exception',
    (_name, hex) => {
      const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
      for (let end = 0; end < bytes.length; end += 1) {
        const header = readImageHeader(bytes.subarray(0, end).toString('base64'));
        expect([null, undefined, 640]).toContain(header?.size?.width ?? null);
      }
    },
  );

  it.each(['', 'AAAA', base64('255044462d312e34'), Buffer.from('<svg/>').toString('base64')])(
    '%j is no image',
    (data) => {
      expect(readImageHeader(data)).toBeNull();
    },
  );

  it('a HEIC, a BMP and a TIFF are images whose size is not read', () => {
    for (const hex of ['00000018 66747970 68656963 00000000', '424d 00000000', '49492a00 08000000'])
      expect(readImageHeader(base64(hex))).toEqual({ size: null });
  });
});
