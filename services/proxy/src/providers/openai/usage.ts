import type { MeterCounts } from '@cloudfreedom/contracts';
import { countIn, isObject, type JsonObject } from '../json.ts';

/**
 * `prompt_tokens` includes cache reads and writes, `completion_tokens` includes reasoning. Audio is part of both.
 * @returns null where it names neither
 */
export function readUsage(usage: JsonObject): MeterCounts | null {
  const prompt = countIn(usage.prompt_tokens);
  const completion = countIn(usage.completion_tokens);
  if (prompt === undefined && completion === undefined) return null;
  const inputDetails = isObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const outputDetails = isObject(usage.completion_tokens_details) ? usage.completion_tokens_details : {};
  const cacheRead = countIn(inputDetails.cached_tokens);
  const cacheWrite = countIn(inputDetails.cache_write_tokens);
  const reasoning = countIn(outputDetails.reasoning_tokens);
  const meters: MeterCounts = {};
  if (prompt !== undefined) meters.uncached_input = Math.max(0, prompt - (cacheRead ?? 0) - (cacheWrite ?? 0));
  if (cacheRead !== undefined) meters.cache_read = cacheRead;
  if (cacheWrite !== undefined) meters.cache_write = cacheWrite;
  if (completion !== undefined) meters.output_text = Math.max(0, completion - (reasoning ?? 0));
  if (reasoning !== undefined) meters.reasoning = reasoning;
  return meters;
}
