/** A YAML file of model deployments, read and checked whole. A fault names file, line and path, and what to do. */
import { readFileSync } from 'node:fs';
import { METERS } from '@cloudfreedom/contracts';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Fault } from '../stack/fault.ts';
import { type Deployment, deployment } from './deployment.ts';

type Path = PropertyKey[];

/** An entry and where it stands, `models.yaml:12`. */
export interface FileEntry {
  wanted: Deployment;
  place: string;
}

const file = z.strictObject({ models: z.array(deployment, 'give a list of models, each behind a hyphen') });
const SECRET = /(api_?)?key|secret|token|password/i;

function sayPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function sayIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.join(', ');
    if (issue.path.at(-1) === 'own_prices') return `there is no meter ${names}; give one of ${METERS.join(', ')}`;
    return issue.keys.some((key) => SECRET.test(key))
      ? `there is no field ${names}; keys are no part of this file: enter them at the tenant's proxy and name their set in key_name`
      : `there is no field ${names}; take it out, or mend its spelling`;
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return missing ? `missing; ${issue.message}` : issue.message;
}

class Places {
  readonly #name: string;
  readonly #lines: LineCounter;
  readonly #root: ReturnType<typeof parseDocument>;

  constructor(name: string, lines: LineCounter, root: ReturnType<typeof parseDocument>) {
    this.#name = name;
    this.#lines = lines;
    this.#root = root;
  }

  /** `models.yaml:12`: of the field, or of the nearest one above that is there. */
  of(path: Path): string {
    for (let length = path.length; length >= 0; length--) {
      const offset = this.#offsetOf(path.slice(0, length));
      if (offset !== undefined) return `${this.#name}:${this.#lines.linePos(offset).line}`;
    }
    return this.#name;
  }

  #offsetOf(path: Path): number | undefined {
    // The key's place, not the value's, which may begin a line below it.
    const parent = path.length > 0 ? this.#root.getIn(path.slice(0, -1), true) : undefined;
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
      return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
    }
    const node = this.#root.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }
}

function refuseTwins(entries: FileEntry[]): void {
  const first = new Map<string, FileEntry>();
  for (const entry of entries) {
    const { deployment: name } = entry.wanted;
    const twin = first.get(name);
    if (twin)
      throw new Fault(
        `${entry.place}: the deployment ${name} is in ${twin.place} already; give this one a \`deployment\` of its own.`,
      );
    first.set(name, entry);
  }
}

/**
 * @param name how faults call the file
 * @throws Fault naming line and path of everything that is wrong
 */
export function parseModelFile(source: string, name: string): FileEntry[] {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, prettyErrors: false });
  const [broken] = [...document.errors, ...document.warnings];
  if (broken)
    throw new Fault(`${name}:${lineCounter.linePos(broken.pos[0]).line}: this is not YAML: ${broken.message}`);
  const places = new Places(name, lineCounter, document);
  let content: unknown;
  try {
    content = document.toJS();
  } catch (error) {
    throw new Fault(`${name}: ${(error as Error).message}`);
  }
  const parsed = file.safeParse(content, { reportInput: true });
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      const [unknown] = issue.code === 'unrecognized_keys' ? issue.keys : [];
      const place = places.of(unknown === undefined ? issue.path : [...issue.path, unknown]);
      return `${place}: ${sayPath(issue.path) || 'the file'}: ${sayIssue(issue)}`;
    });
    throw new Fault(faults.join('\n'));
  }
  const entries = parsed.data.models.map((wanted, index) => ({ wanted, place: places.of(['models', index]) }));
  refuseTwins(entries);
  return entries;
}

/** @throws Fault as `parseModelFile`, and where the file can't be read */
export function readModelFile(path: string, name: string): FileEntry[] {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Fault(`${name} can't be read (${(error as NodeJS.ErrnoException).code}): check the path.`);
  }
  return parseModelFile(source, name);
}
