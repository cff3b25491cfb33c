/** Set-based writing: any number of rows with one statement and one array per column. */
import type { PoolClient } from '@cloudfreedom/service-kit';

/** Column name -> Postgres type. The statement is made once, from the program's own text. */
export interface RowShape {
  statement: string;
  columns: string[];
}

export type Row = Record<string, unknown>;

function unnestList(columns: Record<string, string>): string {
  return Object.values(columns)
    .map((type, index) => `$${index + 1}::${type}[]`)
    .join(', ');
}

export function insertShape(table: string, columns: Record<string, string>, suffix = ''): RowShape {
  const names = Object.keys(columns);
  return {
    columns: names,
    statement: `INSERT INTO ${table} (${names.join(', ')}) SELECT * FROM unnest(${unnestList(columns)}) ${suffix}`,
  };
}

/** Stand-ins for columns that are not to change. */
const BLANKS: Record<string, string> = {
  text: "''",
  boolean: 'false',
  integer: '0',
  bigint: '9223372036854775807',
  numeric: '0',
  timestamptz: "'epoch'::timestamptz",
  jsonb: "'null'::jsonb",
};

/**
 * Change rows that exist, found by their primary key, through `ON CONFLICT DO UPDATE`: Postgres goes straight to the key's
 * index, whatever it believes about the table. (`UPDATE … FROM unnest` is at the mercy of statistics, which a new table
 * lacks: measured there, each row cost a scan, and a batch 20 times as long.)
 * @param fixed columns that stay: they don't travel, a blank takes their place in the row that is never inserted. Should
 * the row be missing after all, the blanks have to break a foreign key of the table.
 */
export function changeShape(
  table: string,
  key: Record<string, string>,
  fixed: Record<string, string>,
  changing: Record<string, string>,
): RowShape {
  const given = { ...key, ...changing };
  const names = Object.keys(given);
  const blanks = Object.values(fixed).map((type) => BLANKS[type]);
  const set = Object.keys(changing).map((name) => `${name} = EXCLUDED.${name}`);
  return {
    columns: names,
    statement: `INSERT INTO ${table} (${[...names, ...Object.keys(fixed)].join(', ')})
      SELECT ${[...names.map((name) => `given.${name}`), ...blanks].join(', ')}
      FROM unnest(${unnestList(given)}) AS given (${names.join(', ')})
      ON CONFLICT (${Object.keys(key).join(', ')}) DO UPDATE SET ${set.join(', ')}`,
  };
}

/** Objects and arrays travel as JSON text, bigints as their digits. */
function toParameter(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'object' && !(value instanceof Date) ? JSON.stringify(value) : value;
}

/** Nothing happens for no rows. @returns how many rows were written */
export async function writeRows(client: PoolClient, name: string, shape: RowShape, rows: Row[]): Promise<number> {
  if (rows.length === 0) return 0;
  const values = shape.columns.map((column) => rows.map((row) => toParameter(row[column])));
  const result = await client.query({ name, text: shape.statement, values });
  return result.rowCount ?? 0;
}
