/**
 * Step 4. How much a request can use at most: what the reservation is made for.
 *
 * Input: a token of text is at least one byte, so UTF-8 bytes are an upper bound of text tokens (about four times the
 * true count). What providers add around it is covered by constants. The model's context is an upper bound in any case:
 * an upstream refuses what is longer.
 */
import type { Principal, ProviderName, Reach } from '@cloudfreedom/contracts';
import { proxyError } from '../errors.ts';
import type { Deployment } from '../models/deployment.ts';
import type { InputSize, Media } from '../surfaces/input-size.ts';
import type { Demand } from '../surfaces/surface.ts';
import { estimateInput } from './estimate.ts';
import { type ModelName, mediaTokens, unknownImageTokens } from './media-tokens.ts';
import { reachOf, searchesAlways } from './reach.ts';

/** Role markers and separators around each message; the largest known is 7. */
const PER_MESSAGE_TOKENS = 16;
/** Start and end markers of a request. */
const PER_REQUEST_TOKENS = 64;
/** Instructions that a provider adds when there are tools (Anthropic publishes up to 804), and around each tool. */
const TOOLS_TOKENS = 1_000;
const PER_TOOL_TOKENS = 32;
/** No known text has more bytes per token on average; beyond it the text can't fit and is refused here. */
const BYTES_PER_TOKEN_MAX = 8;
/** Less output than this is not worth a request; a model that reasons needs some before its first word. */
const USEFUL_OUTPUT_TOKENS = 16;
const USEFUL_REASONING_TOKENS = 512;
/** Output that a hold covers at first, and by which it grows. */
const SLICE_TOKENS = 1_024;
/** Half a second of the fastest models; Gemini sends larger pieces. */
const RUN_AHEAD_TOKENS: Record<ProviderName, number> = { openai: 128, anthropic: 128, gemini: 256 };

export interface Bounds {
  inputTokensMax: number;
  /** What the input probably is, for settlements where the provider names no usage. */
  inputTokensEstimate: number;
  outputTokensCap: number;
  outputTokensMin: number;
  outputTokensSlice: number;
  /** Of what is held, kept free for what an upstream makes before it stops. */
  runAheadTokens: number;
  /** A stream doesn't show all of it. */
  outputHidden: boolean;
  choices: number;
  /** undefined: plain tokens alone. */
  reach: Reach | undefined;
}

/** What nothing in a request bounds: set by whoever runs the proxy. */
export interface ServerToolLimits {
  /** 0: server tools are refused. */
  serverToolCallsMax: number;
  /** Input that one call's result may add. */
  serverToolResultTokens: number;
}

/**
 * @throws ApiError `context_length_exceeded` when the text can't fit into the model's context, `unsupported_parameter` for
 * what has no price or no bound
 */
export function bound(
  { input, inputField, extras, ...output }: Demand,
  deployment: Deployment,
  asked: { streamed: boolean; principal: Principal; limits: ServerToolLimits },
): Bounds {
  const { model } = deployment;
  const { streamed, principal, limits } = asked;
  const contextTokens = model.contextTokens * input.contexts;
  if (input.textBytes > BYTES_PER_TOKEN_MAX * contextTokens)
    throw proxyError('context_length_exceeded', {
      message: `This model's maximum context length is ${model.contextTokens} tokens. Your messages have ${input.textBytes} bytes of text, which is more than can fit. Please reduce their length.`,
      param: inputField,
    });
  const reach = reachOf(extras, deployment, limits);
  const named = { api: deployment.api, upstreamModel: model.upstreamModel };
  const prompt = promptTokensMax(input, named, contextTokens);
  const inputTokensMax = withToolResults(prompt, named, reach?.serverToolCallsMax ?? 0, limits);
  const outputTokensCap = outputCap(output.outputTokensWanted, model.outputTokensMax, principal.outputCapTokens);
  // Output that can't be watched while it is made has to be held whole.
  const heard = reach?.rareMeters.some((meter) => meter === 'output_audio' || meter === 'output_image') ?? false;
  const outputHidden = output.outputHidden || model.reasoning === 'hidden' || heard;
  const watched = streamed && !outputHidden;
  const useful = model.reasoning === 'none' ? USEFUL_OUTPUT_TOKENS : USEFUL_REASONING_TOKENS;
  const runAheadTokens = RUN_AHEAD_TOKENS[deployment.api];
  return {
    inputTokensMax,
    inputTokensEstimate: Math.min(estimateInput(input), inputTokensMax),
    outputTokensCap,
    outputTokensMin: Math.min(outputTokensCap, Math.max(useful, output.outputTokensMin)),
    outputTokensSlice: watched ? Math.min(outputTokensCap, SLICE_TOKENS + runAheadTokens) : outputTokensCap,
    runAheadTokens,
    outputHidden,
    choices: output.choices,
    reach,
  };
}

function promptTokensMax(input: InputSize, model: ModelName, contextTokens: number): number {
  const overhead =
    PER_REQUEST_TOKENS +
    input.messages * PER_MESSAGE_TOKENS +
    (input.tools > 0 ? TOOLS_TOKENS + input.tools * PER_TOOL_TOKENS : 0);
  const media = input.media.map((one: Media) => mediaTokens(one, model));
  if (input.unbounded) return contextTokens;
  const counted = input.countedTokens ?? contextTokens;
  if (media.includes(null)) return Math.min(counted, contextTokens);
  const seen = media.reduce<number>((sum, tokens) => sum + (tokens ?? 0), input.images * unknownImageTokens(model));
  return Math.min(input.textBytes + seen + overhead, counted, contextTokens);
}

/**
 * After each call everything is read once more, with all results so far; Gemini only adds what it read to the prompt, and
 * OpenAI's search models charge no tokens for it.
 */
function withToolResults(prompt: number, model: ModelName, calls: number, limits: ServerToolLimits): number {
  const { serverToolResultTokens: result } = limits;
  if (calls === 0 || searchesAlways(model)) return prompt;
  if (model.api === 'gemini') return prompt + calls * result;
  return prompt * (calls + 1) + (result * calls * (calls + 1)) / 2;
}

/** The client's cap, else the product's default (0: none), never more than the model can. */
function outputCap(wanted: number | null, modelMax: number, productDefault: number): number {
  return Math.min(wanted ?? (productDefault || modelMax), modelMax);
}
