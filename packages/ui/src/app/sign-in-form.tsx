import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { ClientResponseError } from 'pocketbase';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';

type Fault = 'wrong' | 'tooMany' | 'unreachable';

function faultOf(error: unknown): Fault {
  if (!(error instanceof ClientResponseError)) return 'unreachable';
  if (error.status === 429) return 'tooMany';
  return error.status >= 400 && error.status < 500 ? 'wrong' : 'unreachable';
}

export function SignInForm({ initialEmail = '' }: { initialEmail?: string }) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const [email, setEmail] = useState(initialEmail);
  const [password, setPassword] = useState('');
  const [submitted, setSubmitted] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const messages = {
    wrong: t('signIn.wrong'),
    tooMany: t('signIn.tooMany'),
    unreachable: t('signIn.unreachable'),
  };
  const emailFault = submitted && !/^\S+@\S+$/.test(email.trim()) ? t('signIn.emailMissing') : null;
  const passwordFault = submitted && password === '' ? t('signIn.passwordMissing') : null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    setFault(null);
    if (!/^\S+@\S+$/.test(email.trim()) || password === '') return;
    setBusy(true);
    try {
      await session.signIn(email.trim(), password);
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
    }
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          label={t('signIn.email')}
          type="email"
          name="email"
          autoComplete="username"
          size="md"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={emailFault}
          data-autofocus={initialEmail === '' || undefined}
        />
        <PasswordInput
          label={t('signIn.password')}
          name="password"
          autoComplete="current-password"
          size="md"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={passwordFault}
          data-autofocus={initialEmail !== '' || undefined}
        />
        {fault && (
          <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle aria-hidden />}>
            {messages[fault]}
          </Alert>
        )}
        <Button type="submit" size="md" loading={busy} mt={4}>
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  );
}
