import { Anchor, Button, Loader, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ClientResponseError } from 'pocketbase';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';
import { EmailField, isEmail } from './email-field.tsx';
import { FaultAlert } from './fault-alert.tsx';
import type { LinkPageProps } from './link-page.ts';
import { SignInFrame } from './sign-in-frame.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

/** The link of a verification mail: done by opening it. An old one offers a new mail. */
export default function VerifyEmailPage({ app, params }: LinkPageProps) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const token = params.get('token') ?? '';
  const verification = useQuery({
    queryKey: ['verify e-mail', token],
    queryFn: () => session.pocketbase.collection('users').confirmVerification(token),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (verification.isPending) {
    return (
      <SignInFrame app={app} title={t('account.verifying')}>
        <Loader aria-hidden />
      </SignInFrame>
    );
  }
  if (verification.isSuccess) {
    return (
      <SignInFrame app={app} title={t('account.verified')} text={t('account.verifiedText')}>
        <Button component="a" href="/" size="md">
          {t('account.goOn')}
        </Button>
      </SignInFrame>
    );
  }
  const { error } = verification;
  if (error instanceof ClientResponseError && error.status === 400) return <NewVerification app={app} />;
  return (
    <SignInFrame app={app} title={t('account.verifyFailed')} text={words(error, t('signIn.unreachable'))}>
      <Button size="md" onClick={() => void verification.refetch()}>
        {t('actions.retry')}
      </Button>
    </SignInFrame>
  );
}

function NewVerification({ app }: { app: string }) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const [email, setEmail] = useState('');
  const [checked, setChecked] = useState(false);
  const mail = useMutation({
    mutationFn: () => session.pocketbase.collection('users').requestVerification(email.trim()),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isEmail(email)) mail.mutate();
  };
  if (mail.isSuccess) {
    const text = t('account.verificationSent', { email: email.trim() });
    return <SignInFrame app={app} title={t('account.sentTitle')} text={text} />;
  }
  return (
    <SignInFrame app={app} title={t('account.overTitle')} text={t('account.verifyOver')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <EmailField value={email} onChange={setEmail} checked={checked} />
          <FaultAlert>{mail.isError ? words(mail.error, t('signIn.unreachable')) : null}</FaultAlert>
          <Button type="submit" size="md" loading={mail.isPending}>
            {t('account.newLink')}
          </Button>
          <Anchor href="/" size="sm">
            {t('account.toSignIn')}
          </Anchor>
        </Stack>
      </form>
    </SignInFrame>
  );
}
