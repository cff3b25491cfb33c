import type { SameTexts } from '@cloudfreedom/ui';
import { account } from './de/account.ts';
import { assistants } from './de/assistants.ts';
import { budget } from './de/budget.ts';
import { composer } from './de/composer.ts';
import { conversations } from './de/conversations.ts';
import { costs } from './de/costs.ts';
import { developer } from './de/developer.ts';
import { files } from './de/files.ts';
import { markdown } from './de/markdown.ts';
import { models } from './de/models.ts';
import { settings } from './de/settings.ts';
import { shell } from './de/shell.ts';
import { shortcuts } from './de/shortcuts.ts';
import { thread } from './de/thread.ts';
import { usage } from './de/usage.ts';
import type { en } from './en.ts';

export const de: SameTexts<typeof en> = {
  ...shell,
  ...conversations,
  ...account,
  ...models,
  ...budget,
  ...costs,
  ...developer,
  ...usage,
  ...composer,
  ...thread,
  ...markdown,
  ...files,
  ...settings,
  ...shortcuts,
  ...assistants,
};
