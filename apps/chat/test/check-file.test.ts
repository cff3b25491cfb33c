import { FILE_BYTES_MAX } from '@cloudfreedom/contracts';
import { expect, it } from 'vitest';
import { checkFile, takes } from '../src/files/check-file.ts';

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const file = (name: string, content: BlobPart, type = '') => new File([content], name, { type });

it.each([
  ['a picture by its content, whatever its name', file('a.txt', PNG), { mediaType: 'image/png', name: 'a.txt' }],
  ['a text', file('a.md', 'Grüße'), { mediaType: 'text/plain', name: 'a.md' }],
  ['a name that turns the reading around', file('a\u202egnp.exe', 'x'), { mediaType: 'text/plain', name: 'a gnp.exe' }],
  ['nothing', file('a.txt', ''), { fault: 'empty' }],
  ['a program', file('a.exe', new Uint8Array([0x4d, 0x5a, 0])), { fault: 'kind' }],
  ['a text that is not UTF-8', file('a.csv', new Uint8Array([0x47, 0xfc])), { fault: 'utf8' }],
  ['too much', file('a.txt', new Uint8Array(FILE_BYTES_MAX + 1).fill(65)), { fault: 'tooLarge' }],
])('%s', async (_what, given, checked) => expect(await checkFile(given, 0)).toEqual(checked));

it('one too many', async () => expect(await checkFile(file('a.txt', 'x'), 10)).toEqual({ fault: 'tooMany' }));

it('what a model takes', () => {
  const model = { unsupported: ['images' as const] };
  expect([takes(model, 'image/png'), takes(model, 'application/pdf'), takes(model, 'text/plain')]).toEqual([
    false,
    true,
    true,
  ]);
  expect(takes({ unsupported: ['files'] }, 'application/pdf')).toBe(false);
});
