import { Anchor, Button, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';
import { EmailField, isEmail } from './email-field.tsx';
import { FaultAlert } from './fault-alert.tsx';
import type { LinkPageProps } from './link-page.ts';
import { SignInFrame } from './sign-in-frame.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

/** Ask for a link to choose a new password. Says the same for every address. */
export default function ForgotPasswordPage({ app, params }: LinkPageProps) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const [email, setEmail] = useState(params.get('email') ?? '');
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [sent, setSent] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!isEmail(email)) return;
    setFault(null);
    setBusy(true);
    try {
      await session.pocketbase.collection('users').requestPasswordReset(email.trim());
      setSent(true);
    } catch (error) {
      setFault(words(error, t('signIn.unreachable')));
    }
    setBusy(false);
  };

  if (sent) {
    return (
      <SignInFrame app={app} title={t('account.sentTitle')} text={t('account.resetSent', { email: email.trim() })}>
        <Stack gap="md" align="flex-start">
          <Button component="a" href="/" size="md">
            {t('account.toSignIn')}
          </Button>
          <Anchor component="button" type="button" size="sm" ta="left" onClick={() => setSent(false)}>
            {t('account.otherAddress')}
          </Anchor>
        </Stack>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame app={app} title={t('account.forgotTitle')} text={t('account.forgotText')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <EmailField value={email} onChange={setEmail} checked={checked} />
          <FaultAlert>{fault}</FaultAlert>
          <Button type="submit" size="md" loading={busy}>
            {t('account.sendLink')}
          </Button>
          <Anchor href="/" size="sm">
            {t('account.toSignIn')}
          </Anchor>
        </Stack>
      </form>
    </SignInFrame>
  );
}
