/** The access table by itself: its document is up to date, each row can be tried, no route can hide from it. */
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from '../src/stack/settings.ts';
import { DOCUMENT_FILE, renderDocument } from './access/access-document.ts';
import { COLLECTION_ROWS, parseRows, ROLES, ROUTE_ROWS, type Service } from './access/access-table.ts';
import { builtInAttempts } from './access/built-in-attempts.ts';
import { BUILT_IN_ROWS, BUILT_IN_VERSION } from './access/built-in-rows.ts';
import { collectionAttempts } from './access/collection-attempts.ts';
import { routeAttempts } from './access/route-attempts.ts';
import { ISOLATION_FILE, renderIsolation } from './isolation/isolation-document.ts';

const namesOf = (rows: string) =>
  parseRows(rows)
    .map(({ name }) => name)
    .sort();

test('docs/access-table.md is up to date (npm run access-table writes it)', () => {
  expect(readFileSync(DOCUMENT_FILE, 'utf8')).toBe(renderDocument());
});

test('docs/isolation.md is up to date (npm run access-table writes it)', () => {
  expect(readFileSync(ISOLATION_FILE, 'utf8')).toBe(renderIsolation());
});

test('each row can be tried, and whatever can be tried has a row', () => {
  expect(namesOf(COLLECTION_ROWS)).toEqual(Object.keys(collectionAttempts).sort());
  expect(namesOf(BUILT_IN_ROWS)).toEqual(Object.keys(builtInAttempts).sort());
  for (const [service, rows] of Object.entries(ROUTE_ROWS))
    expect(namesOf(rows), service).toEqual(Object.keys(routeAttempts[service as Service]).sort());
});

test('every cell is a status, empty, or -', () => {
  const rows = [COLLECTION_ROWS, BUILT_IN_ROWS, ...Object.values(ROUTE_ROWS)].flatMap(parseRows);
  const cells = rows.flatMap(({ expected }) => ROLES.map((role) => expected[role]));
  expect(cells.filter((cell) => !/^(empty|-|[2-4]\d\d)$/.test(cell))).toEqual([]);
});

test('a row without a cell for each role is refused by name', () => {
  expect(() => parseRows(`| ${ROLES.join(' ')}\nusers list | 200 200`)).toThrow('The row "users list" has 2 cells.');
});

test('the built-in routes are those of the PocketBase that is pinned', () => {
  const pinned = readFileSync(`${ROOT}/services/pocketbase/go.mod`, 'utf8');
  expect(pinned, 'Compare the routes in its apis/*.go with the rows, then change BUILT_IN_VERSION.').toContain(
    `github.com/pocketbase/pocketbase v${BUILT_IN_VERSION}\n`,
  );
});

/** Callers there are applications with their secret and browsers with a cookie, or the files are everybody's. */
const WITHOUT_ROLES = ['services/identity/src/routes/open-id.ts', 'services/identity/src/routes/sign-in-pages.ts'];

// The table's test learns of routes from their OpenAPI documents.
test('no service leaves a route out of its OpenAPI document', () => {
  const hidden = globSync('services/*/src/**/*.ts', { cwd: ROOT }).filter((file) =>
    readFileSync(`${ROOT}/${file}`, 'utf8').includes('hide: true'),
  );
  expect(hidden.sort()).toEqual(WITHOUT_ROLES);
});
