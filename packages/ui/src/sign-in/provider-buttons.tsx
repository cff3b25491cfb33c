import { SIGN_IN_PATHS } from '@cloudfreedom/contracts';
import { Button, Divider, Stack } from '@mantine/core';
import { IconBrandGoogleFilled, IconBrandWindowsFilled, IconBuilding } from '@tabler/icons-react';
import type { AuthMethodsList } from 'pocketbase';
import { useTranslation } from 'react-i18next';

type Provider = AuthMethodsList['oauth2']['providers'][number];

const MARKS: Record<string, typeof IconBuilding> = { google: IconBrandGoogleFilled, microsoft: IconBrandWindowsFilled };

/** The mark of a provider that everybody knows; a house for the company's own. */
function ProviderMark({ name }: { name: string }) {
  const Icon = MARKS[name] ?? IconBuilding;
  return <Icon size={18} aria-hidden />;
}

/** The page to come back to; a page that a mail has led to is used up by then. */
function pageToComeBackTo(): string {
  const { pathname } = window.location;
  return Object.values<string>(SIGN_IN_PATHS).includes(pathname) ? '/' : pathname;
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
          href={`${SIGN_IN_PATHS.provider}?${new URLSearchParams({ name: provider.name, from: pageToComeBackTo() })}`}
          {...(inNewTab && { target: '_blank', rel: 'opener' })}
          variant="default"
          size="md"
          leftSection={<ProviderMark name={provider.name} />}
        >
          {t('signIn.withProvider', { provider: provider.displayName })}
        </Button>
      ))}
    </Stack>
  );
}
