/** The columns of each kind of file, and what may stand in a cell. */
import type { ImportKind } from '@cloudfreedom/contracts';
import type { FaultCode } from './fault-texts.ts';

type Cell = { value: string } | { fault: FaultCode; detail?: string };
type ReadCell = (text: string) => Cell;

export interface Column {
  read: ReadCell;
  /** Says which record a line is about. */
  key?: true;
  /** `-` empties the field. */
  clearable?: true;
}

const EMAIL = /^[^\s@<>"(),:;]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
const AMOUNT = /^\d{1,10}([.,]\d{1,9})?$/;
/** `1.000` may be one or a thousand. */
const AMBIGUOUS_AMOUNT = /^\d{1,3}([.,]\d{3})+$/;
const PERCENT = /^\d{1,3}([.,]\d{1,2})?$/;
const SLUG = /^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/;
/** What a spreadsheet would take for a formula when the field is exported again. */
const FORMULA = /^[=+@\t]/;

const text =
  (lengthMax: number): ReadCell =>
  (value) => {
    if (value.length > lengthMax) return { fault: 'too_long', detail: String(lengthMax) };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(value)) return { fault: 'control_character' };
    return FORMULA.test(value) ? { fault: 'formula' } : { value };
  };
const choice =
  (...values: string[]): ReadCell =>
  (value) =>
    values.includes(value.toLowerCase())
      ? { value: value.toLowerCase() }
      : { fault: 'choice', detail: values.join(', ') };
const email: ReadCell = (value) =>
  value.length <= 255 && EMAIL.test(value) ? { value: value.toLowerCase() } : { fault: 'email' };
const amount: ReadCell = (value) => {
  const bare = value.replace(/\s*(€|EUR)$/i, '');
  if (AMBIGUOUS_AMOUNT.test(bare)) return { fault: 'amount_ambiguous' };
  return AMOUNT.test(bare) ? { value: bare.replace(',', '.') } : { fault: 'amount' };
};
const percent: ReadCell = (value) => (PERCENT.test(value) ? { value: value.replace(',', '.') } : { fault: 'percent' });
const slug: ReadCell = (value) => (SLUG.test(value) ? { value } : { fault: 'slug' });

/** Several with spaces between; PocketBase knows which are allowed. */
const domains: ReadCell = (value) => ({ value: value.toLowerCase().split(/\s+/).join(' ') });

const people: Record<string, Column> = {
  email: { read: email, key: true },
  name: { read: text(120) },
  tenant: { read: slug },
  product: { read: text(120), clearable: true },
  role: { read: choice('member', 'tenant_admin', 'platform_admin') },
  status: { read: choice('active', 'suspended') },
  locale: { read: choice('de', 'en') },
  cost_centre: { read: text(60), clearable: true },
  monthly_budget_eur: { read: amount, clearable: true },
};

const tenants: Record<string, Column> = {
  slug: { read: slug, key: true },
  name: { read: text(120) },
  type: { read: choice('internal', 'demo', 'dev', 'enterprise') },
  status: { read: choice('active', 'suspended') },
  time_zone: { read: text(60) },
  locale: { read: choice('de', 'en') },
  monthly_budget_eur: { read: amount, clearable: true },
  markup_percent: { read: percent },
  domains: { read: domains, clearable: true },
};

export const COLUMNS: Record<ImportKind, Record<string, Column>> = { people, tenants };

export function keyColumnOf(kind: ImportKind): string {
  const found = Object.entries(COLUMNS[kind]).find(([, column]) => column.key);
  if (!found) throw new Error(`no key column in ${kind}`);
  return found[0];
}
