import { SIGN_IN_PATHS } from '@cloudfreedom/contracts';
import { Button, Divider, Stack } from '@mantine/core';
import { IconBuilding } from '@tabler/icons-react';
import type { AuthMethodsList } from 'pocketbase';
import { useTranslation } from 'react-i18next';

type Provider = AuthMethodsList['oauth2']['providers'][number];

/** The mark of a provider that everybody knows; a house for the company's own. */
function ProviderMark({ provider }: { provider: Provider }) {
  if (provider.name.startsWith('oidc')) return <IconBuilding size={20} stroke={1.7} aria-hidden />;
  return <img src={`data:image/svg+xml,${encodeURIComponent(provider.logo)}`} width={18} height={18} alt="" />;
}

/** `inNewTab`: what is on the screen must not be lost. */
export function ProviderButtons({ providers, inNewTab = false }: { providers: Provider[]; inNewTab?: boolean }) {
  const { t } = useTranslation('ui');
  if (providers.length === 0) return null;
  return (
    <Stack gap="sm" mt="lg">
      <Divider label={t('signIn.or')} />
      {providers.map((provider) => (
        <Button
          key={provider.name}
          component="a"
          href={`${SIGN_IN_PATHS.provider}?name=${encodeURIComponent(provider.name)}`}
          {...(inNewTab && { target: '_blank', rel: 'opener' })}
          variant="default"
          size="md"
          leftSection={<ProviderMark provider={provider} />}
        >
          {t('signIn.withProvider', { provider: provider.displayName })}
        </Button>
      ))}
    </Stack>
  );
}
