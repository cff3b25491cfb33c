import { Button, Loader } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';
import { requestCode } from './account-calls.ts';
import { CodeForm, type SentCode } from './code-form.tsx';
import type { LinkPageProps } from './link-page.ts';
import { readReturn } from './provider-journey.ts';
import { SignInFrame } from './sign-in-frame.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

/** Back from the provider: into the app, or to the code where a second factor is asked for. */
export default function ProviderReturnPage({ app, params }: LinkPageProps) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const begun = useRef(false);
  const [sent, setSent] = useState<SentCode | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const from = useRef('/');
  const enterApp = () => window.location.replace(from.current);
  const codeFor = async (mfaId: string): Promise<SentCode> => ({
    otpId: await requestCode(session.pocketbase, mfaId),
    mfaId,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, because a code of the provider is good once
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const enter = async () => {
      const returned = readReturn(params);
      if (!returned) return setFault(t('provider.interrupted'));
      from.current = returned.from;
      const second = await session.signInWithProvider(returned.code);
      if (second) setSent(await codeFor(second.mfaId));
      else enterApp();
    };
    enter().catch((error) => setFault(words(error, t('provider.unknown'))));
  }, []);

  if (fault !== null) {
    return (
      <SignInFrame app={app} title={t('provider.failed')} text={fault}>
        <Button component="a" href="/" size="md">
          {t('account.toSignIn')}
        </Button>
      </SignInFrame>
    );
  }
  if (sent?.mfaId !== undefined) {
    const { mfaId } = sent;
    return (
      <SignInFrame app={app} title={t('code.title')} text={t('code.textNoAddress')}>
        <CodeForm sent={sent} onResend={() => codeFor(mfaId)} onCancel={enterApp} onDone={enterApp} />
      </SignInFrame>
    );
  }
  return (
    <SignInFrame app={app} title={t('provider.returning')}>
      <Loader aria-hidden />
    </SignInFrame>
  );
}
