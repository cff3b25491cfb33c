/** `x-ratelimit-*` as OpenAI sends them: of the limit per minute that has the least left. */
import type { LimitState } from './count.ts';

const NAMES = { requests_per_minute: 'requests', tokens_per_minute: 'tokens' } as const;

export function limitHeaders(states: readonly LimitState[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [kind, name] of Object.entries(NAMES)) {
    const tightest = states
      .filter((state) => state.kind === kind)
      .sort((one, other) => one.remaining - other.remaining || one.limit - other.limit)[0];
    if (!tightest) continue;
    headers[`x-ratelimit-limit-${name}`] = String(tightest.limit);
    headers[`x-ratelimit-remaining-${name}`] = String(Math.max(0, tightest.remaining));
    headers[`x-ratelimit-reset-${name}`] = durationText(tightest.resetMs);
  }
  return headers;
}

/** "120ms", "59.5s", "6m0s" */
function durationText(ms: number): string {
  const wholeMs = Math.max(0, Math.ceil(ms));
  if (wholeMs > 0 && wholeMs < 1_000) return `${wholeMs}ms`;
  const minutes = Math.floor(wholeMs / 60_000);
  const seconds = `${(wholeMs - minutes * 60_000) / 1000}s`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
