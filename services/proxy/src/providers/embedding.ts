/** Embeddings: OpenAI's request as clients send it, and the two forms of a vector. */
import { z } from 'zod';

const INPUTS_MAX = 2_048;
/** Of all token lists together; OpenAI takes 300,000. */
export const EMBEDDING_TOKENS_MAX = 500_000;
const VOCABULARY_MAX = 1_000_000;

type Tokens = number[];
type EmbeddingInput = string | string[] | Tokens | Tokens[];

/** Looked at by hand: a schema of unions would try each of up to half a million numbers in every way. */
const input = z.custom<EmbeddingInput>().superRefine((given, check) => {
  const fault = inputFault(given);
  if (fault) check.addIssue({ code: 'custom', path: fault.path, message: fault.message });
});

/** OpenAI's embedding request. Unknown fields are kept; an adapter passes them on or refuses them. */
export const embeddingRequest = z.looseObject({
  model: z.string().min(1).max(200),
  input,
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().int().min(1).max(16_384).nullish(),
  user: z.string().nullish(),
});
export type EmbeddingRequest = z.infer<typeof embeddingRequest>;

interface Fault {
  path: number[];
  message: string;
}

function inputFault(given: unknown): Fault | null {
  if (given === '') return { path: [], message: 'expected a text that is not empty' };
  if (typeof given === 'string') return null;
  if (!Array.isArray(given)) return { path: [], message: 'expected a string or an array' };
  if (given.length === 0) return { path: [], message: 'expected at least one item' };
  if (typeof given[0] === 'number') return tokensFault(given, []);
  if (given.length > INPUTS_MAX) return { path: [], message: `expected at most ${INPUTS_MAX} items` };
  return itemsFault(given);
}

function itemsFault(given: unknown[]): Fault | null {
  const kind = typeof given[0];
  let tokens = 0;
  for (const [index, item] of given.entries()) {
    if (item === '') return { path: [index], message: 'expected a text that is not empty' };
    if (typeof item !== kind || (kind !== 'string' && !Array.isArray(item)))
      return { path: [index], message: 'expected all items to be texts, or all to be lists of tokens' };
    if (!Array.isArray(item)) continue;
    tokens += item.length;
    const fault = tokens > EMBEDDING_TOKENS_MAX ? tooManyTokens([index]) : tokensFault(item, [index]);
    if (fault) return fault;
  }
  return null;
}

function tokensFault(tokens: unknown[], path: number[]): Fault | null {
  if (tokens.length === 0) return { path, message: 'expected at least one token' };
  if (tokens.length > EMBEDDING_TOKENS_MAX) return tooManyTokens(path);
  const wrong = tokens.findIndex(
    (token) => !Number.isInteger(token) || Number(token) < 0 || Number(token) > VOCABULARY_MAX,
  );
  return wrong < 0 ? null : { path: [...path, wrong], message: 'expected a token, a whole number from 0 on' };
}

function tooManyTokens(path: number[]): Fault {
  return { path, message: `expected at most ${EMBEDDING_TOKENS_MAX} tokens in all` };
}

/** The inputs one by one, whichever of the four forms the client chose. */
export function inputsOf({ input: given }: EmbeddingRequest): (string | Tokens)[] {
  if (typeof given === 'string') return [given];
  return typeof given[0] === 'number' ? [given as Tokens] : (given as (string | Tokens)[]);
}

/** Numbers, or base64 of them as 32-bit floats with the low byte first. */
export type Embedding = number[] | string;

const FLOAT_BYTES = 4;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Whole 32-bit floats in base64, or finite numbers; at least one of them. */
export function isEmbedding(value: unknown): value is Embedding {
  if (typeof value === 'string') return BASE64.test(value) && Buffer.byteLength(value, 'base64') % FLOAT_BYTES === 0;
  return Array.isArray(value) && value.length > 0 && value.every((number) => Number.isFinite(number));
}

/** The embedding in the form that the client wants. */
export function encodeEmbedding(embedding: Embedding, format: 'float' | 'base64'): Embedding {
  if (format === 'base64') return typeof embedding === 'string' ? embedding : toBase64(embedding);
  return typeof embedding === 'string' ? toNumbers(embedding) : embedding;
}

function toBase64(numbers: number[]): string {
  const bytes = Buffer.allocUnsafe(numbers.length * FLOAT_BYTES);
  for (const [index, number] of numbers.entries()) bytes.writeFloatLE(number, index * FLOAT_BYTES);
  return bytes.toString('base64');
}

function toNumbers(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / FLOAT_BYTES }, (_, index) => bytes.readFloatLE(index * FLOAT_BYTES));
}
