import type { OpenInvitation } from '@cloudfreedom/contracts';
import { Button, Loader, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeLanguage } from '../i18n/i18n.ts';
import { chosenLanguage } from '../i18n/language.ts';
import { useApp } from '../session/session-context.tsx';
import { acceptInvitation, faultOfField, readInvitation, renewInvitation, requestCode } from './account-calls.ts';
import { CodeForm, type SentCode } from './code-form.tsx';
import { FaultAlert } from './fault-alert.tsx';
import { LinkOver } from './link-over.tsx';
import type { LinkPageProps } from './link-page.ts';
import { isLongEnough, NewPasswordField } from './new-password-field.tsx';
import { ProviderButtons } from './provider-buttons.tsx';
import { SignInFrame } from './sign-in-frame.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

const enterApp = () => window.location.replace('/');

/** Accept an invitation: by a password of one's own, or by the company's provider. */
export default function AcceptInvitationPage({ app, params }: LinkPageProps) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const token = params.get('token') ?? '';
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => readInvitation(session.pocketbase, token),
    retry: false,
    refetchOnWindowFocus: false,
  });
  const [over, setOver] = useState<string | undefined>();
  const fault = over ?? faultOfField(invitation.error, 'token');
  if (fault === 'invitation_expired') return <Expired app={app} token={token} />;
  if (fault !== undefined) return <LinkOver app={app} text={t('invitation.invalid')} />;
  if (invitation.isPending) {
    return (
      <SignInFrame app={app} title={t('invitation.loading')}>
        <Loader aria-hidden />
      </SignInFrame>
    );
  }
  if (invitation.isError) {
    return (
      <SignInFrame app={app} title={t('failure.title')} text={words(invitation.error, t('signIn.unreachable'))}>
        <Button size="md" onClick={() => void invitation.refetch()}>
          {t('actions.retry')}
        </Button>
      </SignInFrame>
    );
  }
  return <Acceptance app={app} token={token} invitation={invitation.data} onOver={setOver} />;
}

interface AcceptanceProps {
  app: string;
  token: string;
  invitation: OpenInvitation;
  onOver: (fault: string) => void;
}

function Acceptance({ app, token, invitation, onOver }: AcceptanceProps) {
  const { t, i18n: texts } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const [sent, setSent] = useState<SentCode | null>(null);
  useEffect(() => {
    if (chosenLanguage() === null) void changeLanguage(texts, invitation.locale);
  }, [texts, invitation.locale]);
  const methods = useQuery({
    queryKey: ['sign-in methods'],
    queryFn: () => session.pocketbase.collection('users').listAuthMethods(),
  });
  const codeFor = async (mfaId: string): Promise<SentCode> => ({
    otpId: await requestCode(session.pocketbase, mfaId),
    mfaId,
  });
  const acceptance = useMutation({
    mutationFn: async () => {
      const email = await acceptInvitation(session.pocketbase, token, password);
      const second = await session.signIn(email, password);
      if (second) setSent(await codeFor(second.mfaId));
      else enterApp();
    },
    onError: (error) => {
      const fault = faultOfField(error, 'token');
      if (fault) onOver(fault);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isLongEnough(password)) acceptance.mutate();
  };

  if (sent?.mfaId !== undefined) {
    const { mfaId } = sent;
    const { email } = invitation;
    return (
      <SignInFrame app={app} title={t('code.title')} text={t('code.text', { email })}>
        <CodeForm sent={sent} onResend={() => codeFor(mfaId)} onCancel={enterApp} onDone={enterApp} />
      </SignInFrame>
    );
  }
  const { name, tenant, email } = invitation;
  return (
    <SignInFrame app={app} title={t('invitation.title', { name })} text={t('invitation.text', { tenant })}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <TextInput
            label={t('signIn.email')}
            name="email"
            autoComplete="username"
            size="md"
            value={email}
            readOnly
            variant="filled"
          />
          <NewPasswordField value={password} onChange={setPassword} checked={checked} />
          <FaultAlert>{acceptance.isError ? words(acceptance.error, t('account.passwordRefused')) : null}</FaultAlert>
          <Button type="submit" size="md" loading={acceptance.isPending}>
            {t('invitation.accept')}
          </Button>
        </Stack>
      </form>
      <ProviderButtons providers={methods.data?.oauth2.providers ?? []} />
    </SignInFrame>
  );
}

function Expired({ app, token }: { app: string; token: string }) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const renewal = useMutation({ mutationFn: () => renewInvitation(session.pocketbase, token) });
  if (renewal.isSuccess) return <SignInFrame app={app} title={t('account.sentTitle')} text={t('invitation.renewed')} />;
  return (
    <LinkOver app={app} text={t('invitation.expired')}>
      <FaultAlert>{renewal.isError ? words(renewal.error, t('signIn.unreachable')) : null}</FaultAlert>
      <Button size="md" loading={renewal.isPending} onClick={() => renewal.mutate()}>
        {t('invitation.renew')}
      </Button>
    </LinkOver>
  );
}
