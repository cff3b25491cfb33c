/** People for a spreadsheet: nothing breaks out of its cell, and nothing is a formula. */
import { expect, it } from 'vitest';
import { csvOfPeople } from '../src/people/people-csv.ts';
import { tenantPerson } from '../src/people/person.ts';

const person = (name: string, cost_centre = '') =>
  tenantPerson.parse({
    id: 'abcdefghijklmno',
    name,
    email: 'ida@example.org',
    tenant: 'abcdefghijklmno',
    product: '',
    role: 'member',
    kind: 'person',
    status: 'active',
    budget_override_eur: '',
    cost_centre,
    requests_per_minute: 0,
    tokens_per_minute: 0,
    parallel_requests: 0,
    locale: 'de',
  });
const columns = {
  name: 'Name',
  email: 'E-Mail',
  role: 'Rolle',
  product: 'Tarif',
  status: 'Status',
  costCentre: 'Kostenstelle',
  limit: 'Budget',
  spent: 'Verbraucht',
};
const words = { role: { member: 'Mitglied' }, status: { active: 'aktiv' } };
const figures = new Map([['abcdefghijklmno', { limit: '20.00', spent: '1.50', held: '0.00', remaining: '18.50' }]]);
const rowOf = (name: string, costCentre: string, language: 'de' | 'en') =>
  csvOfPeople({ people: [person(name, costCentre)], figures, columns, words, language }).split('\r\n')[1];

it('has a comma in amounts and semicolons between cells in German, else a point and commas', () => {
  expect(rowOf('Ida', '4711', 'de')).toBe('Ida;ida@example.org;Mitglied;;aktiv;4711;20,00;1,50');
  expect(rowOf('Ida', '4711', 'en')).toBe('Ida,ida@example.org,Mitglied,,aktiv,4711,20.00,1.50');
});

it('quotes what would break out, and takes the sting from formulas', () => {
  expect(rowOf('Krause; "Ida"', '=1+1', 'de')).toBe(
    '"Krause; ""Ida""";ida@example.org;Mitglied;;aktiv;\'=1+1;20,00;1,50',
  );
});
