import '@cloudfreedom/ui/no-eval';
import '@cloudfreedom/ui/styles.css';
import './admin.css';
import './people/person.css';
import './records/records.css';
import { audienceOf } from '@cloudfreedom/contracts';
import { startApp } from '@cloudfreedom/ui';
import { Portal } from './portal.tsx';

void startApp({
  texts: { de: async () => (await import('./i18n/de.ts')).de, en: async () => (await import('./i18n/en.ts')).en },
  audiences: () => [audienceOf.billing],
  app: <Portal />,
});
