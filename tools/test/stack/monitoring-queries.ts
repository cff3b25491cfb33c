/** Every query of the dashboards and the alert rules, and what of the services' output it reads. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = path.resolve(import.meta.dirname, '..', '..', '..', 'docs', 'operations', 'monitoring');

export interface Query {
  /** Where it stands. */
  place: string;
  text: string;
  /** Of its legend or sentences. */
  shownLabels: string[];
}

const dashboard = z.object({
  title: z.string(),
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })) }),
  ),
});
const rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(z.object({ alert: z.string(), expr: z.string(), annotations: z.object({ summary: z.string() }) })),
    }),
  ),
});

const labelsIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);

export function readQueries(): Query[] {
  const files = readdirSync(FOLDER).filter((file) => file.startsWith('grafana-'));
  const boards = files.map((file) => dashboard.parse(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))));
  const alerts = rules.parse(parse(readFileSync(path.join(FOLDER, 'alerts.yml'), 'utf8')));
  return [
    ...boards.flatMap(({ title, panels }) =>
      panels.flatMap((panel) =>
        panel.targets.map(({ expr, legendFormat }) => ({
          place: `${title}: ${panel.title}`,
          text: expr,
          shownLabels: labelsIn(legendFormat, /\{\{(\w+)\}\}/g),
        })),
      ),
    ),
    ...alerts.groups.flatMap((group) =>
      group.rules.map(({ alert, expr, annotations }) => ({
        place: `alert ${alert}`,
        text: expr,
        shownLabels: labelsIn(annotations.summary, /\$labels\.(\w+)/g),
      })),
    ),
  ];
}

/** @throws Error where it is no PromQL */
export function namesIn(query: string): { metrics: string[]; labels: string[] } {
  const metrics: string[] = [];
  const labels: string[] = [];
  parser.parse(query).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${query}`);
      const text = query.slice(from, to);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.push(text);
      if (type.name === 'LabelName') labels.push(text);
    },
  });
  return { metrics, labels };
}

/** Metric -> its labels, from what services answer at `/metrics`. A metric that has no value yet has no labels yet. */
export function readOutput(texts: string[]): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const [, declared] = /^# TYPE (\w+) /.exec(line) ?? [];
    if (declared && !seen.has(declared)) seen.set(declared, new Set());
    const [, name, labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (!name) continue;
    const known = seen.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    seen.set(name, known);
  }
  return seen;
}
