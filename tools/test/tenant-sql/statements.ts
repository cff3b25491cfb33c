/** The SQL that stands in a file of TypeScript, with what is put into it where that is a constant of the file. */
import { readFileSync } from 'node:fs';
import { parseSync as parseTypeScript } from '@swc/core';
import { parseSync as parseSql } from 'libpg-query';

type Node = { type?: string; [key: string]: unknown };

export interface Statement {
  file: string;
  /** Blanks are one each. */
  sql: string;
  tree: unknown;
}

/** Stands where something is put in that is only known when the program runs. */
export const HOLE = 'hole';
/** One of them makes Postgres's grammar agree: a name, a condition, a further condition, nothing, a list of values. */
const FILLINGS = [HOLE, 'true', 'AND true', '', `${HOLE} text`, `SELECT 1`, 'ORDER BY 1', `, ${HOLE}`, '1'];
const BEGINS_AS_SQL = /^\s*(?:SELECT(?!,)|INSERT|UPDATE|DELETE|WITH|TRUNCATE|MERGE|LOCK|COPY)\b/;
/** Tries; more holes than that allows are no SQL that anybody reads. */
const WAYS_MAX = 2_000;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

function visit(node: unknown, see: (node: Node) => void): void {
  if (!isNode(node)) return;
  if (!Array.isArray(node)) see(node);
  for (const value of Object.values(node)) visit(value, see);
}

/** A text with `null` for each hole. */
type Text = (string | null)[];

function textOf(node: unknown, constants: Map<string, unknown>, depth = 0): Text {
  if (!isNode(node) || depth > 5) return [null];
  if (node.type === 'StringLiteral') return [String(node.value)];
  if (node.type === 'Identifier') {
    const found = constants.get(String(node.value));
    return found === undefined ? [null] : textOf(found, constants, depth + 1);
  }
  if (node.type === 'BinaryExpression' && node.operator === '+')
    return [...textOf(node.left, constants, depth + 1), ...textOf(node.right, constants, depth + 1)];
  if (node.type !== 'TemplateLiteral') return [null];
  const quasis = node.quasis as { cooked: string }[];
  // A type that is written like a text has none.
  const put = (node.expressions ?? []) as unknown[];
  return quasis.flatMap(({ cooked }, index) => [
    cooked,
    ...(index < put.length ? textOf(put[index], constants, depth + 1) : []),
  ]);
}

function joined(text: Text): Text {
  const parts: Text = [];
  for (const part of text)
    if (part !== null && typeof parts.at(-1) === 'string') parts.push(`${parts.pop()}${part}`);
    else parts.push(part);
  return parts;
}

function tryParse(sql: string): unknown {
  try {
    return parseSql(sql);
  } catch {
    return undefined;
  }
}

/** The first way to fill the holes that Postgres understands. */
function parsed(text: Text): { sql: string; tree: unknown } | undefined {
  const holes = text.filter((part) => part === null).length;
  for (let way = 0; way < Math.min(FILLINGS.length ** holes, WAYS_MAX); way++) {
    let rest = way;
    const sql = text
      .map((part) => {
        if (part !== null) return part;
        const filling = FILLINGS[rest % FILLINGS.length];
        rest = Math.floor(rest / FILLINGS.length);
        return filling;
      })
      .join('');
    const tree = tryParse(sql);
    if (tree !== undefined) return { sql, tree };
  }
  return undefined;
}

export interface Shape {
  file: string;
  table: string;
  columns: string[];
}

function keysOf(node: unknown, constants: Map<string, unknown>): string[] {
  if (!isNode(node)) return [];
  if (node.type === 'Identifier') return keysOf(constants.get(String(node.value)), constants);
  if (node.type === 'TsConstAssertion' || node.type === 'TsSatisfiesExpression')
    return keysOf(node.expression, constants);
  return ((node.properties ?? []) as Node[]).flatMap((property) =>
    property.type === 'SpreadElement'
      ? keysOf(property.arguments, constants)
      : [String((property.key as Node | undefined)?.value ?? '')],
  );
}

/**
 * @returns the statements; the tables and columns that are written by `insertShape` and `changeShape`; the texts that begin
 * like SQL and that no filling makes Postgres understand
 */
export function readStatements(file: string): { statements: Statement[]; shapes: Shape[]; unread: string[] } {
  const module = parseTypeScript(readFileSync(file, 'utf8'), { syntax: 'typescript', target: 'es2024' });
  const constants = new Map<string, unknown>();
  visit(module, (node) => {
    const { id, init } = node as { id?: Node; init?: unknown };
    if (node.type === 'VariableDeclarator' && id?.type === 'Identifier' && isNode(init))
      constants.set(String(id.value), init);
  });
  const statements: Statement[] = [];
  const shapes: Shape[] = [];
  const unread: string[] = [];
  visit(module, (node) => {
    if (node.type === 'CallExpression') {
      const name = String((node.callee as Node).value ?? '');
      const values = (node.arguments as { expression: Node }[]).map(({ expression }) => expression);
      if (name === 'insertShape' || name === 'changeShape')
        shapes.push({
          file,
          table: textOf(values[0], constants).join(''),
          columns: values.slice(1).flatMap((value) => keysOf(value, constants)),
        });
    }
    if (node.type !== 'TemplateLiteral' && node.type !== 'StringLiteral') return;
    const text = joined(textOf(node, constants));
    if (!BEGINS_AS_SQL.test(text[0] ?? '')) return;
    const found = parsed(text);
    const shown = text
      .map((part) => part ?? '…')
      .join('')
      .replace(/\s+/g, ' ')
      .trim();
    if (found) statements.push({ file, sql: found.sql.replace(/\s+/g, ' ').trim(), tree: found.tree });
    else unread.push(`${file}: ${shown}`);
  });
  return { statements, shapes, unread };
}
