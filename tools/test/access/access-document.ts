/** `docs/access-table.md` as it follows from the access table. */
import path from 'node:path';
import { ROOT } from '../../src/stack/settings.ts';
import { COLLECTION_ROWS, NOTES, parseRows, ROLE_MEANINGS, ROLES, ROUTE_ROWS, type Row } from './access-table.ts';
import { BUILT_IN_ROWS } from './built-in-rows.ts';

export const DOCUMENT_FILE = path.join(ROOT, 'docs/access-table.md');

/** A Markdown table with its columns aligned, as the formatter would have it. */
export function alignedTable(lines: string[][]): string[] {
  const [header = [], ...body] = lines;
  const widths = header.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)));
  const render = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [render(header), render(widths.map((width) => '-'.repeat(width))), ...body.map(render)];
}

function section(title: string, rows: Row[]): string {
  const body = rows.map(({ name, expected }) => [`\`${name}\``, ...ROLES.map((role) => expected[role])]);
  return [`## ${title}`, '', ...alignedTable([['', ...ROLES], ...body]), ''].join('\n');
}

export function renderDocument(): string {
  return [
    '# Access table',
    '',
    'Made from `tools/test/access/access-table.ts` by `npm run access-table`; the same file is asked of the running stack in `npm test`, cell by cell.',
    '',
    'A row is an operation, then what it is tried with. What belongs to somebody belongs to `member` or to their tenant, unless the row says otherwise. A cell is the status of the answer; `empty` is a 200 in which nothing of it is to be found; `-` stands where the role has nothing to ask with.',
    '',
    ...ROLES.map((role) => `- \`${role}\`: ${ROLE_MEANINGS[role]}`),
    '',
    ...NOTES.map((note) => `- ${note}`),
    '',
    section('PocketBase: collections', parseRows(COLLECTION_ROWS)),
    section('PocketBase: its built-in routes', parseRows(BUILT_IN_ROWS)),
    ...Object.entries(ROUTE_ROWS).map(([service, rows]) => section(`Routes of ${service}`, parseRows(rows))),
  ].join('\n');
}
