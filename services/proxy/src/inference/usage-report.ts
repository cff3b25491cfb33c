/** Usage in OpenAI's shape, with our charge beside it. */
import type { ChargeNote, MeterCounts } from '@cloudfreedom/contracts';
import type { StopReason } from './hold.ts';

export interface ChatUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: { cached_tokens: number };
  completion_tokens_details?: { reasoning_tokens: number };
  cloudfreedom?: Partial<ChargeNote> & { stopped?: StopReason };
}

/** @param note null: the settlement is still in the outbox, the charge not yet known */
export function chatUsage(meters: MeterCounts, note: ChargeNote | null, stopped: StopReason | null): ChatUsage {
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
