import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CodeParts } from '../src/markdown/code-parts.ts';
import { type HighlightNode, highlight, loadLanguage } from '../src/markdown/highlight.ts';

const textOf = (node: HighlightNode): string => node.value ?? (node.children ?? []).map(textOf).join('');
const partsOf = (code: string) => new CodeParts((text) => highlight(text, 'typescript')).of(code);

it('the parts are the code, and a longer code keeps all but the last, whether it is read at once or as it grows', () => {
  const line = fc.constantFrom('const a = 1;', 'f(`', '`);', '/*', '*/', '  indented', '}', '', '// said');
  fc.assert(
    fc.property(fc.array(line, { maxLength: 150 }), fc.nat(1500), (lines, cut) => {
      const code = lines.join('\n');
      const parts = partsOf(code);
      expect(parts.join('')).toBe(code);
      const early = partsOf(code.slice(0, cut)).slice(0, -1);
      expect(parts.slice(0, early.length)).toEqual(early);
      const growing = new CodeParts(() => null);
      growing.of(code.slice(0, cut));
      expect(growing.of(code)).toEqual(new CodeParts(() => null).of(code));
    }),
  );
});

it('a long program is cut, and nothing changes its colour by it', async () => {
  await loadLanguage('typescript');
  const code = Array.from(
    { length: 60 },
    (_, n) => `/*\n note ${n}\n*/\nexport function f${n}() {\n  return \`\n${n}\`;\n}\n`,
  ).join('\n');
  const parts = partsOf(code);
  expect(parts.length).toBeGreaterThan(8);
  const coloursOf = (text: string) =>
    highlight(text, 'typescript')?.children?.filter(({ type }) => type !== 'text') ?? [];
  expect(parts.flatMap(coloursOf).map(textOf)).toEqual(coloursOf(code).map(textOf));
});

it('a string that never ends is not cut', async () => {
  await loadLanguage('typescript');
  expect(partsOf(`const text = \`${'line\n'.repeat(300)}`)).toHaveLength(1);
});
