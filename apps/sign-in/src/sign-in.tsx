import { isLinkPage, SignInFrame, SignInGate, useApp } from '@cloudfreedom/ui';
import { Button, Group, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { continueTo, readApplication, waitingUid } from './waiting-application.ts';

/** Sign in once, for the application that led here. */
export function SignIn() {
  const { t } = useTranslation('app');
  if (isLinkPage(window.location.pathname)) {
    return (
      <SignInGate app={t('app')} pitch="">
        {null}
      </SignInGate>
    );
  }
  if (waitingUid === undefined)
    return <SignInFrame app={t('app')} title={t('nowhere.title')} text={t('nowhere.text')} />;
  return <SignInFor uid={waitingUid} />;
}

function SignInFor({ uid }: { uid: string }) {
  const { t } = useTranslation('app');
  const application = useQuery({ queryKey: ['application', uid], queryFn: () => readApplication(uid), retry: 1 });
  if (application.isPending) return null;
  if (application.isError) return <SignInFrame app={t('app')} title={t('expired.title')} text={t('expired.text')} />;
  return (
    <SignInGate app={t('app')} pitch={t('pitch', { application: application.data })}>
      <GoOn uid={uid} application={application.data} />
    </SignInGate>
  );
}

/** Signed in at PocketBase: that session is handed over and forgotten here, the application's takes its place. */
function GoOn({ uid, application }: { uid: string; application: string }) {
  const { t } = useTranslation('app');
  const { session } = useApp();
  const begun = useRef(false);
  const [fault, setFault] = useState<string | null>(null);
  const goOn = () => {
    setFault(null);
    continueTo(uid, session.pocketbase.authStore.token).then(
      (returnTo) => {
        session.pocketbase.authStore.clear();
        window.location.replace(returnTo);
      },
      (error: Error) => setFault(error.message),
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, because an application waits for one answer
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    goOn();
  }, []);
  if (fault === null) {
    return (
      <SignInFrame app={t('app')} title={t('going', { application })}>
        <Loader aria-hidden />
      </SignInFrame>
    );
  }
  return (
    <SignInFrame app={t('app')} title={t('stuck.title', { application })} text={fault}>
      <Group>
        <Button size="md" onClick={() => session.signOut()}>
          {t('stuck.otherAccount')}
        </Button>
        <Button size="md" variant="default" onClick={goOn}>
          {t('stuck.again')}
        </Button>
      </Group>
    </SignInFrame>
  );
}
