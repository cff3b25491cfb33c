import { IconPhoto } from '@tabler/icons-react';
import { type ComponentProps, lazy, memo, type ReactNode, Suspense, useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import { readAddress } from './address.ts';
import { definitionsOf, splitBlocks } from './blocks.ts';
import { CodeBlock } from './code-block.tsx';
import { GuardedLink } from './guarded-link.tsx';
import { withMathMarkers } from './math-markers.ts';
import { splitTable } from './table-rows.ts';

const Formula = lazy(() => import('./formula.tsx'));

const PLUGINS: ComponentProps<typeof ReactMarkdown>['remarkPlugins'] = [
  remarkGfm,
  [remarkMath, { singleDollarTextMath: false }],
];
/** A part of a hundred pages would keep the browser busy: shown as it was written. */
const LONGEST_BLOCK = 200_000;

type Node = NonNullable<ExtraProps['node']>;

function textOf(node: Node['children'][number]): string {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}

function classesOf(node: Node | undefined): string[] {
  const names = node?.properties?.className;
  return Array.isArray(names) ? names.map(String) : [];
}

function Link({ href, children, node }: ComponentProps<'a'> & ExtraProps) {
  const [first] = node?.children ?? [];
  const shown = node?.children.length === 1 && first?.type === 'text' ? first.value : null;
  return (
    <GuardedLink address={href ?? ''} shown={shown}>
      {children}
    </GuardedLink>
  );
}

/** Loading a picture from elsewhere would tell that place who reads what: its place asks first instead. */
function ImageAsLink({ src, alt = '' }: ComponentProps<'img'> & ExtraProps) {
  const { t } = useTranslation('app');
  const words = alt.trim() === '' ? t('markdown.imageUnnamed') : t('markdown.imageNotLoaded', { text: alt });
  return (
    <GuardedLink address={typeof src === 'string' ? src : ''} shown={null} kind="picture">
      <IconPhoto size={16} stroke={1.7} aria-hidden /> {words}
    </GuardedLink>
  );
}

function ScrollingTable({ children }: { children?: ReactNode }) {
  const { t } = useTranslation('app');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a group of text, not of form fields
    <div className="chat-scroll" role="group" aria-label={t('markdown.table')} tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}

function Code({ children, node }: ComponentProps<'code'> & ExtraProps) {
  if (!classesOf(node).includes('math-inline')) return <code>{children}</code>;
  const tex = node ? textOf(node) : '';
  return (
    <Suspense fallback={<code>{tex}</code>}>
      <Formula tex={tex} display={false} />
    </Suspense>
  );
}

function CodeOrFormula({ node }: ComponentProps<'pre'> & ExtraProps) {
  const code = node?.children.find((child) => child.type === 'element');
  const text = code ? textOf(code).replace(/\n$/, '') : '';
  const classes = classesOf(code);
  if (classes.includes('math-display')) {
    return (
      <div className="chat-formula">
        <Suspense fallback={<code>{text}</code>}>
          <Formula tex={text} display />
        </Suspense>
      </div>
    );
  }
  const language = classes.find((name) => name.startsWith('language-'))?.slice('language-'.length) ?? '';
  return <CodeBlock code={text} language={language} />;
}

/** Headings of an answer stand below the answer's own. */
const COMPONENTS: Components = {
  a: Link,
  img: ImageAsLink,
  table: ScrollingTable,
  pre: CodeOrFormula,
  code: Code,
  h1: 'h3',
  h2: 'h3',
  h3: 'h4',
  h4: 'h5',
  h5: 'h6',
  input: ({ checked }) => <span>{checked ? '☑ ' : '☐ '}</span>,
};

/** A model's output is hostile: only addresses that may be shown stay, everything else becomes nothing. */
function knownAddress(url: string): string {
  return readAddress(url) ? url : '';
}

/** Rows of a table that stands around them already. */
const FIRST_ROWS: Components = { ...COMPONENTS, table: ({ children }) => children };
const MORE_ROWS: Components = { ...FIRST_ROWS, thead: () => null };

const Part = memo(function Part({ text, components = COMPONENTS }: { text: string; components?: Components }) {
  const { t } = useTranslation('app');
  const id = useId();
  if (text.length > LONGEST_BLOCK) return <div className="chat-plain">{text}</div>;
  return (
    <ReactMarkdown
      remarkPlugins={PLUGINS}
      remarkRehypeOptions={{ clobberPrefix: `${id}-`, footnoteLabel: t('markdown.footnotes') }}
      components={components}
      urlTransform={knownAddress}
    >
      {withMathMarkers(text)}
    </ReactMarkdown>
  );
});

/** One part of a text. A table in several: it may be long, and grow. */
function Block({ text, definitions }: { text: string; definitions: string }) {
  const withDefinitions = (part: string) =>
    definitions !== '' && part.includes('[') ? `${part}\n\n${definitions}` : part;
  const tables = splitTable(text);
  if (!tables) return <Part text={withDefinitions(text)} />;
  return (
    <ScrollingTable>
      {tables.map((rows, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are only ever added at the end
        <Part key={index} text={withDefinitions(rows)} components={index === 0 ? FIRST_ROWS : MORE_ROWS} />
      ))}
    </ScrollingTable>
  );
}

/** Markdown with tables, code and mathematics; raw HTML is shown as the text that it is. */
export default function Markdown({ text }: { text: string }) {
  const { blocks, definitions } = useMemo(() => {
    const parts = splitBlocks(text);
    return { blocks: parts, definitions: definitionsOf(parts) };
  }, [text]);
  return (
    <div className="chat-markdown">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever added at the end
        <Block key={index} text={block} definitions={definitions} />
      ))}
    </div>
  );
}
