/** German and English say the same things, and nothing is said that nobody shows. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { de as adminDe } from '../../../apps/admin/src/i18n/de.ts';
import { en as adminEn } from '../../../apps/admin/src/i18n/en.ts';
import { de as chatDe } from '../../../apps/chat/src/i18n/de.ts';
import { en as chatEn } from '../../../apps/chat/src/i18n/en.ts';
import { de as signInDe } from '../../../apps/sign-in/src/i18n/de.ts';
import { en as signInEn } from '../../../apps/sign-in/src/i18n/en.ts';
import { de as uiDe } from '../src/i18n/de.ts';
import { en as uiEn } from '../src/i18n/en.ts';
import type { TextTree } from '../src/i18n/text-tree.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

function flat(tree: TextTree, prefix = ''): [name: string, text: string][] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' ? [[prefix + name, value] as [string, string]] : flat(value, `${prefix}${name}.`),
  );
}
const namesOf = (tree: TextTree) => flat(tree).map(([name]) => name);
const baseOf = (name: string) => name.replace(/_(one|other)$/, '');
const variablesOf = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

/** Names in the `t('…')` of a folder: those of its own texts, and those of `ui:`. */
function usedNames(folder: string): { own: Set<string>; ui: Set<string> } {
  const own = new Set<string>();
  const ui = new Set<string>();
  for (const file of globSync('**/*.{ts,tsx}', { cwd: root + folder, exclude: ['i18n/{de,en}{.ts,/**}'] })) {
    const source = readFileSync(`${root}${folder}/${file}`, 'utf8');
    for (const [, inner = ''] of source.matchAll(/\bt\(\s*((?:[^()'`"]*\?\s*)?'[^']+'(?:\s*:\s*'[^']+')?)/g)) {
      for (const [, name = ''] of inner.matchAll(/'([^']+)'/g)) {
        if (name.startsWith('ui:')) ui.add(name.slice(3));
        else own.add(name);
      }
    }
  }
  return { own, ui };
}

const parts = [
  { folder: 'packages/ui/src', de: uiDe, en: uiEn },
  { folder: 'apps/admin/src', de: adminDe, en: adminEn },
  { folder: 'apps/chat/src', de: chatDe, en: chatEn },
  { folder: 'apps/sign-in/src', de: signInDe, en: signInEn },
];
const usedOfUi = new Set(parts.slice(1).flatMap(({ folder }) => [...usedNames(folder).ui]));

describe.each(parts)('texts of $folder', ({ folder, de, en }) => {
  it('has the same names in both languages, none empty', () => {
    expect(namesOf(de).sort()).toEqual(namesOf(en).sort());
    expect([...flat(de), ...flat(en)].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('has the same variables in both languages', () => {
    const english = new Map(flat(en));
    for (const [name, text] of flat(de))
      expect([name, variablesOf(text)]).toEqual([name, variablesOf(english.get(name) ?? '')]);
  });

  it('has no name that nobody uses, and every name that somebody uses', () => {
    const used = usedNames(folder).own;
    if (folder === 'packages/ui/src') for (const name of usedOfUi) used.add(name);
    const known = new Set(namesOf(en).map(baseOf));
    expect([...used].filter((name) => !known.has(name))).toEqual([]);
    expect([...known].filter((name) => !used.has(name))).toEqual([]);
  });

  it('has no exclamation marks', () => {
    expect([...flat(de), ...flat(en)].filter(([, text]) => text.includes('!'))).toEqual([]);
  });
});
