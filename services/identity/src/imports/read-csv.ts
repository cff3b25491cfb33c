/** A file as people get it out of a spreadsheet -> lines with checked values, or what is wrong with them. */
import { IMPORT_LINES_MAX, type ImportBatch, type ImportKind } from '@cloudfreedom/contracts';
import { CsvError, parse } from 'csv-parse/sync';
import { COLUMNS, type Column, keyColumnOf } from './columns.ts';
import type { FaultCode } from './fault-texts.ts';

export interface ReadFault {
  line: number;
  column: string | null;
  code: FaultCode;
  detail?: string;
}
type ImportRow = ImportBatch['rows'][number];
interface Line {
  record: string[];
  info: { lines: number };
}

/** Clears a field. */
const CLEAR = '-';
const SEPARATORS = [';', ',', '\t'];

/** The separator that the first line has most of: German spreadsheets write semicolons. */
function separatorOf(text: string): string {
  const [first = ''] = text.split(/\r?\n/, 1);
  const counts = SEPARATORS.map((separator) => first.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] as string;
}

function splitLines(text: string): Line[] | ReadFault {
  try {
    return parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      to: IMPORT_LINES_MAX + 2,
    }) as unknown as Line[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { line: Number((error as unknown as { lines?: number }).lines ?? 1), column: null, code: 'quoting' };
  }
}

function checkHeader(kind: ImportKind, names: string[]): ReadFault[] {
  const known = COLUMNS[kind];
  const faults = names.flatMap((name, index): ReadFault[] => {
    if (!Object.hasOwn(known, name))
      return [{ line: 1, column: name, code: 'column_unknown' as const, detail: Object.keys(known).join(', ') }];
    return names.indexOf(name) < index ? [{ line: 1, column: name, code: 'column_twice' as const }] : [];
  });
  const key = keyColumnOf(kind);
  return names.includes(key) ? faults : [...faults, { line: 1, column: key, code: 'column_missing' }];
}

function readCells(columns: Record<string, Column>, names: string[], { record, info }: Line) {
  const values: ImportRow['values'] = {};
  const faults: ReadFault[] = [];
  for (const [index, name] of names.entries()) {
    const cell = record[index] ?? '';
    const column = columns[name];
    if (!column || cell === '') continue;
    if (column.clearable && cell === CLEAR) {
      values[name] = null;
      continue;
    }
    const read = column.read(cell);
    if ('value' in read) values[name] = read.value;
    else faults.push({ line: info.lines, column: name, code: read.fault, ...(read.detail && { detail: read.detail }) });
  }
  return { values, faults };
}

/** Each line on its own, and that none is about the same record as an earlier one. */
function readLines(kind: ImportKind, names: string[], lines: Line[]): { rows: ImportRow[]; faults: ReadFault[] } {
  const key = keyColumnOf(kind);
  const seen = new Map<string, number>();
  const rows: ImportRow[] = [];
  const faults: ReadFault[] = [];
  for (const line of lines) {
    const at = line.info.lines;
    if (line.record.length !== names.length) {
      faults.push({ line: at, column: null, code: 'cells', detail: `${line.record.length} / ${names.length}` });
      continue;
    }
    const { values, faults: found } = readCells(COLUMNS[kind], names, line);
    faults.push(...found);
    const name = values[key];
    const earlier = name ? seen.get(name) : undefined;
    if (earlier !== undefined) faults.push({ line: at, column: key, code: 'key_twice', detail: String(earlier) });
    else if (name) seen.set(name, at);
    else if (found.every(({ column }) => column !== key)) faults.push({ line: at, column: key, code: 'key_missing' });
    rows.push({ line: at, values });
  }
  return { rows, faults };
}

/** @returns rows to apply; with faults, none of them is to be applied. `lines`: records in the file */
export function readCsv(
  kind: ImportKind,
  bytes: Uint8Array,
): { rows: ImportRow[]; faults: ReadFault[]; lines: number } {
  const refused = (...faults: ReadFault[]) => ({ rows: [], faults, lines: 0 });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused({ line: 1, column: null, code: 'not_utf8' });
  }
  const lines = splitLines(text);
  if (!Array.isArray(lines)) return refused(lines);
  const [header, ...records] = lines;
  if (!header || records.length === 0) return refused({ line: 1, column: null, code: 'empty' });
  const names = header.record.map((name) => name.toLowerCase());
  const headerFaults = checkHeader(kind, names);
  if (headerFaults.length > 0) return refused(...headerFaults);
  if (records.length > IMPORT_LINES_MAX)
    return refused({
      line: IMPORT_LINES_MAX + 2,
      column: null,
      code: 'too_many_lines',
      detail: String(IMPORT_LINES_MAX),
    });
  return { ...readLines(kind, names, records), lines: records.length };
}
