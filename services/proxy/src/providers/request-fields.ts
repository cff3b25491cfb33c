/**
 * Refusing what a provider can't do. A field of the request is translated, is neutral (its value asks for nothing), is
 * bookkeeping that no answer depends on, or is refused by name: nothing that changes an answer is dropped silently.
 */
import type { ChatRequest, Unsupported, UpstreamRequest } from './provider.ts';

/** Thrown inside an adapter's request builder only; `translate` turns it into data. */
export class UnsupportedField extends Error {
  readonly unsupported: Unsupported;

  constructor(param: string, message: string) {
    super(message);
    this.unsupported = { param, message };
  }
}

type Built = UpstreamRequest | { unsupported: Unsupported };

/** Runs a builder; its refusals come back as data. */
export function translate(build: () => Built): Built {
  try {
    return build();
  } catch (error) {
    if (error instanceof UnsupportedField) return { unsupported: error.unsupported };
    // JSON.stringify goes as deep as the stack.
    if (error instanceof RangeError) {
      return { unsupported: { param: 'messages', message: 'The request is nested too deeply.' } };
    }
    throw error;
  }
}

/**
 * Fields of OpenAI's own accounts and caches. Other providers have no use for them, and `user` and
 * `safety_identifier` name a person: leaving them out is the right translation, not a loss.
 */
const BOOKKEEPING = new Set([
  'user',
  'safety_identifier',
  'store',
  'metadata',
  'prompt_cache_key',
  'prompt_cache_retention',
]);

/** What the proxy itself acts upon before and after the adapter. */
const PROXY_FIELDS = ['model', 'messages', 'stream', 'stream_options', 'max_tokens', 'max_completion_tokens'];

const isZero = (value: unknown) => value === 0;
const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Values that ask for what happens anyway. */
const NEUTRAL: Record<string, (value: unknown) => boolean> = {
  n: (value) => value === 1,
  logprobs: (value) => value === false,
  top_logprobs: isZero,
  logit_bias: isEmpty,
  presence_penalty: isZero,
  frequency_penalty: isZero,
  service_tier: (value) => value === 'auto' || value === 'default',
  modalities: (value) => Array.isArray(value) && value.length === 1 && value[0] === 'text',
  verbosity: (value) => value === 'medium',
  functions: isEmpty,
};

/** @param translated top-level fields that the adapter turns into the provider's own */
export function checkTopLevel(request: ChatRequest, translated: readonly string[], provider: string): void {
  const known = new Set([...PROXY_FIELDS, ...translated]);
  for (const [field, value] of Object.entries(request)) {
    if (value === undefined || value === null || known.has(field) || BOOKKEEPING.has(field)) continue;
    if (NEUTRAL[field]?.(value)) continue;
    throw new UnsupportedField(field, `${provider} has no counterpart of '${field}' with this value; leave it out.`);
  }
}

/** Refuses the first field of a nested object that the adapter doesn't know. */
export function checkFields(value: object, known: readonly string[], path: string, provider: string): void {
  for (const [field, content] of Object.entries(value)) {
    if (content === undefined || content === null || known.includes(field)) continue;
    throw new UnsupportedField(`${path}.${field}`, `${provider} has no counterpart of '${field}' here; leave it out.`);
  }
}

/** The text of a message's content, its parts joined. */
export function textOfContent(content: string | readonly { text: string }[]): string {
  return typeof content === 'string' ? content : content.map((part) => part.text).join('');
}
