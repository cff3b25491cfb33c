/** `reasoning_effort` in Gemini's terms: a budget up to 2.5, a level from 3 on. */
import type { ChatCall } from '../provider.ts';
import { UnsupportedField } from '../request-fields.ts';
import type { ThinkingConfig } from './wire.ts';

const LEVELS = ['minimal', 'low', 'medium', 'high'];
/** Google's own translation of the efforts. */
const BUDGET_TOKENS: Record<string, number> = { none: 0, minimal: 1024, low: 1024, medium: 8192, high: 24_576 };
const BUDGET_TOKENS_MIN = 512;
/** Thinking counts against the cap, and the answer has to find room too. */
const SHARE_OF_CAP = 0.8;

/** Names that say no version are taken for new ones. */
export function versionOf(model: string): number {
  return Number(/gemini-(\d{1,2}(?:\.\d{1,2})?)/.exec(model)?.[1] ?? 99);
}

export function thinkingOf({ request, upstreamModel, outputTokensCap }: ChatCall): { thinkingConfig?: ThinkingConfig } {
  const effort = request.reasoning_effort ?? undefined;
  if (effort === undefined) return {};
  const version = versionOf(upstreamModel);
  if (version < 2.5) {
    if (effort === 'none') return {};
    throw new UnsupportedField('reasoning_effort', 'This model does not reason.');
  }
  if (version >= 3) {
    if (LEVELS.includes(effort)) return { thinkingConfig: { includeThoughts: true, thinkingLevel: effort } };
    throw new UnsupportedField('reasoning_effort', `This model always reasons: use one of ${LEVELS.join(', ')}.`);
  }
  const budget = Object.hasOwn(BUDGET_TOKENS, effort) ? BUDGET_TOKENS[effort] : undefined;
  if (budget === undefined) {
    throw new UnsupportedField('reasoning_effort', `Use one of ${Object.keys(BUDGET_TOKENS).join(', ')}.`);
  }
  if (budget === 0) return { thinkingConfig: { thinkingBudget: 0 } };
  const lowered = Math.min(budget, Math.floor(outputTokensCap * SHARE_OF_CAP));
  return {
    thinkingConfig: {
      includeThoughts: true,
      ...(lowered >= BUDGET_TOKENS_MIN ? { thinkingBudget: lowered } : {}),
    },
  };
}
