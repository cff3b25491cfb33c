import { Button, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApp } from '../session/session-context.tsx';
import { SignInForm } from '../sign-in/sign-in-form.tsx';

/** A dialog over the app: the session has ended, what is on the screen stays. */
export default function SignInAgain({ email }: { email: string }) {
  const { t } = useTranslation('ui');
  const { session } = useApp();
  return (
    <Modal
      opened
      onClose={() => session.signOut()}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={<b>{t('signIn.againTitle')}</b>}
      centered
    >
      <Text c="dimmed" mb="md">
        {t('signIn.againText')}
      </Text>
      <SignInForm initialEmail={email} overlay />
      <Button variant="subtle" color="gray" fullWidth mt="xs" onClick={() => session.signOut()}>
        {t('actions.signOut')}
      </Button>
    </Modal>
  );
}
