/** Usage in Anthropic's shape, with our charge beside it. */
import { type ChargeNote, INPUT_METERS, type Meter, type MeterCounts, OUTPUT_METERS } from '@cloudfreedom/contracts';
import type { Ending, StopReason } from '../surface.ts';

/** What is added to a usage; nothing where there is nothing to say. */
export function chargeOf({ note, stopped }: Ending): {
  cloudfreedom?: Partial<ChargeNote> & { stopped?: StopReason };
} {
  return note || stopped ? { cloudfreedom: { ...note, ...(stopped ? { stopped } : {}) } } : {};
}

function sumOf(meters: MeterCounts, names: readonly Meter[]): number {
  return names.reduce((sum, name) => sum + (meters[name] ?? 0), 0);
}

/** Input excludes the cache, output includes thinking. */
export function messagesUsage(ending: Ending) {
  const { meters } = ending;
  const cached = new Set<Meter>(['cache_read', 'cache_write', 'cache_write_1h']);
  return {
    input_tokens: sumOf(
      meters,
      INPUT_METERS.filter((meter) => !cached.has(meter)),
    ),
    cache_creation_input_tokens: sumOf(meters, ['cache_write', 'cache_write_1h']),
    cache_read_input_tokens: meters.cache_read ?? 0,
    output_tokens: sumOf(meters, OUTPUT_METERS),
    ...(meters.reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: meters.reasoning } }),
    ...(meters.server_tool_call === undefined
      ? {}
      : { server_tool_use: { web_search_requests: meters.server_tool_call } }),
    ...chargeOf(ending),
  };
}
