/** Usage in OpenAI's shape, with our charge beside it. */
import { type ChargeNote, INPUT_METERS, type Meter, type MeterCounts, OUTPUT_METERS } from '@cloudfreedom/contracts';
import type { Ending, StopReason } from '../surface.ts';

interface ChatUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens?: number; audio_tokens?: number };
  completion_tokens_details?: { reasoning_tokens?: number; audio_tokens?: number };
  cloudfreedom?: Partial<ChargeNote> & { stopped?: StopReason };
}

function sumOf(meters: MeterCounts, names: readonly Meter[]): number {
  return names.reduce((sum, name) => sum + (meters[name] ?? 0), 0);
}

/** Without what is unknown; nothing where all of it is. */
function detailsOf(name: string, counts: Record<string, number | undefined>): object {
  const known = Object.entries(counts).filter(([, count]) => count !== undefined);
  return known.length > 0 ? { [name]: Object.fromEntries(known) } : {};
}

/** OpenAI's field of an answer. */
export function servedTier({ serviceTier }: Ending): { service_tier?: string } {
  if (serviceTier === null) return {};
  return { service_tier: serviceTier === 'standard' ? 'default' : serviceTier };
}

export function chatUsage({ meters, note, stopped }: Ending): ChatUsage {
  const prompt = sumOf(meters, INPUT_METERS);
  const completion = sumOf(meters, OUTPUT_METERS);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...detailsOf('prompt_tokens_details', { cached_tokens: meters.cache_read, audio_tokens: meters.input_audio }),
    ...detailsOf('completion_tokens_details', {
      reasoning_tokens: meters.reasoning,
      audio_tokens: meters.output_audio,
    }),
    ...(note || stopped ? { cloudfreedom: { ...note, ...(stopped ? { stopped } : {}) } } : {}),
  };
}
