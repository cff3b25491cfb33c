/** A JSON value that fits a JSON schema (the part of it that structured outputs and tools use). */
import { topicOf } from './answer-text.ts';

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  minItems?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  format?: string;
}
const DEPTH_MAX = 8;

const FORMATS: Record<string, string> = {
  date: '2025-01-31',
  'date-time': '2025-01-31T12:00:00Z',
  time: '12:00:00Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function resolve(root: Schema, schema: Schema): Schema {
  if (!schema.$ref?.startsWith('#/')) return schema;
  let found: unknown = root;
  for (const step of schema.$ref.slice(2).split('/')) found = (found as Record<string, unknown> | undefined)?.[step];
  return (found as Schema | undefined) ?? {};
}

/** The last words with a capital letter ("… in New York?" -> "New York"), else the topic: a likely argument. */
function likelyWords(prompt: string): string {
  const names = prompt.slice(1).match(/\p{Lu}[\p{L}\p{N}]+(?: \p{Lu}[\p{L}\p{N}]+)*/gu);
  return names?.at(-1) ?? topicOf(prompt);
}

function textFor(schema: Schema, prompt: string): string {
  if (schema.format && FORMATS[schema.format]) return FORMATS[schema.format] ?? '';
  const text = likelyWords(prompt) || 'simulated';
  return Array.from(text.padEnd(schema.minLength ?? 0, '.'))
    .slice(0, schema.maxLength ?? 200)
    .join('');
}

function numberFor(schema: Schema, step: number): number {
  const least = schema.minimum ?? (schema.exclusiveMinimum === undefined ? 1 : schema.exclusiveMinimum + step);
  return schema.maximum !== undefined && schema.maximum < least ? schema.maximum : least;
}

function objectFor(root: Schema, schema: Schema, prompt: string, depth: number): Record<string, unknown> {
  if (depth > DEPTH_MAX) return {};
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, part]) => [name, valueFor(root, part, prompt, depth + 1)]),
  );
}

function valueFor(root: Schema, given: Schema, prompt: string, depth: number): unknown {
  let schema = resolve(root, given);
  const alternative = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (alternative) return valueFor(root, alternative, prompt, depth + 1);
  for (const part of schema.allOf ?? []) schema = { ...schema, ...resolve(root, part) };
  if (schema.const !== undefined) return schema.const;
  if (schema.enum?.length) return schema.enum[0];
  // Gemini writes its types in capitals.
  const type = (Array.isArray(schema.type) ? schema.type[0] : schema.type)?.toLowerCase();
  if (type === 'string') return textFor(schema, prompt);
  if (type === 'integer') return Math.ceil(numberFor(schema, 1));
  if (type === 'number') return numberFor(schema, 0.5);
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  if (type !== 'array') return objectFor(root, schema, prompt, depth);
  const length = depth > DEPTH_MAX ? 0 : Math.min(Math.max(schema.minItems ?? 1, 1), 20);
  return Array.from({ length }, () => valueFor(root, schema.items ?? { type: 'string' }, prompt, depth + 1));
}

/** Without a schema: a small object that says what it is. */
export function jsonAnswer(schema: unknown, prompt: string): unknown {
  if (typeof schema !== 'object' || schema === null)
    return { simulated: true, topic: topicOf(prompt), points: ['first', 'second', 'third'] };
  return valueFor(schema as Schema, schema as Schema, prompt, 0);
}
