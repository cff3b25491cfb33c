/** Set-based writing: any number of rows with one statement and one array per column. */
import type { NamedStatement, PoolClient } from '@cloudfreedom/service-kit';

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

const TO_ESCAPE = /["\\]/;

function quoted(text: string): string {
  return TO_ESCAPE.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}

/**
 * One column as the text of a Postgres array: objects and arrays as JSON, bigints as their digits, dates in UTC. Written
 * here because the driver's own way takes a good part of a batch's time.
 */
function toColumnText(rows: Row[], column: string): string {
  let text = '{';
  let [lastDate, lastDateText] = [Number.NaN, ''];
  for (const row of rows) {
    const value = row[column];
    if (text.length > 1) text += ',';
    if (value === null || value === undefined) text += 'NULL';
    else if (value instanceof Date) {
      // Rows of one batch share their moments.
      if (value.getTime() !== lastDate) [lastDate, lastDateText] = [value.getTime(), `"${value.toISOString()}"`];
      text += lastDateText;
    } else if (typeof value === 'string') text += quoted(value);
    else text += typeof value === 'object' ? quoted(JSON.stringify(value)) : String(value);
  }
  return `${text}}`;
}

/** Texts as the text of a Postgres array. */
export function toArrayText(texts: string[]): string {
  return `{${texts.map(quoted).join(',')}}`;
}

/**
 * A statement that is ready to be sent: whatever can go wrong with its values has gone wrong by now.
 * @returns undefined for no rows
 */
export function writeQuery(name: string, shape: RowShape, rows: Row[]): NamedStatement | undefined {
  if (rows.length === 0) return undefined;
  const values = shape.columns.map((column) => toColumnText(rows, column));
  return { name, text: shape.statement, values };
}

/** Statements that were put together before, by the names of their parts. */
const known = new Map<string, { name: string; text: string }>();
const PLACEHOLDER = /\$(\d+)/g;

/**
 * Several writes as one statement: each statement costs a message there and back, however small it is. They write
 * different tables and see none of each other's rows; triggers run when all is written.
 * @returns undefined for none
 */
export function writeTogether(queries: NamedStatement[]): NamedStatement | undefined {
  const [first] = queries;
  if (first === undefined || queries.length === 1) return first;
  const names = queries.map(({ name }) => name).join(' ');
  let joined = known.get(names);
  if (!joined) {
    // Postgres cuts longer names.
    joined = { name: `write-together-${known.size}`, text: joinStatements(queries) };
    known.set(names, joined);
  }
  return { ...joined, values: queries.flatMap(({ values }) => values) };
}

function joinStatements(queries: NamedStatement[]): string {
  let given = 0;
  const statements = queries.map(({ text, values }) => {
    const before = given;
    given += values.length;
    return text.replace(PLACEHOLDER, (_, place: string) => `$${Number(place) + before}`);
  });
  const last = statements.pop() ?? '';
  return `WITH ${statements.map((text, index) => `part_${index} AS (${text})`).join(', ')} ${last}`;
}

/** Nothing happens for no rows. @returns how many rows were written */
export async function writeRows(client: PoolClient, name: string, shape: RowShape, rows: Row[]): Promise<number> {
  const query = writeQuery(name, shape, rows);
  if (!query) return 0;
  const result = await client.query(query);
  return result.rowCount ?? 0;
}
