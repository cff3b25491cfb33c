/** The `response` object of OpenAI's Responses API as the client gets it, around output that is still to come. */
import { INPUT_METERS, type Meter, OUTPUT_METERS } from '@cloudfreedom/contracts';
import type { ApiError } from '@cloudfreedom/service-kit';
import type { JsonObject } from '../../providers/json.ts';
import type { ResponsesRequest } from '../../providers/responses-request.ts';
import type { Ending } from '../surface.ts';

export interface ResponseStamp {
  id: string;
  /** Unix seconds. */
  created: number;
  /** Public model name. */
  model: string;
  /** It will be there for `previous_response_id`. */
  stored: boolean;
}

/** What the request says of itself, with OpenAI's defaults; no output and no usage yet. */
export function responseObject(request: ResponsesRequest, stamp: ResponseStamp): JsonObject {
  return {
    id: stamp.id,
    object: 'response',
    created_at: stamp.created,
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request.max_tool_calls ?? null,
    model: stamp.model,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: request.reasoning?.summary ?? null },
    safety_identifier: request.safety_identifier ?? null,
    service_tier: 'default',
    store: stamp.stored,
    temperature: request.temperature ?? 1,
    text: { ...request.text, format: request.text?.format ?? { type: 'text' } },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_logprobs: request.top_logprobs ?? 0,
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? 'disabled',
    usage: null,
    user: request.user ?? null,
    metadata: request.metadata ?? {},
  };
}

/** Usage in the API's own words, with our charge beside it. */
export function responseUsage({ meters, note, stopped }: Ending): JsonObject {
  const sum = (counted: readonly Meter[]) => counted.reduce((tokens, meter) => tokens + (meters[meter] ?? 0), 0);
  const input = sum(INPUT_METERS);
  const output = sum(OUTPUT_METERS);
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: meters.cache_read ?? 0,
      cache_write_tokens: (meters.cache_write ?? 0) + (meters.cache_write_1h ?? 0),
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: meters.reasoning ?? 0 },
    total_tokens: input + output,
    ...(note || stopped ? { cloudfreedom: { ...note, ...(stopped ? { stopped } : {}) } } : {}),
  };
}

/** How a response stands when its output is whole, by OpenAI's word for the end of a chat. */
export function endOf(finishReason: string | null): {
  status: 'completed' | 'incomplete';
  incomplete_details: unknown;
} {
  if (finishReason === 'length') return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
  if (finishReason === 'content_filter')
    return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
  return { status: 'completed', incomplete_details: null };
}

/** The two events of a response that failed: OpenAI's SDKs throw at the first, others look at the second. */
export function failureEvents(response: JsonObject, error: ApiError): JsonObject[] {
  const { error: body } = error.body();
  const { message, code } = body;
  return [
    { type: 'error', code, message, param: body.param ?? null, error: body },
    { type: 'response.failed', response: { ...response, status: 'failed', error: { code, message } } },
  ];
}

/** The tier that was served, in OpenAI's word. */
export function servedTier({ serviceTier }: Ending): { service_tier?: string } {
  if (serviceTier === null) return {};
  return { service_tier: serviceTier === 'standard' ? 'default' : serviceTier };
}
