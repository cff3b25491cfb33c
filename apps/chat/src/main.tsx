import '@cloudfreedom/ui/no-eval';
import '@cloudfreedom/ui/styles.css';
import './chat.css';
import './budget/budget.css';
import './conversations/conversations.css';
import './thread/thread.css';
import './markdown/markdown.css';
import './composer/composer.css';
import './assistants/assistants.css';
import { audienceOf } from '@cloudfreedom/contracts';
import { startApp } from '@cloudfreedom/ui';
import { Chat } from './chat.tsx';

void startApp({
  texts: { de: async () => (await import('./i18n/de.ts')).de, en: async () => (await import('./i18n/en.ts')).en },
  audiences: (_config, { tenantId }) => [
    audienceOf.billing,
    audienceOf.proxy(tenantId),
    audienceOf.conversations(tenantId),
  ],
  app: <Chat />,
});
