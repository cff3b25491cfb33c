import type { MeterCounts } from '@cloudfreedom/contracts';
import { countIn, isObject, type JsonObject } from '../json.ts';

/** Anthropic's usage: the later event of a stream overrides the earlier one field by field. */
export function mergeUsage(earlier: JsonObject, later: unknown): JsonObject {
  if (!isObject(later)) return earlier;
  const named = Object.entries(later).filter(([, value]) => value !== null && value !== undefined);
  return { ...earlier, ...Object.fromEntries(named) };
}

/**
 * `input_tokens` excludes the cache, `output_tokens` includes thinking; how much of it is thinking only newer models say.
 * @returns null where it names neither
 */
export function readUsage(usage: JsonObject): MeterCounts | null {
  const input = countIn(usage.input_tokens);
  const output = countIn(usage.output_tokens);
  if (input === undefined && output === undefined) return null;
  const cacheRead = countIn(usage.cache_read_input_tokens);
  const cacheWrite = countIn(usage.cache_creation_input_tokens);
  const written = isObject(usage.cache_creation) ? usage.cache_creation : {};
  const hourly = Math.min(countIn(written.ephemeral_1h_input_tokens) ?? 0, cacheWrite ?? 0);
  const details = isObject(usage.output_tokens_details) ? usage.output_tokens_details : {};
  const thinking = countIn(details.thinking_tokens);
  const serverTools = isObject(usage.server_tool_use) ? usage.server_tool_use : {};
  // Only searches have a fee per call; fetching a page costs its tokens.
  const searches = countIn(serverTools.web_search_requests);
  const meters: MeterCounts = {};
  if (input !== undefined) meters.uncached_input = input;
  if (cacheRead !== undefined) meters.cache_read = cacheRead;
  if (cacheWrite !== undefined) meters.cache_write = Math.max(0, cacheWrite - hourly);
  if (hourly > 0) meters.cache_write_1h = hourly;
  if (output !== undefined) meters.output_text = Math.max(0, output - (thinking ?? 0));
  if (thinking !== undefined) meters.reasoning = thinking;
  if (searches !== undefined) meters.server_tool_call = searches;
  return meters;
}
