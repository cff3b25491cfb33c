/** Whatever a model writes, what comes of it holds no address, no script and no element or attribute but those of text. */

import { MantineProvider } from '@mantine/core';
import fc from 'fast-check';
import { createInstance } from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../src/i18n/en.ts';
import Markdown from '../../src/markdown/markdown.tsx';
import { CORPUS } from './corpus.ts';

const TAGS = new Set(
  `a p h3 h4 h5 h6 ul ol li blockquote hr br em strong del code pre table thead tbody tr th td span div sup section figure
   figcaption button svg path bdi`.split(/\s+/),
);
const ATTRIBUTES = new Set(
  `class style id title role tabindex aria-label aria-hidden aria-describedby type start data-variant data-size
   data-footnotes data-mantine-stop-propagation dir xmlns width height viewBox fill stroke stroke-width stroke-linecap
   stroke-linejoin d`.split(/\s+/),
);

const i18n = createInstance();
beforeAll(() => i18n.use(initReactI18next).init({ lng: 'en', defaultNS: 'app', resources: { en: { app: en } } }));

function render(text: string): string {
  return renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <MantineProvider>
        <Markdown text={text} />
      </MantineProvider>
    </I18nextProvider>,
  );
}

/** React escapes `<`, `>` and quotes in what it writes, so these are all tags and attributes that there are. */
function faultsOf(html: string): string[] {
  const own = html.slice(html.indexOf('<div class="chat-markdown">'));
  const faults: string[] = [];
  for (const [, tag = '', rest = ''] of own.matchAll(/<([a-zA-Z][^\s/>]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/g)) {
    if (!TAGS.has(tag)) faults.push(`<${tag}>`);
    for (const [, name = '', value = ''] of rest.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)) {
      if (!ATTRIBUTES.has(name)) faults.push(`${tag} ${name}`);
      if (
        name === 'style' &&
        !/^(--[a-z-]+:[^;()]*(;|$)|text-align:(left|right|center);?$)/.test(value) &&
        !/^--/.test(value)
      )
        faults.push(`style ${value}`);
    }
  }
  return faults;
}

describe('an answer that attacks', () => {
  it.each(CORPUS.map(({ name, text }) => [name, text]))('%s', (_name, text) => {
    expect(faultsOf(render(text))).toEqual([]);
  });

  it('any mixture of attacks, cut anywhere', () => {
    const piece = fc.oneof(
      fc.constantFrom(...CORPUS.map(({ text }) => text)).filter((text) => text.length < 200),
      fc.constantFrom(
        '`',
        '```\n',
        '\n\n',
        '[',
        '](',
        ')',
        '<',
        '>',
        '"',
        '$$',
        '- ',
        '> ',
        '| a |\n|---|\n',
        '![',
        '\\(',
        '\\)',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), fc.nat(300), (pieces, cut) => {
        expect(faultsOf(render(pieces.join('').slice(0, cut)))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a link', () => {
  it('says where it leads, whatever its text says, and holds no address', () => {
    const html = render('[https://bank.example](https://evil.example/login)');
    expect(html).toContain('(evil.example)');
    expect(html).not.toContain('href');
    expect(render('[bank](https://bank.example@evil.example/)')).toContain('(evil.example)');
    expect(render('[apple](https://аpple.evil.example/)')).toContain('(xn--pple-43d.evil.example)');
  });

  it('of no address that may be opened is text', () => {
    for (const address of ['javascript:alert(1)', 'data:text/html,x', 'file:///a', '/logout', '#top'])
      expect(render(`[click](${address})`)).toBe(render('[click](x)'));
  });
});
