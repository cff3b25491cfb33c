/** Usage in OpenAI's shape, with our charge beside it. */
import type { ChargeNote } from '@cloudfreedom/contracts';
import type { Ending, StopReason } from '../surface.ts';

interface ChatUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens: number };
  completion_tokens_details?: { reasoning_tokens: number };
  cloudfreedom?: Partial<ChargeNote> & { stopped?: StopReason };
}

export function chatUsage({ meters, note, stopped }: Ending): ChatUsage {
  const prompt = (meters.uncached_input ?? 0) + (meters.cache_read ?? 0) + (meters.cache_write ?? 0);
  const completion = (meters.output_text ?? 0) + (meters.reasoning ?? 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(meters.cache_read === undefined ? {} : { prompt_tokens_details: { cached_tokens: meters.cache_read } }),
    ...(meters.reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: meters.reasoning } }),
    ...(note || stopped ? { cloudfreedom: { ...note, ...(stopped ? { stopped } : {}) } } : {}),
  };
}
