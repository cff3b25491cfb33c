import { Button, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';
import type { LinkPageProps } from './link-page.ts';
import { leaveForProvider } from './provider-journey.ts';
import { SignInFrame } from './sign-in-frame.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

/** On the way to the provider. */
export default function ProviderPage({ app, params }: LinkPageProps) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const [error, setError] = useState<unknown>(null);
  const name = params.get('name') ?? '';
  const from = params.get('from') ?? '/';
  useEffect(() => {
    leaveForProvider(session.pocketbase, name, from).catch(setError);
  }, [session, name, from]);
  if (error === null) {
    return (
      <SignInFrame app={app} title={t('provider.leaving')}>
        <Loader aria-hidden />
      </SignInFrame>
    );
  }
  return (
    <SignInFrame app={app} title={t('provider.failed')} text={words(error, t('signIn.unreachable'))}>
      <Button component="a" href="/" size="md">
        {t('account.toSignIn')}
      </Button>
    </SignInFrame>
  );
}
