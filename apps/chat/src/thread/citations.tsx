import type { Message } from '@cloudfreedom/contracts';
import { useTranslation } from 'react-i18next';
import { GuardedLink } from '../markdown/guarded-link.tsx';

/** The pages that an answer names as its sources. */
export function Citations({ citations }: { citations: Message['citations'] }) {
  const { t } = useTranslation('app');
  if (citations.length === 0) return null;
  return (
    <section className="chat-sources" aria-label={t('thread.sources')}>
      <h3>{t('thread.sources')}</h3>
      <ol>
        {citations.map(({ url, title }) => (
          <li key={url}>
            <GuardedLink address={url} shown={title || url}>
              {title || url}
            </GuardedLink>
          </li>
        ))}
      </ol>
    </section>
  );
}
