/** Medians, quantiles and tables of what was measured. */

/** @param part 0.5: the median */
export function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (values: number[]) => quantile(values, 0.5);

/** Without decimals, thousands apart. */
export const whole = (value: number) => (Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en'));

/** Milliseconds: "1.2 / 5.0" for p50 and p99. */
export const spread = (values: number[], parts = [0.5, 0.99]) =>
  parts.map((part) => quantile(values, part).toFixed(1)).join(' / ');

/** A Markdown table; figures stand at the right unless the heading begins with a "<". */
export function table(headings: string[], lines: string[][]): string {
  const rows = [
    headings.map((heading) => heading.replace(/^</, '')),
    headings.map((heading) => (heading.startsWith('<') ? '---' : '--:')),
    ...lines,
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
