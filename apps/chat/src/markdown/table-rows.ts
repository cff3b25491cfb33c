/** A growing table in parts that are read one by one, so that only the last is read anew while it grows. */

const ROWS_PER_PART = 20;
const ROW = /^ {0,3}\|/;
const DELIMITER = /^ {0,3}\|[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?$/;

function cellsOf(row: string): number {
  const inner = row.trim().replace(/^\|/, '').replace(/\|$/, '');
  return (inner.match(/\\.|\|/gs) ?? []).filter((token) => token === '|').length + 1;
}

/**
 * Tables with the same head, whose rows one after the other are those of the block. null: it is more than a table whose
 * lines all begin with a bar, or none. A longer block keeps all parts but the last.
 */
export function splitTable(block: string): string[] | null {
  const lines = block.trimEnd().split('\n');
  const [head = '', delimiter = '', ...rows] = lines;
  if (!DELIMITER.test(delimiter) || !lines.every((line) => ROW.test(line))) return null;
  // An escaped bar at the end closes nothing.
  if (/\\\|[ \t]*$/.test(head) || cellsOf(head) !== cellsOf(delimiter)) return null;
  const parts: string[] = [];
  for (let at = 0; at === 0 || at < rows.length; at += ROWS_PER_PART)
    parts.push([head, delimiter, ...rows.slice(at, at + ROWS_PER_PART)].join('\n'));
  return parts;
}
