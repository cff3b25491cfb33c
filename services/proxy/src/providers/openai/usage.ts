import type { MeterCounts } from '@cloudfreedom/contracts';
import { countIn, isObject, type JsonObject } from '../json.ts';
import type { AnswerContext } from '../provider.ts';

/** Models that search before every answer; their usage does not say so. */
const SEARCHES_ALWAYS = /-search-/;

function searchesOf({ request, upstreamModel }: AnswerContext): { server_tool_call?: number } {
  return request.web_search_options || SEARCHES_ALWAYS.test(upstreamModel) ? { server_tool_call: 1 } : {};
}

/**
 * `prompt_tokens` includes cache reads, cache writes and audio, `completion_tokens` includes reasoning and audio.
 * @returns null where it names neither
 */
export function readUsage(usage: JsonObject, context: AnswerContext): MeterCounts | null {
  const prompt = countIn(usage.prompt_tokens);
  const completion = countIn(usage.completion_tokens);
  if (prompt === undefined && completion === undefined) return null;
  const inputDetails = isObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const outputDetails = isObject(usage.completion_tokens_details) ? usage.completion_tokens_details : {};
  const cacheRead = countIn(inputDetails.cached_tokens);
  const cacheWrite = countIn(inputDetails.cache_write_tokens);
  const reasoning = countIn(outputDetails.reasoning_tokens);
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  // Audio that came from the cache counts as cached.
  const audioIn = Math.min(countIn(inputDetails.audio_tokens) ?? 0, Math.max(0, (prompt ?? 0) - cached));
  const audioOut = Math.min(
    countIn(outputDetails.audio_tokens) ?? 0,
    Math.max(0, (completion ?? 0) - (reasoning ?? 0)),
  );
  const meters: MeterCounts = searchesOf(context);
  if (prompt !== undefined) meters.uncached_input = Math.max(0, prompt - cached - audioIn);
  if (audioIn > 0) meters.input_audio = audioIn;
  if (audioOut > 0) meters.output_audio = audioOut;
  if (cacheRead !== undefined) meters.cache_read = cacheRead;
  if (cacheWrite !== undefined) meters.cache_write = cacheWrite;
  if (completion !== undefined) meters.output_text = Math.max(0, completion - (reasoning ?? 0) - audioOut);
  if (reasoning !== undefined) meters.reasoning = reasoning;
  return meters;
}
