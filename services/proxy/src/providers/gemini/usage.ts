import type { MeterCounts } from '@cloudfreedom/contracts';
import { countIn, type JsonObject, objectsIn } from '../json.ts';

/** Tokens of one kind in a list of counts by modality. */
function tokensOf(details: unknown, modality: 'AUDIO' | 'IMAGE'): number {
  return objectsIn(details).reduce(
    (sum, detail) => sum + (detail.modality === modality ? (countIn(detail.tokenCount) ?? 0) : 0),
    0,
  );
}

/**
 * `promptTokenCount` includes what came from the cache; what server tools read into the prompt comes on top of it and is
 * billed as input; thoughts come on top of the candidates. Audio from the cache counts as cached.
 * @param final the answer ended. Gemini leaves a count out that is 0, so only then the total tells 0 from unknown.
 * @param searches fees that the usage does not name
 * @returns null where it names nothing
 */
export function readUsage(usage: JsonObject, final: boolean, searches: number): MeterCounts | null {
  const prompt = countIn(usage.promptTokenCount);
  const candidates = countIn(usage.candidatesTokenCount);
  const thoughts = countIn(usage.thoughtsTokenCount);
  const cacheRead = countIn(usage.cachedContentTokenCount);
  const toolUse = countIn(usage.toolUsePromptTokenCount) ?? 0;
  const total = countIn(usage.totalTokenCount);
  const meters: MeterCounts = {};
  const uncached = Math.max(0, (prompt ?? 0) - (cacheRead ?? 0));
  const heard = tokensOf(usage.promptTokensDetails, 'AUDIO') - tokensOf(usage.cacheTokensDetails, 'AUDIO');
  const audioIn = Math.min(Math.max(0, heard), uncached);
  if (prompt !== undefined) meters.uncached_input = uncached - audioIn + toolUse;
  if (audioIn > 0) meters.input_audio = audioIn;
  if (cacheRead !== undefined) meters.cache_read = cacheRead;
  if (candidates !== undefined) {
    const images = Math.min(tokensOf(usage.candidatesTokensDetails, 'IMAGE'), candidates);
    const audioOut = Math.min(tokensOf(usage.candidatesTokensDetails, 'AUDIO'), candidates - images);
    meters.output_text = candidates - images - audioOut;
    if (images > 0) meters.output_image = images;
    if (audioOut > 0) meters.output_audio = audioOut;
  } else if (final && total !== undefined && prompt !== undefined) {
    meters.output_text = Math.max(0, total - prompt - toolUse - (thoughts ?? 0));
  }
  if (thoughts !== undefined) meters.reasoning = thoughts;
  if (Object.keys(meters).length === 0) return null;
  return searches > 0 ? { ...meters, server_tool_call: searches } : meters;
}
