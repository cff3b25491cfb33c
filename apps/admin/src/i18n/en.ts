import { audit } from './en/audit.ts';
import { contentLog } from './en/content-log.ts';
import { keys } from './en/keys.ts';
import { models } from './en/models.ts';
import { overview } from './en/overview.ts';
import { palette } from './en/palette.ts';
import { people } from './en/people.ts';
import { person } from './en/person.ts';
import { prices } from './en/prices.ts';
import { products } from './en/products.ts';
import { providerKeys } from './en/provider-keys.ts';
import { records } from './en/records.ts';
import { shell } from './en/shell.ts';
import { tenants } from './en/tenants.ts';
import { usage } from './en/usage.ts';

export const en = {
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
