/** Usage as CSV, line by line. */
import { type LoggedUsage, METERS, type UsageExportQuery } from '@cloudfreedom/contracts';
import type { Pool } from '@cloudfreedom/service-kit';
import { eachUsageRow, type UsageScope } from './list-usage.ts';

const COLUMNS = [
  ...['at', 'request_id', 'subject_id', 'api_key_id', 'model', 'provider', 'deployment', 'region', 'outcome', 'basis'],
  ...METERS,
  ...['charge_eur', 'cost_eur', 'first_byte_ms', 'total_ms', 'simulated', 'streamed'],
  ...['cost_centre', 'product_id', 'error_kind', 'waited_ms', 'task'],
];

/** A spreadsheet takes text that begins so for a formula; an apostrophe before it makes it text. */
const FORMULA = /^[=+\-@\t\r]/;

export function csvText(text: string, separator: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return safe.includes('"') || safe.includes(separator) || /[\r\n]/.test(safe)
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
}

function toLine(row: LoggedUsage, decimal: UsageExportQuery['decimal']): string {
  const separator = decimal === 'comma' ? ';' : ',';
  const text = (value: string | null) => csvText(value ?? '', separator);
  const amount = (value: string) => (decimal === 'comma' ? value.replace('.', ',') : value);
  const number = (value: number | null | undefined) => (value === null || value === undefined ? '' : `${value}`);
  const cells = [
    row.at,
    ...[row.requestId, row.subjectId, row.apiKeyId, row.model, row.provider, row.deployment, row.region].map(text),
    ...[row.outcome, row.usage.basis],
    ...METERS.map((meter) => number(row.usage.meters[meter])),
    ...[amount(row.charge), amount(row.cost), number(row.firstByteMs), number(row.totalMs)],
    ...[`${row.simulated}`, `${row.streamed}`],
    ...[row.costCentre, row.productId, row.errorKind].map(text),
    number(row.waitedMs),
    text(row.task ?? null),
  ];
  return `${cells.join(separator)}\r\n`;
}

/** A header and a line per row; UTF-8 with the mark by which spreadsheets know it. */
export async function* exportUsage(pool: Pool, scope: UsageScope, query: UsageExportQuery): AsyncGenerator<string> {
  const { decimal, ...narrowing } = query;
  yield `\uFEFF${COLUMNS.join(decimal === 'comma' ? ';' : ',')}\r\n`;
  for await (const row of eachUsageRow(pool, scope, narrowing)) yield toLine(row, decimal);
}
