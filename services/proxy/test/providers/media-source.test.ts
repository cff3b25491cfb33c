import { expect, test } from 'vitest';
import { imageUrlFault } from '../../src/providers/media-source.ts';

test.each([
  'https://example.com/a.png',
  'http://pictures.example.org:8080/a?b=c',
  'https://93.184.216.34/a.png',
  'https://[2606:2800:220:1:248:1893:25c8:1946]/a.png',
  'https://münchen.example/a.png',
  'data:image/png;base64,iVBORw0KGgo=',
  'DATA:image/PNG;name=a;base64,iVBORw0KGgo=',
])('%s may be an image', (url) => {
  expect(imageUrlFault(url)).toBeNull();
});

test.each([
  'http://localhost/a.png',
  'http://LOCALHOST./a',
  'https://db.internal/a',
  'https://printer.local/a',
  'http://intranet/a',
  'http://127.0.0.1:4103/a',
  'http://0x7f.1/a',
  'http://2130706433/a',
  'http://0177.0.0.1/a',
  'http://10.1.2.3/a',
  'http://172.31.255.255/a',
  'http://192.168.1.1/a',
  'http://169.254.169.254/latest/meta-data',
  'http://100.64.0.1/a',
  'http://0.0.0.0/a',
  'http://255.255.255.255/a',
  'http://[::1]/a',
  'http://[::ffff:127.0.0.1]/a',
  'http://[64:ff9b::7f00:1]/a',
  'http://[fd00::1]/a',
  'http://[fe80::1]/a',
  'http://[2002:7f00:1::]/a',
])('%s is no address on the public internet', (url) => {
  expect(imageUrlFault(url)).toMatch(/public internet/);
});

test.each([
  ['https://user:secret@example.com/a', /without credentials/],
  ['file:///etc/passwd', /https address/],
  ['ftp://example.com/a', /https address/],
  ['https://', /https address/],
  ['a.png', /https address/],
  ['', /https address/],
  [`https://example.com/${'a'.repeat(9_000)}`, /https address/],
  ['data:image/png;base64,%%%', /valid base64/],
  ['data:image/png;base64,', /valid base64/],
  ['data:image/png;base64,AAAAA', /valid base64/],
  ['data:image/png,AAAA', /valid base64/],
  ['data:image/png;base64,AAAA', /bytes of an image/],
])('%.60s: says what is expected', (url, message) => {
  expect(imageUrlFault(url)).toMatch(message);
});
