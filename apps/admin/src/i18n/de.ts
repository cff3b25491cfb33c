import type { SameTexts } from '@cloudfreedom/ui';
import { audit } from './de/audit.ts';
import { contentLog } from './de/content-log.ts';
import { keys } from './de/keys.ts';
import { models } from './de/models.ts';
import { overview } from './de/overview.ts';
import { palette } from './de/palette.ts';
import { people } from './de/people.ts';
import { person } from './de/person.ts';
import { prices } from './de/prices.ts';
import { products } from './de/products.ts';
import { providerKeys } from './de/provider-keys.ts';
import { records } from './de/records.ts';
import { shell } from './de/shell.ts';
import { tenants } from './de/tenants.ts';
import { usage } from './de/usage.ts';
import type { en } from './en.ts';

export const de: SameTexts<typeof en> = {
  ...audit,
  ...contentLog,
  ...shell,
  ...overview,
  ...palette,
  ...people,
  ...person,
  ...usage,
  ...records,
  ...tenants,
  ...products,
  ...keys,
  ...models,
  ...prices,
  ...providerKeys,
};
