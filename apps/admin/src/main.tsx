import '@cloudfreedom/ui/no-eval';
import '@cloudfreedom/ui/styles.css';
import './admin.css';
import './people/person.css';
import './records/records.css';
import { audienceOf } from '@cloudfreedom/contracts';
import { startApp } from '@cloudfreedom/ui';
import { de } from './i18n/de.ts';
import { en } from './i18n/en.ts';
import { Portal } from './portal.tsx';

void startApp({ texts: { de, en }, audiences: () => [audienceOf.billing], app: <Portal /> });
