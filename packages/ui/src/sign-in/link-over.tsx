import { Anchor, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SignInFrame } from './sign-in-frame.tsx';

/** A link that was used, has expired, or came incomplete: why, and the way to a new one. */
export function LinkOver({ app, text, children }: { app: string; text: string; children?: ReactNode }) {
  const { t } = useTranslation('ui');
  return (
    <SignInFrame app={app} title={t('account.overTitle')} text={text}>
      <Stack gap="md" align="flex-start">
        {children}
        <Anchor href="/" size="sm">
          {t('account.toSignIn')}
        </Anchor>
      </Stack>
    </SignInFrame>
  );
}
