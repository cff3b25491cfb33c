/** Values that a JSON schema allows, or nearly: what it can't say (a refinement in code) they may miss. */
import fc from 'fast-check';
import type { JsonSchema } from './operations.ts';

/** What is worth sending in a field of this name: the id of something that is there, a model that is served. */
export type Hints = Record<string, readonly unknown[]>;

const LIST_ITEMS_MAX = 3;
const TEXT_MAX = 40;
/** Deeper than this only the shortest values are made. */
const DEPTH_MAX = 6;

const FORMATS: Record<string, fc.Arbitrary<string>> = {
  uuid: fc.uuid(),
  email: fc.emailAddress(),
  uri: fc.webUrl(),
  'date-time': fc
    .date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  date: fc
    .date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
};

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;
const numberOr = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise);

/** @param name of the field or parameter, for the hints */
export function fitting(schema: JsonSchema, hints: Hints, name = '', depth = 0): fc.Arbitrary<unknown> {
  const described = describedBy(schema, hints, depth);
  const hinted = hints[name];
  return hinted === undefined
    ? described
    : fc.oneof({ arbitrary: fc.constantFrom(...hinted), weight: 19 }, { arbitrary: described, weight: 1 });
}

function describedBy(schema: JsonSchema, hints: Hints, depth: number): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const branches = [...list(schema.anyOf), ...list(schema.oneOf)].filter(isSchema);
  if (branches.length > 0) return fc.oneof(...branches.map((branch) => fitting(branch, hints, '', depth)));
  const parts = list(schema.allOf).filter(isSchema);
  if (parts.length > 0)
    return fc
      .tuple(...parts.map((part) => describedBy(part, hints, depth)))
      .map((values) => Object.assign({}, ...values));
  const [type] = list(Array.isArray(schema.type) ? schema.type : [schema.type]);
  if (type === 'object') return objectOf(schema, hints, depth);
  if (type === 'array') return listOf(schema, hints, depth);
  if (type === 'string') return textOf(schema);
  if (type === 'integer' || type === 'number') return numberOf(schema);
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  return fc.jsonValue({ maxDepth: 2 });
}

/** Most fields that may be left out are: with all of them at once hardly any request would make sense. */
export function recordOf(
  fields: Record<string, fc.Arbitrary<unknown>>,
  required: readonly string[],
): fc.Arbitrary<Record<string, unknown>> {
  const left = fc.constant(undefined);
  const weight = Math.max(3, Math.ceil(Object.keys(fields).length / 2));
  const maybe = Object.entries(fields).map(([name, field]) => [
    name,
    required.includes(name) ? field : fc.oneof({ arbitrary: left, weight }, { arbitrary: field, weight: 1 }),
  ]);
  return fc
    .record<Record<string, unknown>>(Object.fromEntries(maybe))
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)));
}

function objectOf(schema: JsonSchema, hints: Hints, depth: number): fc.Arbitrary<unknown> {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const required = list(schema.required).map(String);
  const kept = properties.filter(([name]) => depth < DEPTH_MAX || required.includes(name));
  const fields = Object.fromEntries(
    kept.map(([name, field]) => [name, fitting(field as JsonSchema, hints, name, depth + 1)]),
  );
  const named = recordOf(fields, required);
  const { additionalProperties: more } = schema;
  // An empty schema takes whatever is unknown, which is what the faulty values bring.
  if (!isSchema(more) || Object.keys(more).length === 0 || depth >= DEPTH_MAX) return named;
  const names = isSchema(schema.propertyNames)
    ? describedBy(schema.propertyNames, hints, depth)
    : fc.string({ maxLength: 8 });
  const others = fc.dictionary(names.map(String), fitting(more, hints, '', depth + 1), { maxKeys: LIST_ITEMS_MAX });
  return fc.tuple(others, named).map(([extra, own]) => ({ ...extra, ...own }));
}

function listOf(schema: JsonSchema, hints: Hints, depth: number): fc.Arbitrary<unknown> {
  const items = isSchema(schema.items) ? schema.items : {};
  const minLength = numberOr(schema.minItems, 0);
  const most = depth < DEPTH_MAX ? Math.max(minLength, LIST_ITEMS_MAX) : minLength;
  const maxLength = Math.min(numberOr(schema.maxItems, most), most);
  return fc.array(fitting(items, hints, '', depth + 1), { minLength, maxLength });
}

function textOf({ pattern, format, minLength, maxLength }: JsonSchema): fc.Arbitrary<string> {
  const known = typeof format === 'string' ? FORMATS[format] : undefined;
  if (known) return known;
  const least = numberOr(minLength, 0);
  const most = Math.max(least, Math.min(numberOr(maxLength, TEXT_MAX), TEXT_MAX));
  if (typeof pattern !== 'string') return fc.string({ unit: 'grapheme', minLength: least, maxLength: most });
  return fc.stringMatching(new RegExp(pattern, 'u')).map((text) => text.slice(0, numberOr(maxLength, text.length)));
}

function numberOf(schema: JsonSchema): fc.Arbitrary<number> {
  const above = numberOr(schema.exclusiveMinimum, Number.NEGATIVE_INFINITY);
  const below = numberOr(schema.exclusiveMaximum, Number.POSITIVE_INFINITY);
  const min = Math.max(numberOr(schema.minimum, -1_000_000), schema.type === 'integer' ? above + 1 : above);
  const max = Math.min(numberOr(schema.maximum, 1_000_000_000), schema.type === 'integer' ? below - 1 : below);
  if (schema.type === 'integer') return fc.integer({ min, max: Math.max(min, max) });
  return fc.double({ min, max: Math.max(min, max), noNaN: true, noDefaultInfinity: true });
}
