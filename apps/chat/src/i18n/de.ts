import type { SameTexts } from '@cloudfreedom/ui';
import { account } from './de/account.ts';
import { budget } from './de/budget.ts';
import { composer } from './de/composer.ts';
import { conversations } from './de/conversations.ts';
import { markdown } from './de/markdown.ts';
import { models } from './de/models.ts';
import { shell } from './de/shell.ts';
import { thread } from './de/thread.ts';
import type { en } from './en.ts';

export const de: SameTexts<typeof en> = {
  ...shell,
  ...conversations,
  ...account,
  ...models,
  ...budget,
  ...composer,
  ...thread,
  ...markdown,
};
