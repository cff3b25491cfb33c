/**
 * Step 4. How much a request can use at most: what the reservation is made for.
 *
 * Input: a token of text is at least one byte, so UTF-8 bytes are an upper bound of text tokens (about four times the
 * true count). What providers add around it is covered by constants. The model's context is an upper bound in any case:
 * an upstream refuses what is longer.
 */
import type { Principal, ProviderName } from '@cloudfreedom/contracts';
import { proxyError } from '../errors.ts';
import type { Deployment } from '../models/deployment.ts';
import type { ChatRequest } from '../providers/chat-request.ts';
import { BYTES_PER_TOKEN, TYPICAL_IMAGE_TOKENS } from './estimate.ts';

/** Role markers and separators around each message; the largest known is 7. */
const PER_MESSAGE_TOKENS = 16;
/** Start and end markers of a request. */
const PER_REQUEST_TOKENS = 64;
/** Instructions that a provider adds when there are tools (Anthropic publishes up to 804), and around each tool. */
const TOOLS_TOKENS = 1_000;
const PER_TOOL_TOKENS = 32;
/**
 * Most that one image can cost. OpenAI: 2,833 + 8 tiles of 5,667 (gpt-4o-mini, high detail). Anthropic: about 4,784 at
 * the largest edge its models take. Gemini: 258 for each of at most 16 tiles.
 */
const IMAGE_TOKENS_MAX: Record<ProviderName, number> = { openai: 48_169, anthropic: 5_000, gemini: 4_200 };
/** No known text has more bytes per token on average; beyond it the text can't fit and is refused here. */
const BYTES_PER_TOKEN_MAX = 8;
/** Less output than this is not worth a request. */
const USEFUL_OUTPUT_TOKENS = 16;
/** Output that a hold covers at first, and by which it grows. */
const SLICE_TOKENS = 1_024;

export interface Bounds {
  inputTokensMax: number;
  /** What the input probably is, for settlements where the provider names no usage. */
  inputTokensEstimate: number;
  outputTokensCap: number;
  outputTokensMin: number;
  outputTokensSlice: number;
  choices: number;
}

/** @throws ApiError `context_length_exceeded` when the text can't fit into the model's context */
export function bound(request: ChatRequest, { model }: Deployment, principal: Principal): Bounds {
  const input = measureInput(request);
  if (input.textBytes > BYTES_PER_TOKEN_MAX * model.contextTokens)
    throw proxyError('context_length_exceeded', {
      message: `This model's maximum context length is ${model.contextTokens} tokens. Your messages have ${input.textBytes} bytes of text, which is more than can fit. Please reduce their length.`,
      param: 'messages',
    });
  const tools = request.tools?.length ?? 0;
  const overhead =
    PER_REQUEST_TOKENS +
    request.messages.length * PER_MESSAGE_TOKENS +
    (tools > 0 ? TOOLS_TOKENS + tools * PER_TOOL_TOKENS : 0);
  const counted = input.textBytes + input.images * IMAGE_TOKENS_MAX[model.provider] + overhead;
  const inputTokensMax = input.unbounded ? model.contextTokens : Math.min(counted, model.contextTokens);
  const probable =
    Math.ceil((input.textBytes + input.fileBytes) / BYTES_PER_TOKEN) + input.images * TYPICAL_IMAGE_TOKENS;
  const outputTokensCap = outputCap(request, model.outputTokensMax, principal.outputCapTokens);
  // Output that can't be watched while it is made has to be held whole.
  const watched = request.stream === true && model.reasoning !== 'hidden';
  return {
    inputTokensMax,
    inputTokensEstimate: Math.min(probable, inputTokensMax),
    outputTokensCap,
    outputTokensMin: Math.min(outputTokensCap, USEFUL_OUTPUT_TOKENS),
    outputTokensSlice: watched ? Math.min(outputTokensCap, SLICE_TOKENS) : outputTokensCap,
    choices: request.n ?? 1,
  };
}

/** The client's cap, else the product's default (0: none), never more than the model can. */
function outputCap(request: ChatRequest, modelMax: number, productDefault: number): number {
  const wanted = request.max_completion_tokens ?? request.max_tokens ?? (productDefault || modelMax);
  return Math.min(wanted, modelMax);
}

interface InputSize {
  textBytes: number;
  images: number;
  fileBytes: number;
  /** Something is in it whose tokens don't follow from its bytes (a document's pages, a file kept elsewhere). */
  unbounded: boolean;
}

/** Everything that a provider may read as text: all strings and keys but the data of images, audio and files. */
function measureInput(request: ChatRequest): InputSize {
  const size: InputSize = { textBytes: 0, images: 0, fileBytes: 0, unbounded: false };
  // A list of things still to look at instead of recursion: a deeply nested body must not exhaust the stack.
  const { messages, ...rest } = request;
  const open: unknown[] = [rest];
  for (const { content, ...message } of messages) {
    open.push(message);
    // Only a content part can be an image or a file: an object that looks like one elsewhere is read as text.
    if (Array.isArray(content)) for (const part of content) open.push(measureMedia(part, size));
    else open.push(content);
  }
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string') size.textBytes += Buffer.byteLength(value);
    else if (typeof value === 'number') size.textBytes += 24;
    else if (typeof value === 'boolean') size.textBytes += 5;
    else if (Array.isArray(value)) for (const item of value) open.push(item);
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value)) {
        size.textBytes += Buffer.byteLength(key) + 4;
        open.push(item);
      }
  }
  return size;
}

/** Count the data of a content part that is no text. @returns what else is in the part */
function measureMedia(part: Record<string, unknown>, size: InputSize): unknown {
  if (part.type === 'image_url') {
    const url = (part.image_url as { url?: unknown } | null)?.url;
    if (typeof url === 'string' && /^(data:image\/|https?:)/i.test(url)) size.images += 1;
    else size.unbounded = true;
    return withoutData(part, 'image_url', 'url');
  }
  if (part.type === 'input_audio') return measureFile(part, 'input_audio', 'data', size);
  if (part.type === 'file') return measureFile(part, 'file', 'file_data', size);
  return part;
}

function measureFile(part: Record<string, unknown>, container: string, key: string, size: InputSize): unknown {
  const data = (part[container] as Record<string, unknown> | null)?.[key];
  size.unbounded = true;
  if (typeof data === 'string') size.fileBytes += data.length;
  return withoutData(part, container, key);
}

function withoutData(part: Record<string, unknown>, container: string, key: string): unknown {
  return { ...part, [container]: { ...(part[container] as object), [key]: null } };
}
