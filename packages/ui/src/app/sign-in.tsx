import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSessionState } from '../session/session-context.tsx';
import { isLinkPage, LinkPage } from '../sign-in/link-pages.tsx';
import { SignInForm } from '../sign-in/sign-in-form.tsx';
import { SignInFrame } from '../sign-in/sign-in-frame.tsx';

const SignInAgain = lazy(() => import('./sign-in-again.tsx'));

/**
 * Children for who is signed in, the sign-in page for everybody else, a dialog over the app where a session has ended.
 * Pages that links in mails lead to come before all of these.
 */
export function SignInGate({ app, pitch, children }: { app: string; pitch: string; children: ReactNode }) {
  const state = useSessionState();
  if (isLinkPage(window.location.pathname)) return <LinkPage app={app} />;
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
  const [codeText, setCodeText] = useState<string | null>(null);
  return (
    <SignInFrame app={app} title={codeText ? t('code.title') : t('signIn.title')} text={codeText ?? pitch}>
      <SignInForm onCodeSent={setCodeText} />
    </SignInFrame>
  );
}
