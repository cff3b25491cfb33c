import '@cloudfreedom/ui/no-eval';
import '@cloudfreedom/ui/styles.css';
import { startApp } from '@cloudfreedom/ui';
import { SignIn } from './sign-in.tsx';

void startApp({
  texts: { de: async () => (await import('./i18n/de.ts')).de, en: async () => (await import('./i18n/en.ts')).en },
  audiences: () => [],
  app: <SignIn />,
});
