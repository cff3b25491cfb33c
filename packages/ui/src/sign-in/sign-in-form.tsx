import { SIGN_IN_PATHS } from '@cloudfreedom/contracts';
import { Anchor, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';
import { requestCode } from './account-calls.ts';
import { CodeForm, type SentCode } from './code-form.tsx';
import { EmailField, isEmail } from './email-field.tsx';
import { FaultAlert } from './fault-alert.tsx';
import { ProviderButtons } from './provider-buttons.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

interface SignInFormProps {
  initialEmail?: string;
  /** Over an app that is open: nothing here may lead away from it. */
  overlay?: boolean;
  /** Told what to say about a code that was sent, null where there is none; without it, the form says so itself. */
  onCodeSent?: (text: string | null) => void;
}

/** Password or provider, then a code by mail where one is asked for. Without a password where a code alone is enough. */
export function SignInForm({ initialEmail = '', overlay = false, onCodeSent }: SignInFormProps) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const [email, setEmail] = useState(initialEmail);
  const [sent, setSent] = useState<SentCode | null>(null);
  const textOf = (code: SentCode) => t(code.mfaId === undefined ? 'code.textIfKnown' : 'code.text', { email });
  const show = (code: SentCode | null) => {
    setSent(code);
    onCodeSent?.(code && textOf(code));
  };
  if (sent === null) return <CredentialsForm email={email} onEmail={setEmail} onCode={show} overlay={overlay} />;
  const { mfaId } = sent;
  const resend = async (): Promise<SentCode> =>
    mfaId === undefined
      ? { otpId: await session.requestCode(email) }
      : { otpId: await requestCode(session.pocketbase, mfaId), mfaId };
  return (
    <>
      {!onCodeSent && <Text mb="md">{textOf(sent)}</Text>}
      <CodeForm sent={sent} onResend={resend} onCancel={() => show(null)} onDone={() => {}} />
    </>
  );
}

interface CredentialsFormProps {
  email: string;
  onEmail: (email: string) => void;
  onCode: (sent: SentCode) => void;
  overlay: boolean;
}

function CredentialsForm({ email, onEmail, onCode, overlay }: CredentialsFormProps) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const [password, setPassword] = useState('');
  const [checked, setChecked] = useState<'nothing' | 'email' | 'all'>('nothing');
  const [busy, setBusy] = useState<'password' | 'code' | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const startsEmpty = email === '';
  const methods = useQuery({
    queryKey: ['sign-in methods'],
    queryFn: () => session.pocketbase.collection('users').listAuthMethods(),
  });
  const codeAlone = methods.data?.otp.enabled === true && !methods.data.mfa.enabled;

  const attempt = async (kind: 'password' | 'code', work: () => Promise<void>) => {
    setFault(null);
    setBusy(kind);
    try {
      await work();
    } catch (error) {
      setFault(words(error, t('signIn.wrong')));
    }
    setBusy(null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked('all');
    if (!isEmail(email) || password === '') return;
    void attempt('password', async () => {
      const second = await session.signIn(email.trim(), password);
      if (second) onCode({ otpId: await requestCode(session.pocketbase, second.mfaId), mfaId: second.mfaId });
    });
  };
  const askForCode = () => {
    setChecked('email');
    if (!isEmail(email)) return;
    void attempt('code', async () => onCode({ otpId: await session.requestCode(email.trim()) }));
  };

  return (
    <>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <EmailField
            value={email}
            onChange={onEmail}
            checked={checked !== 'nothing'}
            autoFocusInDialog={startsEmpty}
          />
          <PasswordInput
            label={t('signIn.password')}
            name="password"
            autoComplete="current-password"
            size="md"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={checked === 'all' && password === '' ? t('signIn.passwordMissing') : null}
            data-autofocus={!startsEmpty || undefined}
            visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
          />
          <FaultAlert>{fault}</FaultAlert>
          <Button type="submit" size="md" loading={busy === 'password'} mt={4}>
            {t('signIn.submit')}
          </Button>
          <Anchor
            href={`${SIGN_IN_PATHS.forgotPassword}${isEmail(email) ? `?email=${encodeURIComponent(email.trim())}` : ''}`}
            size="sm"
            {...(overlay && { target: '_blank' })}
          >
            {t('signIn.forgot')}
          </Anchor>
        </Stack>
      </form>
      {codeAlone && (
        <Button variant="default" size="md" fullWidth mt="md" loading={busy === 'code'} onClick={askForCode}>
          {t('signIn.byCode')}
        </Button>
      )}
      <ProviderButtons providers={methods.data?.oauth2.providers ?? []} inNewTab={overlay} />
    </>
  );
}
