import { ActionIcon, CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

const HighlightedCode = lazy(() => import('./highlighted-code.tsx'));

/** A block of code that scrolls by itself, with its language and a button that copies it. */
export function CodeBlock({ code, language }: { code: string; language: string }) {
  const { t } = useTranslation('app');
  return (
    <figure className="chat-code">
      <figcaption className="chat-code-head">
        <span>{language || t('markdown.code')}</span>
        <CopyButton value={code}>
          {({ copied, copy }) => (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={copied ? t('markdown.copied') : t('markdown.copyCode')}
              title={copied ? t('markdown.copied') : t('markdown.copyCode')}
              onClick={copy}
            >
              {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            </ActionIcon>
          )}
        </CopyButton>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>
          <Suspense fallback={code}>{language ? <HighlightedCode code={code} language={language} /> : code}</Suspense>
        </code>
      </pre>
    </figure>
  );
}
