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
import type { Demand } from '../surfaces/surface.ts';
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
export function bound(
  { input, inputField, ...output }: Demand,
  { model, api }: Deployment,
  { streamed, principal }: { streamed: boolean; principal: Principal },
): Bounds {
  const contextTokens = model.contextTokens * input.contexts;
  if (input.textBytes > BYTES_PER_TOKEN_MAX * contextTokens)
    throw proxyError('context_length_exceeded', {
      message: `This model's maximum context length is ${model.contextTokens} tokens. Your messages have ${input.textBytes} bytes of text, which is more than can fit. Please reduce their length.`,
      param: inputField,
    });
  const overhead =
    PER_REQUEST_TOKENS +
    input.messages * PER_MESSAGE_TOKENS +
    (input.tools > 0 ? TOOLS_TOKENS + input.tools * PER_TOOL_TOKENS : 0);
  const counted = input.textBytes + input.images * IMAGE_TOKENS_MAX[api] + overhead;
  const inputTokensMax = input.unbounded ? contextTokens : Math.min(counted, contextTokens);
  const probable =
    Math.ceil((input.textBytes + input.fileBytes) / BYTES_PER_TOKEN) + input.images * TYPICAL_IMAGE_TOKENS;
  const outputTokensCap = outputCap(output.outputTokensWanted, model.outputTokensMax, principal.outputCapTokens);
  // Output that can't be watched while it is made has to be held whole.
  const watched = streamed && model.reasoning !== 'hidden';
  return {
    inputTokensMax,
    inputTokensEstimate: Math.min(probable, inputTokensMax),
    outputTokensCap,
    outputTokensMin: Math.min(outputTokensCap, Math.max(USEFUL_OUTPUT_TOKENS, output.outputTokensMin)),
    outputTokensSlice: watched ? Math.min(outputTokensCap, SLICE_TOKENS) : outputTokensCap,
    choices: output.choices,
  };
}

/** The client's cap, else the product's default (0: none), never more than the model can. */
function outputCap(wanted: number | null, modelMax: number, productDefault: number): number {
  return Math.min(wanted ?? (productDefault || modelMax), modelMax);
}
