/** The portal's lists, and what an admin does on them. Whoever adds a list adds a line. */
import type { Page } from 'playwright-core';
import { idOf } from '../../services/billing/bench/usage-world.ts';
import { PEOPLE } from './portal-data.ts';

/** Changes what is listed; @returns the element that is clicked, or what changes the address in the page. */
type Act =
  | { click: (page: Page) => ReturnType<Page['locator']> }
  | { address: (times: number) => Record<string, string | null> };

export interface Step {
  name: string;
  act: Act;
  /** How often after the first; each time something else is asked for. */
  times: number;
  /** Each time in a page that was just loaded. */
  anew?: true;
}

export interface List {
  /** Below `/tenants/<id>/`. */
  path: string;
  /** The page that it is opened from; else that of the products. */
  from?: string;
  /** The link in the navigation, in English. */
  link: string;
  /** Of its rows. */
  rows: string;
  steps: Step[];
}

const ROWS = 'main tbody tr, main [role="row"], main ol > li';
// Of 24 times the 23rd is the p95: a single one may be late.
export const TIMES = 24;
const button = (name: string | RegExp) => ({ click: (page: Page) => page.getByRole('button', { name }).first() });
const address = (changes: (times: number) => Record<string, string | null>) => ({ address: changes });
const FURTHER = button(/^(Next page|Show more|More|Load more)/);
const person = (number: number) => idOf('person', number % PEOPLE);

// Half of them find thousands, the others a few or one.
const WORDS = [
  'Krüger',
  'Person 99',
  'large.example',
  'Nowak',
  'weiß',
  'Person 1 ',
  'Rossi',
  'son77',
  'Müller',
  'berg',
];
const word = (times: number) => (times < WORDS.length ? WORDS[times] : `person${4711 + 977 * times}`) ?? '';
const PAGE_ROWS = 25;
const lastPage = Math.floor(PEOPLE / PAGE_ROWS);
const sorted = (name: string, by: string | RegExp): Step => ({
  name: `sorted by ${name}`,
  act: button(by),
  times: TIMES,
  anew: true,
});

export const LISTS: List[] = [
  {
    path: 'people',
    link: 'People',
    rows: ROWS,
    steps: [
      { name: 'next page', act: FURTHER, times: TIMES },
      // As the portal writes it into the address, and as somebody keeps it or sends it on.
      {
        name: 'page deep in',
        act: address((times) => ({ page: String(lastPage - 7 * times), after: person(7919 * (times + 1)) })),
        times: TIMES,
      },
      sorted('role', 'Role'),
      sorted('plan', /^(Product|Plan)$/),
      sorted('status', 'Status'),
      sorted('name', 'Name'),
      {
        name: 'search',
        act: address((times) => ({ q: word(times) })),
        times: TIMES,
      },
      { name: 'search that finds nobody', act: address((times) => ({ q: `nobody ${times}` })), times: TIMES },
    ],
  },
  {
    path: 'usage',
    link: 'Usage',
    rows: ROWS,
    steps: [
      {
        name: 'of one person',
        act: address((times) => ({ subjectId: person(times * 77) })),
        times: TIMES,
      },
      { name: 'of one model', act: address((times) => ({ model: `model-${times}` })), times: TIMES },
      {
        name: 'failed ones',
        act: address((times) => ({ outcome: 'upstream_error', model: `model-${times}` })),
        times: TIMES,
      },
    ],
  },
  { path: 'usage/errors', from: 'usage', link: 'Errors', rows: ROWS, steps: [] },
  {
    path: 'keys',
    link: 'API keys',
    rows: ROWS,
    steps: [{ name: 'next page', act: FURTHER, times: TIMES }],
  },
  { path: 'products', from: 'keys', link: 'Products', rows: ROWS, steps: [] },
  { path: 'models', link: 'Models', rows: ROWS, steps: [] },
  {
    path: 'audit',
    link: 'Audit log',
    rows: ROWS,
    steps: [{ name: 'next page', act: FURTHER, times: TIMES }],
  },
  { path: 'tenants', link: 'Tenants', rows: ROWS, steps: [] },
];
