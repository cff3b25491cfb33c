/** What the migrations make: tables, keys and functions, as Postgres itself tells. */
import { createLogger, createPool, migrate } from '@cloudfreedom/service-kit';
import type { Postgres } from '@cloudfreedom/testkit';
import { parsePlPgSQLSync, parseSync } from 'libpg-query';
import { ROOT } from '../../src/stack/settings.ts';

export interface Schema {
  tables: ReadonlySet<string>;
  /** Those with a column `tenant_id`. */
  tenantTables: ReadonlySet<string>;
  /** `table: key` for each key of a tenant's table that does not contain the tenant. */
  keysWithoutTenant: string[];
  /** Statements of the functions. */
  functions: { name: string; sql: string; tree: unknown }[];
}

const TABLES = `SELECT c.relname AS name, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') AS tenant
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')`;
const KEYS = `SELECT t.relname AS table, pg_get_indexdef(i.indexrelid) AS key
  FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id'
  WHERE i.indisunique AND NOT t.relispartition AND NOT a.attnum = ANY (i.indkey) AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
  ORDER BY 1, 2`;
/** By which a trigger reads what was written: rows of its own table, of the statement that was sent. */
const TRANSITIONS = `SELECT tgoldtable AS old, tgnewtable AS new FROM pg_trigger WHERE NOT tgisinternal`;
const FUNCTIONS = `SELECT p.proname AS name, p.prosrc AS source, l.lanname AS language, pg_get_functiondef(p.oid) AS definition
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND l.lanname IN ('sql', 'plpgsql') AND p.prosrc <> ''`;

function queriesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'PLpgSQL_expr' ? [String((value as { query: string }).query)] : queriesIn(value),
  );
}

function parsedQuery(sql: string): unknown {
  try {
    return parseSync(sql);
  } catch {
    // An expression, or the right side of an assignment.
    return parseSync(`SELECT ${sql.replace(/^\s*[\w.]+\s*:=/, '')}`);
  }
}

/** @param schema where the service keeps the list of its migrations */
export async function readSchema(postgres: Postgres, service: string, schema?: string): Promise<Schema> {
  const url = await postgres.createDatabase(`${service}_schema`);
  const folder = `${ROOT}/services/${service}/migrations`;
  await migrate(url, folder, createLogger('schema', 'silent'), schema === undefined ? {} : { schema });
  const pool = createPool(url, { max: 1, applicationName: 'schema' });
  try {
    const tables = await pool.query<{ name: string; tenant: boolean }>(TABLES);
    const keys = await pool.query<{ table: string; key: string }>(KEYS);
    const transitions = await pool.query<{ old: string | null; new: string | null }>(TRANSITIONS);
    const functions = await pool.query<{ name: string; source: string; language: string; definition: string }>(
      FUNCTIONS,
    );
    return {
      tables: new Set([
        ...tables.rows.map(({ name }) => name),
        ...transitions.rows.flatMap((row) => [row.old, row.new]).filter((name) => name !== null),
      ]),
      tenantTables: new Set(tables.rows.filter(({ tenant }) => tenant).map(({ name }) => name)),
      keysWithoutTenant: keys.rows.map(({ table, key }) => `${table}: ${key.replace(/^.* USING /, '')}`),
      functions: functions.rows.flatMap(({ name, source, language, definition }) =>
        (language === 'sql' ? [source] : queriesIn(parsePlPgSQLSync(definition))).map((sql) => ({
          name,
          sql: sql.replace(/\s+/g, ' ').trim(),
          tree: parsedQuery(sql),
        })),
      ),
    };
  } finally {
    await pool.end();
  }
}
