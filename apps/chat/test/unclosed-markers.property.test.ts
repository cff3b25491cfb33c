import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutUnclosedMarkers } from '../src/markdown/unclosed-markers.ts';

it.each([
  ['This is **bo', 'This is bo'],
  ['This is **', 'This is '],
  ['This is *', 'This is '],
  ['This is **bold*', 'This is bold'],
  ['This is **bold**', 'This is **bold**'],
  ['**a** and **b', '**a** and b'],
  ['call `fo', 'call fo'],
  ['call `foo`', 'call `foo`'],
  ['**see `co', 'see co'],
  ['`a ** b` **c', '`a ** b` c'],
  ['2 ** 3 and', '2 ** 3 and'],
  ['a ``', 'a '],
  ['Text\n```ts\nconst a = `x', 'Text\n```ts\nconst a = `x'],
  ['```\na ** b\n```\nThen **x', '```\na ** b\n```\nThen x'],
  ['never ** closed**\n\nNext', 'never ** closed**\n\nNext'],
  ['**never closed\n\nNext', '**never closed\n\nNext'],
  ['\\** stays', '\\** stays'],
])('%j is shown as %j', (text, shown) => expect(withoutUnclosedMarkers(text)).toBe(shown));

it('takes away markers only, and ends for any text', () => {
  const part = fc.constantFrom('word', '**', '*', '`', '```', '\n', '\n\n', ' ', '\\');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const letters = (of: string) => of.replace(/[*`]/g, '');
      expect(letters(withoutUnclosedMarkers(text))).toBe(letters(text));
    }),
  );
});
