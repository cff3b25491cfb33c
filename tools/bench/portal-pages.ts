/** The portal's lists, and what an admin does on them. Whoever adds a list adds a line. */
import type { Page } from 'playwright-core';
import { PEOPLE } from './portal-data.ts';

/** Changes what is listed; @returns the element that is clicked, or what changes the address in the page. */
type Act =
  | { click: (page: Page) => ReturnType<Page['locator']> }
  | { address: (times: number) => Record<string, string | null> };

export interface Step {
  name: string;
  act: Act;
  /** How often; each time something else is asked for. */
  times: number;
}

export interface List {
  /** Below `/tenants/<id>/`. */
  path: string;
  /** The link in the navigation, in English. */
  link: string;
  /** Of its rows. */
  rows: string;
  steps: Step[];
}

const ROWS = 'main tbody tr, main [role="row"]';
const button = (name: string | RegExp) => ({ click: (page: Page) => page.getByRole('button', { name }).first() });
const address = (changes: (times: number) => Record<string, string | null>) => ({ address: changes });

const WORDS = ['Krüger', 'person4711', 'Person 99', 'large.example', 'Nowak'];
const PAGE_ROWS = 25;
const lastPage = Math.floor(PEOPLE / PAGE_ROWS);

export const LISTS: List[] = [
  {
    path: 'people',
    link: 'People',
    rows: ROWS,
    steps: [
      { name: 'next page', act: button('Next page'), times: 8 },
      { name: 'page deep in', act: address((times) => ({ page: String(lastPage - 7 * times) })), times: 6 },
      { name: 'sorted by role', act: button('Role'), times: 4 },
      { name: 'sorted by plan', act: button(/^(Product|Plan)$/), times: 4 },
      { name: 'sorted by status', act: button('Status'), times: 4 },
      { name: 'sorted by name', act: button('Name'), times: 4 },
      {
        name: 'search',
        act: address((times) => ({ q: WORDS[times % WORDS.length] ?? '', page: null, sort: null })),
        times: 5,
      },
      { name: 'search that finds nobody', act: address((times) => ({ q: `nobody ${times}` })), times: 3 },
    ],
  },
  {
    path: 'usage',
    link: 'Usage',
    rows: ROWS,
    steps: [
      { name: 'more', act: button(/^(Show more|More|Load more)/), times: 5 },
      {
        name: 'of one person',
        act: address((times) => ({ subjectId: `prson${String(times * 77).padStart(10, '0')}` })),
        times: 5,
      },
      { name: 'of one model', act: address((times) => ({ model: `model-${times}`, subjectId: null })), times: 5 },
      {
        name: 'failed ones',
        act: address((times) => ({ outcome: 'upstream_error', model: `model-${times}` })),
        times: 5,
      },
    ],
  },
  { path: 'errors', link: 'Errors', rows: ROWS, steps: [] },
  {
    path: 'keys',
    link: 'API keys',
    rows: ROWS,
    steps: [{ name: 'next page', act: button(/^(Next page|Show more|More|Load more)/), times: 5 }],
  },
  { path: 'products', link: 'Products', rows: ROWS, steps: [] },
  { path: 'models', link: 'Models', rows: ROWS, steps: [] },
  {
    path: 'audit',
    link: 'Audit log',
    rows: ROWS,
    steps: [{ name: 'next page', act: button(/^(Next page|Show more|More|Load more)/), times: 5 }],
  },
  {
    path: 'tenants',
    link: 'Tenants',
    rows: ROWS,
    steps: [{ name: 'next page', act: button(/^(Next page|Show more|More|Load more)/), times: 3 }],
  },
];
