import { SIGN_IN_PATHS } from '@cloudfreedom/contracts';
import { Button, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';
import { faultOfField } from './account-calls.ts';
import { FaultAlert } from './fault-alert.tsx';
import { LinkOver } from './link-over.tsx';
import type { LinkPageProps } from './link-page.ts';
import { isLongEnough, NewPasswordField } from './new-password-field.tsx';
import { SignInFrame } from './sign-in-frame.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

/** Choose a new password with the link from the mail. */
export default function ResetPasswordPage({ app, params }: LinkPageProps) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const token = params.get('token') ?? '';
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [stage, setStage] = useState<'choose' | 'done' | 'over'>(token === '' ? 'over' : 'choose');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isLongEnough(password)) return;
    setFault(null);
    setBusy(true);
    try {
      await session.pocketbase.collection('users').confirmPasswordReset(token, password, password);
      // Every session of the account has ended, the one in this browser too.
      session.signOut();
      setStage('done');
    } catch (error) {
      if (faultOfField(error, 'token')) setStage('over');
      else setFault(words(error, t('account.passwordRefused')));
    }
    setBusy(false);
  };

  if (stage === 'over') {
    return (
      <LinkOver app={app} text={t('account.resetOver')}>
        <Button component="a" href={SIGN_IN_PATHS.forgotPassword} size="md">
          {t('account.newLink')}
        </Button>
      </LinkOver>
    );
  }
  if (stage === 'done') {
    return (
      <SignInFrame app={app} title={t('account.resetDone')} text={t('account.resetDoneText')}>
        <Button component="a" href="/" size="md">
          {t('account.toSignIn')}
        </Button>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame app={app} title={t('account.resetTitle')} text={t('account.resetText')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <NewPasswordField value={password} onChange={setPassword} checked={checked} />
          <FaultAlert>{fault}</FaultAlert>
          <Button type="submit" size="md" loading={busy}>
            {t('account.save')}
          </Button>
        </Stack>
      </form>
    </SignInFrame>
  );
}
