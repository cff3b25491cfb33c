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

/**
 * Change rows that exist, found by their primary key, through `ON CONFLICT DO UPDATE`: Postgres goes straight to the key's
 * index, whatever it believes about the table. (`UPDATE … FROM unnest` is at the mercy of statistics, which a new table
 * lacks: measured there, each row cost a scan, and a batch 20 times as long.) Rows must be whole.
 */
export function changeShape(
  table: string,
  key: Record<string, string>,
  fixed: Record<string, string>,
  changing: Record<string, string>,
): RowShape {
  const set = Object.keys(changing).map((name) => `${name} = EXCLUDED.${name}`);
  const suffix = `ON CONFLICT (${Object.keys(key).join(', ')}) DO UPDATE SET ${set.join(', ')}`;
  return insertShape(table, { ...key, ...fixed, ...changing }, suffix);
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
