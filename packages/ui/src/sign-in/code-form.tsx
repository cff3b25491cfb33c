import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';
import { FaultAlert } from './fault-alert.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

export interface SentCode {
  otpId: string;
  /** Set where the code is the second factor. */
  mfaId?: string;
}

interface CodeFormProps {
  sent: SentCode;
  /** Sends another code. */
  onResend: () => Promise<SentCode>;
  onCancel: () => void;
  onDone: () => void;
}

/** Enter the code that was sent by mail. */
export function CodeForm({ sent, onResend, onCancel, onDone }: CodeFormProps) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const words = useSignInWords();
  const field = useRef<HTMLInputElement>(null);
  const [current, setCurrent] = useState(sent);
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [resent, setResent] = useState(false);
  useEffect(() => field.current?.focus(), []);

  const attempt = async (work: () => Promise<void>, refused: string) => {
    setBusy(true);
    setFault(null);
    setResent(false);
    try {
      await work();
    } catch (error) {
      setFault(words(error, refused));
      field.current?.focus();
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.length === 0) return setFault(t('code.missing'));
    void attempt(async () => {
      const missing = await session.signInWithCode({ ...current, code });
      if (missing === null) onDone();
      else setFault(t('code.wrong'));
    }, t('code.wrong'));
  };
  const resend = () =>
    void attempt(async () => {
      setCurrent(await onResend());
      setCode('');
      setResent(true);
    }, t('code.over'));

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput
          ref={field}
          label={t('code.label')}
          name="code"
          autoComplete="one-time-code"
          inputMode="numeric"
          size="md"
          className="cf-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, '').slice(0, 8))}
        />
        <FaultAlert>{fault}</FaultAlert>
        <Button type="submit" size="md" loading={busy}>
          {t('signIn.submit')}
        </Button>
        <Group justify="space-between">
          <Anchor component="button" type="button" size="sm" onClick={resend}>
            {t('code.resend')}
          </Anchor>
          <Anchor component="button" type="button" size="sm" onClick={onCancel}>
            {t('code.back')}
          </Anchor>
        </Group>
        <Text size="sm" c="dimmed" role="status">
          {resent && t('code.resent')}
        </Text>
      </Stack>
    </form>
  );
}
