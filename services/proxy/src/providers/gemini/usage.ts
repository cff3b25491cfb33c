import type { MeterCounts } from '@cloudfreedom/contracts';
import { countIn, type JsonObject } from '../json.ts';

/**
 * `promptTokenCount` includes what came from the cache; what server tools read into the prompt comes on top of it and is
 * billed as input; thoughts come on top of the candidates.
 * @param final the answer ended. Gemini leaves a count out that is 0, so only then the total tells 0 from unknown.
 * @returns null where it names nothing
 */
export function readUsage(usage: JsonObject, final: boolean): MeterCounts | null {
  const prompt = countIn(usage.promptTokenCount);
  const candidates = countIn(usage.candidatesTokenCount);
  const thoughts = countIn(usage.thoughtsTokenCount);
  const cacheRead = countIn(usage.cachedContentTokenCount);
  const toolUse = countIn(usage.toolUsePromptTokenCount) ?? 0;
  const total = countIn(usage.totalTokenCount);
  const meters: MeterCounts = {};
  if (prompt !== undefined) meters.uncached_input = Math.max(0, prompt - (cacheRead ?? 0)) + toolUse;
  if (cacheRead !== undefined) meters.cache_read = cacheRead;
  if (candidates !== undefined) {
    meters.output_text = candidates;
  } else if (final && total !== undefined && prompt !== undefined) {
    meters.output_text = Math.max(0, total - prompt - toolUse - (thoughts ?? 0));
  }
  if (thoughts !== undefined) meters.reasoning = thoughts;
  return Object.keys(meters).length > 0 ? meters : null;
}
