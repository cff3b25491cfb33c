/** People as a spreadsheet reads them: a comma as decimal sign brings semicolons between cells. */
import type { BudgetFigures } from '@cloudfreedom/ui';
import type { TenantPerson } from './person.ts';

const FIELDS = ['name', 'email', 'role', 'product', 'status', 'costCentre', 'limit', 'spent'] as const;
const BYTE_ORDER_MARK = '\ufeff';

interface PeopleSheet {
  people: readonly TenantPerson[];
  figures: ReadonlyMap<string, BudgetFigures>;
  columns: Record<(typeof FIELDS)[number], string>;
  words: { role: Record<string, string>; status: Record<string, string> };
  language: 'de' | 'en';
}

/** Quoted where it has to be; what a spreadsheet would take for a formula gets an apostrophe before it. */
function cell(text: string, separator: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return new RegExp(`["\\r\\n${separator}]`).test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvOfPeople({ people, figures, columns, words, language }: PeopleSheet): string {
  const separator = language === 'de' ? ';' : ',';
  const amount = (text: string | null | undefined) =>
    language === 'de' ? (text ?? '').replace('.', ',') : (text ?? '');
  const rows = people.map((person) => {
    const of = figures.get(person.id);
    const values: Record<(typeof FIELDS)[number], string> = {
      name: person.name,
      email: person.email,
      role: words.role[person.role] ?? person.role,
      product: person.product?.name ?? '',
      status: words.status[person.status] ?? person.status,
      costCentre: person.costCentre,
      limit: amount(of?.limit),
      spent: amount(of?.spent),
    };
    return FIELDS.map((field) => cell(values[field], separator)).join(separator);
  });
  const head = FIELDS.map((field) => cell(columns[field], separator)).join(separator);
  return `${BYTE_ORDER_MARK}${[head, ...rows].join('\r\n')}\r\n`;
}
