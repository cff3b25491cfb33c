import { account } from './en/account.ts';
import { assistants } from './en/assistants.ts';
import { budget } from './en/budget.ts';
import { composer } from './en/composer.ts';
import { conversations } from './en/conversations.ts';
import { costs } from './en/costs.ts';
import { developer } from './en/developer.ts';
import { files } from './en/files.ts';
import { markdown } from './en/markdown.ts';
import { models } from './en/models.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { shortcuts } from './en/shortcuts.ts';
import { thread } from './en/thread.ts';
import { usage } from './en/usage.ts';

export const en = {
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
