import { Button, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';
import { faultOfField } from './account-calls.ts';
import { FaultAlert } from './fault-alert.tsx';
import { LinkOver } from './link-over.tsx';
import type { LinkPageProps } from './link-page.ts';
import { SignInFrame } from './sign-in-frame.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

/** Confirm a new e-mail address with the password. */
export default function ConfirmEmailPage({ app, params }: LinkPageProps) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const token = params.get('token') ?? '';
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [stage, setStage] = useState<'confirm' | 'done' | 'over'>(token === '' ? 'over' : 'confirm');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (password === '') return setFault(t('signIn.passwordMissing'));
    setFault(null);
    setBusy(true);
    try {
      await session.pocketbase.collection('users').confirmEmailChange(token, password);
      session.signOut();
      setStage('done');
    } catch (error) {
      if (faultOfField(error, 'token')) setStage('over');
      else setFault(words(error, t('account.passwordWrong')));
    }
    setBusy(false);
  };

  if (stage === 'over') return <LinkOver app={app} text={t('account.emailOver')} />;
  if (stage === 'done') {
    return (
      <SignInFrame app={app} title={t('account.emailDone')} text={t('account.emailDoneText')}>
        <Button component="a" href="/" size="md">
          {t('account.toSignIn')}
        </Button>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame app={app} title={t('account.emailTitle')} text={t('account.emailText')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            size="md"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
          />
          <FaultAlert>{fault}</FaultAlert>
          <Button type="submit" size="md" loading={busy}>
            {t('account.emailConfirm')}
          </Button>
        </Stack>
      </form>
    </SignInFrame>
  );
}
