import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp, usePerson } from '../session/session-context.tsx';
import { isEmail } from '../sign-in/email-field.tsx';
import { FaultAlert } from '../sign-in/fault-alert.tsx';
import { useSignInWords } from '../sign-in/use-sign-in-words.ts';

/** Asks for a link to a new address; it is changed there. Says the same whether somebody else has it. */
export default function ChangeAddress({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  const person = usePerson();
  const words = useSignInWords();
  const [typed, setTyped] = useState('');
  const [checked, setChecked] = useState(false);
  const email = typed.trim();
  const isNew = isEmail(email) && email.toLowerCase() !== person.email.toLowerCase();
  const mail = useMutation({
    mutationFn: () => session.pocketbase.collection('users').requestEmailChange(email),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isNew) mail.mutate();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={mail.isSuccess ? t('account.sentTitle') : t('account.changeAddress')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
    >
      {mail.isSuccess ? (
        <Stack gap="md" align="flex-start">
          <Text>{t('account.changeSent', { email })}</Text>
          <Button onClick={onClose}>{t('actions.close')}</Button>
        </Stack>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <Text>{t('account.changeText')}</Text>
            <TextInput
              label={t('account.newAddress')}
              type="email"
              autoComplete="email"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              error={checked && !isNew ? t('account.newAddressMissing') : null}
              data-autofocus
            />
            <FaultAlert>{mail.isError ? words(mail.error, t('account.newAddressMissing')) : null}</FaultAlert>
            <Button type="submit" loading={mail.isPending}>
              {t('account.sendLink')}
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
