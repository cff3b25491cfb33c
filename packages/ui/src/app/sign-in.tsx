import { Anchor, Group, Text, Title } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { ColorSchemeSwitch, LanguageSwitch } from '../appearance/switches.tsx';
import { useApp, useSessionState } from '../session/session-context.tsx';
import { Brand } from './brand.tsx';
import { SignInForm } from './sign-in-form.tsx';

const SignInAgain = lazy(() => import('./sign-in-again.tsx'));

/** Children for who is signed in, the sign-in page for everybody else, a dialog over the app where a session has ended. */
export function SignInGate({ app, pitch, children }: { app: string; pitch: string; children: ReactNode }) {
  const state = useSessionState();
  if (state.status === 'signed_out') return <SignInPage app={app} pitch={pitch} />;
  return (
    <>
      {children}
      <Suspense>{state.status === 'ended' && <SignInAgain email={state.person.email} />}</Suspense>
    </>
  );
}

function SignInPage({ app, pitch }: { app: string; pitch: string }) {
  const { t } = useTranslation('ui');
  return (
    <div className="cf-signin">
      <header className="cf-signin-top">
        <Brand app={app} />
        <Group gap={4}>
          <LanguageSwitch />
          <ColorSchemeSwitch />
        </Group>
      </header>
      <main className="cf-signin-main">
        <div className="cf-signin-card">
          <Title order={1}>{t('signIn.title')}</Title>
          <Text c="dimmed" mt={6} mb="xl">
            {pitch}
          </Text>
          <SignInForm />
        </div>
      </main>
      <Bars />
      <Links />
    </div>
  );
}

/** The mark again, large: decoration only. */
function Bars() {
  return (
    <div className="cf-signin-bars" aria-hidden>
      <span data-part="spent" />
      <span data-part="held" />
      <span data-part="free" />
    </div>
  );
}

function Links() {
  const { t } = useTranslation('ui');
  const { config } = useApp();
  return (
    <footer className="cf-signin-foot">
      {config.imprintUrl && <Anchor href={config.imprintUrl}>{t('signIn.imprint')}</Anchor>}
      {config.privacyUrl && <Anchor href={config.privacyUrl}>{t('signIn.privacy')}</Anchor>}
    </footer>
  );
}
