/**
 * Token counts where the provider names none (a cut stream, a client that hung up). Estimates are marked as such and
 * settled as such. Rules of thumb, all documented here:
 */
import { INPUT_METERS, type MeterCounts, type Usage } from '@cloudfreedom/contracts';
import type { InputSize } from '../surfaces/input-size.ts';

/** Bytes of English or German text per token, for settlements. */
const BYTES_PER_TOKEN = 4;
/** For running ahead with the hold: fewer bytes per token, so that the hold grows rather early than late. */
export const BYTES_PER_TOKEN_AHEAD = 3;
const TYPICAL_IMAGE_TOKENS = 1_000;
/** Output nobody can see (an answer in one piece, hidden reasoning) while the provider works on it. */
const UNSEEN_TOKENS_PER_SECOND = 50;

/** Input tokens that a request probably has. */
export function estimateInput({ textBytes, fileBytes, images }: InputSize): number {
  return Math.ceil((textBytes + fileBytes) / BYTES_PER_TOKEN) + images * TYPICAL_IMAGE_TOKENS;
}

/** Output that was probably produced in this time without being seen, at most the cap of all choices. */
export function unseenOutputTokens(elapsedMs: number, capTokens: number): number {
  return Math.min(capTokens, Math.ceil((elapsedMs / 1000) * UNSEEN_TOKENS_PER_SECOND));
}

export function visibleOutputTokens(outputBytes: number): number {
  return Math.ceil(outputBytes / BYTES_PER_TOKEN);
}

/** What the provider named so far, completed by estimates; what it named counts at least. */
export function estimateUsage(
  named: MeterCounts | null,
  guess: { inputTokens: number; outputTokens: number },
): Usage & { basis: 'estimated' } {
  const input = INPUT_METERS.some((meter) => named?.[meter] !== undefined) ? {} : { uncached_input: guess.inputTokens };
  const text = Math.max(named?.output_text ?? 0, guess.outputTokens - (named?.reasoning ?? 0));
  return { basis: 'estimated', meters: { ...named, ...input, output_text: text } };
}
