/** Whole requests to one operation: fitting ones, faulty ones, and such from strangers. */
import fc from 'fast-check';
import { fitting, type Hints, recordOf } from './fitting-values.ts';
import { faulty, hostile, hostileText } from './hostile-values.ts';
import type { Operation, Parameter } from './operations.ts';

export interface Request {
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface Target {
  operation: Operation;
  /** For fields of bodies and queries. */
  hints: Hints;
  /** For parts of the path. */
  ids: Hints;
  /** What is good enough to be let in; empty: nobody is, or everybody. */
  bearers: readonly string[];
  /** Fields of a body that keep their value whatever else is at fault, lest the rest of the suite suffers. */
  pinned: Record<string, unknown>;
}

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';
/** What no header may hold is cut out: it would never leave this machine. */
const headerText = (text: string) => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?');
const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
/** A lone surrogate has no percent-encoding; its bytes would be those of U+FFFD. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

/** Which part of a request is hostile; mostly none or the body: several at once would only meet the first check. */
const PARTS = ['none', 'path', 'query', 'headers', 'credential', 'body'] as const;
type Part = (typeof PARTS)[number];

function parameters(target: Target, kind: Parameter['in'], isHostile: boolean): fc.Arbitrary<Record<string, unknown>> {
  const named = target.operation.parameters.filter((parameter) => parameter.in === kind);
  const fields = Object.fromEntries(
    named.map(({ name, schema }) => {
      const good = fitting(schema, kind === 'path' ? target.ids : target.hints, name);
      return [name, isHostile ? fc.oneof(hostile, good) : good];
    }),
  );
  // A path without one of its parts is another path.
  const required = named.filter((parameter) => kind === 'path' || parameter.required).map(({ name }) => name);
  return recordOf(fields, required);
}

/** Headers that services read, beside those that a document names. */
const READ_HEADERS = [
  'accept-language',
  'anthropic-version',
  'content-type',
  'idempotency-key',
  'origin',
  'x-api-key',
  'x-cloudfreedom-deployment',
  'x-cloudfreedom-task',
  'x-openwebui-user-jwt',
  'x-request-id',
  'x-signature',
  'x-forwarded-for',
  'traceparent',
  'cookie',
];
const oddHeaders = fc.dictionary(fc.constantFrom(...READ_HEADERS), hostileText.map(headerText), {
  minKeys: 1,
  maxKeys: 2,
});

const strangers = fc.oneof(
  fc.constant(undefined),
  hostileText.map((text) => headerText(text)),
  hostileText.map((text) => `Bearer ${headerText(text)}`),
  fc.constantFrom('Bearer', 'Basic Og==', `Bearer cf-${'A'.repeat(43)}`, 'Bearer eyJhbGciOiJub25lIn0.e30.'),
);

function authorization(bearers: readonly string[], isHostile: boolean): fc.Arbitrary<string | undefined> {
  if (bearers.length === 0 || isHostile) return strangers;
  return fc.constantFrom(...bearers).map((bearer) => `Bearer ${bearer}`);
}

function pin(value: unknown, pinned: Target['pinned']): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { ...value, ...pinned } : value;
}

function written(value: unknown, mediaType: string): string {
  if (mediaType !== FORM) return mediaType === JSON_TYPE ? (JSON.stringify(value) ?? '') : asText(value);
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [['', value]];
  return fields
    .flatMap(([name, field]) => [field].flat().map((item) => `${encoded(String(name))}=${encoded(asText(item) ?? '')}`))
    .join('&');
}

/** Bytes that are nearly a body. */
const BROKEN = [
  '',
  '{',
  '{}',
  '[]',
  'null',
  '"x"',
  '\ufeff{}',
  '{"a":1,}',
  `${'['.repeat(300)}`,
  'a=b&a=c',
  'name,email\n"',
];

function body({ operation, hints, pinned }: Target, isHostile: boolean): fc.Arbitrary<string | undefined> {
  const bytes = mediaTypeOf(operation) === undefined ? fc.constant(undefined) : hostileText;
  if (operation.body === undefined) return isHostile ? bytes : fc.constant(needsBytes(operation) ? 'a,b' : undefined);
  const { schema, mediaType } = operation.body;
  const good = fitting(schema, hints);
  const values = (isHostile ? faulty(good) : good).map((value) => written(pin(value, pinned), mediaType));
  if (!isHostile) return values;
  return fc.oneof({ arbitrary: values, weight: 9 }, { arbitrary: fc.constantFrom(...BROKEN), weight: 1 });
}

function addressOf(template: string, path: Record<string, unknown>, query: Record<string, unknown>): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encoded(asText(path[name]) ?? '') || '%20');
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((item) => `${encoded(name)}=${encoded(asText(item) ?? '')}`),
  );
  return pairs.length > 0 ? `${filled}?${pairs.join('&')}` : filled;
}

const needsBytes = ({ method, path }: Operation) => method !== 'GET' && /\/(?:files|imports)\//.test(path);

/** Services read a body of bytes where the document describes none. */
function mediaTypeOf({ body, method, path }: Operation): string | undefined {
  if (body) return body.mediaType;
  if (method === 'GET') return undefined;
  if (path.includes('/files/')) return 'application/octet-stream';
  return path.includes('/imports/') ? 'text/csv' : JSON_TYPE;
}

export function requestsOf(target: Target): fc.Arbitrary<Request> {
  const weights: Record<Part, number> = { none: 4, path: 1, query: 1, headers: 1, credential: 1, body: 4 };
  const { operation } = target;
  const isThere: Record<Part, boolean> = {
    none: true,
    path: operation.path.includes('{'),
    query: operation.parameters.some((parameter) => parameter.in === 'query'),
    headers: true,
    credential: target.bearers.length > 0,
    body: mediaTypeOf(operation) !== undefined,
  };
  const parts = PARTS.filter((part) => isThere[part]);
  return fc.oneof(...parts.map((part) => ({ arbitrary: withHostile(target, part), weight: weights[part] })));
}

function withHostile(target: Target, part: Part): fc.Arbitrary<Request> {
  const { operation } = target;
  const mediaType = mediaTypeOf(operation);
  return fc
    .record({
      path: parameters(target, 'path', part === 'path'),
      query: parameters(target, 'query', part === 'query'),
      named: parameters(target, 'header', part === 'headers'),
      odd: part === 'headers' ? oddHeaders : fc.constant({}),
      authorization: authorization(target.bearers, part === 'credential'),
      body: body(target, part === 'body'),
    })
    .map(({ path, query, named, odd, authorization, body }) => ({
      method: operation.method,
      path: addressOf(operation.path, path, query),
      headers: {
        ...(body !== undefined && mediaType !== undefined && { 'content-type': mediaType }),
        ...Object.fromEntries(Object.entries(named).map(([name, value]) => [name, headerText(asText(value) ?? '')])),
        ...odd,
        ...(authorization !== undefined && { authorization }),
      },
      body,
    }));
}
