/**
 * Every statement on a tenant's table says which tenant's rows it is about: the SQL is read from the services' files by
 * Postgres's own grammar, the tables, keys and functions from a database that the migrations made.
 */
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startPostgres } from '@cloudfreedom/testkit';
import { loadModule, parseSync } from 'libpg-query';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../src/stack/settings.ts';
import { ALLOWED, ALLOWED_FUNCTIONS, ALLOWED_SHAPES, KEYS_WITHOUT_TENANT, UNREADABLE } from './tenant-sql/allowed.ts';
import { tablesWithoutTenant } from './tenant-sql/carries-tenant.ts';
import { readSchema, type Schema } from './tenant-sql/schema.ts';
import { readStatements } from './tenant-sql/statements.ts';

/** The proxy's database belongs to one tenant; where a table names it all the same, so does what is asked of it. */
const SHARED = { billing: undefined, identity: 'identity', proxy: 'proxy' } as const;
const ALONE = { conversations: 'conversations' } as const;

let schemas: Record<keyof typeof SHARED | keyof typeof ALONE, Schema>;
beforeAll(async () => {
  await loadModule();
  const postgres = await startPostgres();
  try {
    const all = Object.entries({ ...SHARED, ...ALONE });
    const read = all.map(async ([service, schema]) => [service, await readSchema(postgres, service, schema)]);
    schemas = Object.fromEntries(await Promise.all(read));
  } finally {
    await postgres.stop();
  }
});

const filesOf = (service: string) => globSync(`services/${service}/src/**/*.ts`, { cwd: ROOT }).sort();
const read = new Map<string, ReturnType<typeof readStatements>[]>();
function readAll(service: string) {
  const all = read.get(service) ?? filesOf(service).map((file) => readStatements(file));
  read.set(service, all);
  return all;
}

describe.each(Object.keys(SHARED) as (keyof typeof SHARED)[])('%s', (service) => {
  test('statements', () => {
    const { tenantTables, tables } = schemas[service];
    const all = readAll(service).flatMap(({ statements }) => statements);
    expect(all.length).toBeGreaterThan(10);
    const without = all
      .map(({ file, sql, tree }) => ({ file, sql, tables: tablesWithoutTenant(tree, tenantTables, tables) }))
      .filter((statement) => statement.tables.length > 0)
      .filter(({ sql }) => !Object.keys(ALLOWED).some((beginning) => sql.startsWith(beginning)));
    expect(without).toEqual([]);
  });

  test('rows that are written by their columns', () => {
    const shapes = readAll(service).flatMap(({ shapes: found }) => found);
    const without = shapes.filter(({ columns, table }) => !columns.includes('tenant_id') && !(table in ALLOWED_SHAPES));
    expect(without).toEqual([]);
  });

  test('no SQL is put together in a way that nobody can read', () => {
    const unread = readAll(service).flatMap(({ unread: found }) => found);
    expect(unread.filter((text) => !Object.keys(UNREADABLE).some((file) => text.startsWith(file)))).toEqual([]);
  });

  test('functions of the migrations', () => {
    const { tenantTables, tables, functions } = schemas[service];
    const without = functions
      .filter(({ tree }) => tablesWithoutTenant(tree, tenantTables, tables).length > 0)
      .filter(({ name }) => !(name in ALLOWED_FUNCTIONS));
    expect(without.map(({ name, sql }) => `${name}: ${sql}`)).toEqual([]);
  });

  test('keys: a database distributed by tenant can keep them', () => {
    expect(schemas[service].keysWithoutTenant.filter((key) => !(key in KEYS_WITHOUT_TENANT))).toEqual([]);
  });
});

test('nothing is allowed that is not there', () => {
  const services = Object.keys(SHARED) as (keyof typeof SHARED)[];
  const statements = services.flatMap((service) => readAll(service).flatMap(({ statements: found }) => found));
  const isThere = (beginning: string) => statements.some(({ sql }) => sql.startsWith(beginning));
  expect(Object.keys(ALLOWED).filter((beginning) => !isThere(beginning))).toEqual([]);
  const keys = services.flatMap((service) => schemas[service].keysWithoutTenant);
  expect(Object.keys(KEYS_WITHOUT_TENANT).sort()).toEqual([...new Set(keys)].sort());
  const functions = services.flatMap((service) => schemas[service].functions.map(({ name }) => name));
  expect(Object.keys(ALLOWED_FUNCTIONS).filter((name) => !functions.includes(name))).toEqual([]);
});

