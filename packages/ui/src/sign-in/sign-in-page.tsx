import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SignInForm } from './sign-in-form.tsx';
import { SignInFrame } from './sign-in-frame.tsx';

export default function SignInPage({ app, pitch }: { app: string; pitch: string }) {
  const { t } = useTranslation('ui');
  const [codeText, setCodeText] = useState<string | null>(null);
  return (
    <SignInFrame app={app} title={codeText ? t('code.title') : t('signIn.title')} text={codeText ?? pitch}>
      <SignInForm onCodeSent={setCodeText} />
    </SignInFrame>
  );
}
