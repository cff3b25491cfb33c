import '@cloudfreedom/ui/no-eval';
import '@cloudfreedom/ui/styles.css';
import { startApp } from '@cloudfreedom/ui';
import { de } from './i18n/de.ts';
import { en } from './i18n/en.ts';
import { SignIn } from './sign-in.tsx';

void startApp({ texts: { de, en }, audiences: () => [], app: <SignIn /> });
