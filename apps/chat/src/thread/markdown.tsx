import type { ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown';
import remarkGfm from 'remark-gfm';

const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);
const PLUGINS = [remarkGfm];

/** A model's output is hostile: only these addresses stay, everything else becomes nothing. */
function safeUrl(url: string): string {
  return SAFE_PROTOCOLS.has(URL.parse(url)?.protocol ?? '') ? url : '';
}

function targetOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed?.protocol === 'mailto:' ? parsed.pathname : (parsed?.host ?? url);
}

/** A link that says where it leads, whatever its text says. */
function SafeLink({ href, children, node }: ComponentProps<'a'> & ExtraProps) {
  const { t } = useTranslation('app');
  if (!href) return <span>{children}</span>;
  const [first] = node?.children ?? [];
  const shown = first?.type === 'text' && (first.value === href || first.value === targetOf(href));
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {children}
      {!shown && <span className="chat-link-target"> ({targetOf(href)})</span>}
      <span className="cf-visually-hidden">, {t('thread.opensNew')}</span>
    </a>
  );
}

/** Loading a picture from elsewhere would tell that place who reads what: a link instead. */
function ImageAsLink({ src, alt }: ComponentProps<'img'> & ExtraProps) {
  const { t } = useTranslation('app');
  const url = typeof src === 'string' ? src : '';
  const text = t('thread.imageBlocked', { text: alt || targetOf(url) });
  if (url === '') return <span>{text}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={url}>
      {text} <span className="chat-link-target">({targetOf(url)})</span>
    </a>
  );
}

function ScrollingTable({ children }: ComponentProps<'table'> & ExtraProps) {
  const { t } = useTranslation('app');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a group of text, not of form fields
    <div className="chat-scroll" role="group" aria-label={t('thread.table')} tabIndex={0}>
      <table>{children}</table>
    </div>
  );
}

function ScrollingCode({ children }: ComponentProps<'pre'> & ExtraProps) {
  const { t } = useTranslation('app');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a group of text, not of form fields
    <div className="chat-scroll" role="group" aria-label={t('thread.code')} tabIndex={0}>
      <pre>{children}</pre>
    </div>
  );
}

/** Headings of an answer stand below the answer's own. */
const COMPONENTS: Components = {
  a: SafeLink,
  img: ImageAsLink,
  table: ScrollingTable,
  pre: ScrollingCode,
  h1: 'h3',
  h2: 'h3',
  h3: 'h4',
  h4: 'h5',
  h5: 'h6',
  input: ({ checked }) => <span>{checked ? '☑ ' : '☐ '}</span>,
};

/** Markdown with tables; raw HTML is shown as the text that it is. */
export default function Markdown({ text }: { text: string }) {
  return (
    <div className="chat-markdown">
      <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS} urlTransform={safeUrl}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