test.each(Object.keys(ALONE) as (keyof typeof ALONE)[])(
  '%s has a database for each tenant and no tenant in it',
  (service) => {
    expect([...schemas[service].tenantTables]).toEqual([]);
    expect(schemas[service].tables.size).toBeGreaterThan(1);
  },
);

describe('the reader sees', () => {
  const tables = new Set(['entries', 'holds', 'models']);
  const faultsOf = (sql: string) => tablesWithoutTenant(parseSync(sql), new Set(['entries', 'holds']), tables);

  test.each([
    ['SELECT 1 FROM entries WHERE id = $1', ['entries']],
    ['SELECT 1 FROM entries e JOIN holds h ON h.id = e.id WHERE e.tenant_id = $1', ['holds']],
    ['SELECT 1 FROM models WHERE EXISTS (SELECT FROM entries WHERE id = $1)', ['entries']],
    ['SELECT 1 FROM entries WHERE tenant_id = $1 UNION ALL SELECT 1 FROM holds', ['holds']],
    ['WITH a AS (DELETE FROM entries WHERE id = $1) SELECT 1 FROM holds WHERE tenant_id = $2', ['entries']],
    ['UPDATE entries SET n = 1 FROM holds h WHERE h.tenant_id = $1', ['entries']],
    ['DELETE FROM entries USING holds h WHERE entries.tenant_id = $1', ['holds']],
    ['INSERT INTO entries (id) VALUES (1)', ['entries']],
    ['SELECT 1 FROM entries WHERE lower(tenant_id) = $1', ['entries']],
    ['SELECT 1 FROM put_together', ['put_together']],
  ])('the tenant missing in %s', (sql, expected) => {
    expect(faultsOf(sql)).toEqual(expected);
  });

  test.each([
    'SELECT 1 FROM entries WHERE tenant_id = $1',
    'SELECT 1 FROM entries e JOIN holds h ON h.tenant_id = e.tenant_id WHERE e.tenant_id = $1',
    'SELECT 1 FROM entries JOIN holds USING (tenant_id, id) WHERE tenant_id = $1',
    'SELECT 1 FROM entries WHERE (tenant_id, id) IN (SELECT $1, 2)',
    'SELECT 1 FROM entries WHERE (tenant_id, id) = ($1, 2)',
    'INSERT INTO entries (tenant_id, id) SELECT $1, id FROM models',
    'SELECT 1 FROM models',
  ])('that nothing is missing in %s', (sql) => {
    expect(faultsOf(sql)).toEqual([]);
  });
});

describe('the reader of files', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cloudfreedom-sql-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const readText = (text: string) => {
    const file = path.join(folder, 'a.store.ts');
    writeFileSync(file, text);
    return readStatements(file);
  };

  test('puts constants in, fills what is only known later, and tells what it can not read', () => {
    const texts = [
      "const COLUMNS = 'id, name';",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is TypeScript, as text
      'query(`SELECT ${COLUMNS} FROM entries WHERE tenant_id = $1 ${more()} LIMIT ${limit}`);',
      "query('DELETE FROM entries');",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is TypeScript, as text
      'query(`UPDATE entries SET n = ${a()} WHERE WHERE`);',
      "const shape = insertShape('holds', { ...KEY, n: 'bigint' });",
      "const KEY = { tenant_id: 'text' };",
    ];
    const { statements, shapes, unread } = readText(texts.join('\n'));
    expect(statements.map(({ sql }) => sql)).toEqual([
      expect.stringMatching(/^SELECT id, name FROM entries WHERE tenant_id = \$1 .*LIMIT/),
      'DELETE FROM entries',
    ]);
    expect(shapes).toMatchObject([{ table: 'holds', columns: ['tenant_id', 'n'] }]);
    expect(unread).toEqual([expect.stringContaining('WHERE WHERE')]);
  });
});
