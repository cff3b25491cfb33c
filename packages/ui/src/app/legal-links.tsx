import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';

/** Imprint and privacy statement of whoever runs this app, where they are set; the chat is one per tenant, so are these. */
export function LegalLinks() {
  const { t } = useTranslation('ui');
  const { imprintUrl, privacyUrl } = useApp().config;
  if (!imprintUrl && !privacyUrl) return null;
  return (
    <div className="cf-legal">
      {imprintUrl && (
        <Anchor href={imprintUrl} target="_blank" rel="noreferrer" inherit>
          {t('signIn.imprint')}
        </Anchor>
      )}
      {privacyUrl && (
        <Anchor href={privacyUrl} target="_blank" rel="noreferrer" inherit>
          {t('signIn.privacy')}
        </Anchor>
      )}
    </div>
  );
}
