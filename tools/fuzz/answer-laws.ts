/** What each answer must keep, whatever was asked. */
import { errorBody } from '@cloudfreedom/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import type { JsonSchema, Operation } from './operations.ts';

export interface Answer {
  status: number;
  mediaType: string;
  text: string;
}

/** What lets one look inside: where the code lies, what its database said, which parts it talks to. */
const INSIDES: Record<string, RegExp> = {
  'a stack trace': /\bat (?:async )?[\w.<>[\] ]+ \(?(?:file|node|\/)[^)\s]*:\d+:\d+/,
  'a file of ours': /node_modules|services\/(?:proxy|billing|identity|conversations)\/|\.ts:\d+/,
  'a statement or a fault of Postgres':
    /\bSELECT \S+ FROM\b|\bINSERT INTO\b|violates \S+ constraint|syntax error at|invalid byte sequence|pg_catalog|out of range for type/i,
  'an inner part': /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|postgres:\/\/|redis:\/\/|ZodError|FST_ERR_/,
};

const anthropicError = z.object({
  type: z.literal('error'),
  error: z.object({ type: z.string().min(1), message: z.string().min(1), details: z.looseObject({}) }),
});
const oauthError = z.object({ error: z.string().regex(/^[a-z_]+$/), error_description: z.string().min(1) });
const ownError = errorBody.refine(({ error }) => error.message !== '' && error.type !== '' && error.code !== '');

/** The forms of errors: OpenAI's; where Anthropic's or OAuth's clients read them, theirs. */
function errorForms({ path }: Operation): z.ZodType[] {
  if (path === '/oauth/token') return [oauthError];
  if (path.startsWith('/v1/messages')) return [anthropicError];
  return path.startsWith('/v1/models') ? [ownError, anthropicError] : [ownError];
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const compiled = new WeakMap<JsonSchema, ReturnType<typeof ajv.compile>>();

function mismatch(schema: JsonSchema, value: unknown): string | undefined {
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

function readJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function faultsOfError(operation: Operation, { text }: Answer): string[] {
  const json = readJson(text);
  if (!json) return ['an error that is no JSON'];
  const fits = errorForms(operation).some((form) => form.safeParse(json.value).success);
  return fits ? [] : ['an error in no known form'];
}

function faultsOfSuccess(operation: Operation, { status, mediaType, text }: Answer): string[] {
  if (!(status in operation.answers)) return [`the status ${status} is not described`];
  const schema = operation.answers[status];
  if (!schema || mediaType !== 'application/json') return [];
  const json = readJson(text);
  if (!json) return ['a success that is no JSON'];
  const fault = mismatch(schema, json.value);
  return fault === undefined ? [] : [`not as described: ${fault}`];
}

/** Statuses that a caller can do something about: what they sent, who they are, how fast they ask. */
const REFUSALS = [400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 429, 431];

/** @returns one line for each law that the answer breaks */
export function faultsOf(operation: Operation, answer: Answer, secrets: readonly string[]): string[] {
  const faults: string[] = [];
  const isSuccess = answer.status >= 200 && answer.status < 400;
  if (!isSuccess && !REFUSALS.includes(answer.status)) faults.push(`the status ${answer.status}`);
  faults.push(...(isSuccess ? faultsOfSuccess(operation, answer) : faultsOfError(operation, answer)));
  for (const [what, pattern] of Object.entries(INSIDES)) if (pattern.test(answer.text)) faults.push(what);
  if (secrets.some((secret) => answer.text.includes(secret))) faults.push('a secret');
  return faults;
}
