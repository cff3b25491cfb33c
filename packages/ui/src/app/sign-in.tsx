import { lazy, type ReactNode, Suspense } from 'react';
import { useSessionState } from '../session/session-context.tsx';
import { isLinkPage, LinkPage } from '../sign-in/link-pages.tsx';

// Most who come are signed in already.
const SignInPage = lazy(() => import('../sign-in/sign-in-page.tsx'));
const SignInAgain = lazy(() => import('./sign-in-again.tsx'));

/**
 * Children for who is signed in, the sign-in page for everybody else, a dialog over the app where a session has ended.
 * Pages that links in mails lead to come before all of these.
 */
export function SignInGate({ app, pitch, children }: { app: string; pitch: string; children: ReactNode }) {
  const state = useSessionState();
  if (isLinkPage(window.location.pathname)) return <LinkPage app={app} />;
  if (state.status === 'signed_out') {
    return (
      <Suspense>
        <SignInPage app={app} pitch={pitch} />
      </Suspense>
    );
  }
  return (
    <>
      {children}
      <Suspense>{state.status === 'ended' && <SignInAgain email={state.person.email} />}</Suspense>
    </>
  );
}
