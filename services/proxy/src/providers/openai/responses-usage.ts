import type { MeterCounts } from '@cloudfreedom/contracts';
import { bytesOf } from '../chunk.ts';
import { countIn, isObject, type JsonObject, objectsIn, textIn } from '../json.ts';
import { readServiceTier } from '../service-tier.ts';

/**
 * `input_tokens` includes cache reads and writes, `output_tokens` includes reasoning.
 * @returns null where it names neither
 */
function readUsage(response: JsonObject): MeterCounts | null {
  const { usage } = response;
  if (!isObject(usage)) return null;
  const input = countIn(usage.input_tokens);
  const output = countIn(usage.output_tokens);
  if (input === undefined && output === undefined) return null;
  const inputDetails = isObject(usage.input_tokens_details) ? usage.input_tokens_details : {};
  const outputDetails = isObject(usage.output_tokens_details) ? usage.output_tokens_details : {};
  const cacheRead = countIn(inputDetails.cached_tokens);
  const cacheWrite = countIn(inputDetails.cache_write_tokens);
  const reasoning = countIn(outputDetails.reasoning_tokens);
  const meters: MeterCounts = {};
  if (input !== undefined) meters.uncached_input = Math.max(0, input - (cacheRead ?? 0) - (cacheWrite ?? 0));
  if (cacheRead !== undefined) meters.cache_read = cacheRead;
  if (cacheWrite !== undefined) meters.cache_write = cacheWrite;
  if (output !== undefined) meters.output_text = Math.max(0, output - (reasoning ?? 0));
  if (reasoning !== undefined) meters.reasoning = reasoning;
  const searches = searchesIn(response);
  if (searches > 0) meters.server_tool_call = searches;
  return meters;
}

/** OpenAI's word for the end of a chat. */
function finishReasonOf(response: JsonObject): string {
  const { incomplete_details: why, output } = response;
  if (response.status === 'incomplete')
    return isObject(why) && why.reason === 'content_filter' ? 'content_filter' : 'length';
  return objectsIn(output).some(({ type }) => type === 'function_call') ? 'tool_calls' : 'stop';
}

/** UTF-8 bytes of what can be seen of an output item. */
function itemBytes(item: JsonObject): number {
  let bytes = bytesOf(textIn(item.arguments), textIn(item.input));
  for (const part of [...objectsIn(item.content), ...objectsIn(item.summary)])
    bytes += bytesOf(textIn(part.text), textIn(part.refusal));
  return bytes;
}

/** Pages that it opens or looks through in a search cost nothing. */
function searchesIn(response: JsonObject): number {
  const { tool_usage: tools, output } = response;
  const counted = isObject(tools) && isObject(tools.web_search) ? countIn(tools.web_search.num_requests) : undefined;
  const calls = objectsIn(output).filter(({ type }) => type === 'web_search_call');
  return counted ?? calls.filter(({ action }) => !isObject(action) || action.type === 'search').length;
}

export function outputBytesOf(response: JsonObject): number {
  return objectsIn(response.output).reduce((bytes, item) => bytes + itemBytes(item), 0);
}

/** What the last state of a response says. */
export function endOfResponse(response: JsonObject) {
  return {
    meters: readUsage(response),
    serviceTier: readServiceTier(response.service_tier),
    finishReason: finishReasonOf(response),
  };
}
