/** `reasoning_effort` in Anthropic's terms. */
import type { ChatCall } from '../provider.ts';
import { UnsupportedField } from '../request-fields.ts';
import { abilitiesOf } from './model.ts';
import type { OutputConfig, Thinking } from './wire.ts';

const BUDGET_TOKENS_MIN = 1024;
/** Thinking counts against the cap, and the answer has to find room too. */
const SHARE_OF_CAP = 0.8;
const BUDGET_TOKENS: Record<string, number> = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 24_576,
  xhigh: 32_768,
  max: 65_536,
};
const EFFORT: Record<string, NonNullable<OutputConfig['effort']>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max',
};

export interface ThinkingFields {
  thinking?: Thinking;
  effort?: NonNullable<OutputConfig['effort']>;
}

/**
 * A client that speaks plain OpenAI doesn't send thinking blocks back, and Anthropic refuses to go on thinking with a
 * budget in the middle of a tool loop without them.
 */
function isToolLoopWithoutThinking({ messages }: ChatCall['request']): boolean {
  const last = messages.at(-1);
  if (last?.role !== 'tool') return false;
  const asked = messages.findLast((message) => message.role === 'assistant');
  return asked !== undefined && !(Array.isArray(asked.thinking_blocks) && asked.thinking_blocks.length > 0);
}

/** The client's own cap has to be above the smallest budget that Anthropic takes. */
function checkRoom(request: ChatCall['request']): void {
  const param = typeof request.max_completion_tokens === 'number' ? 'max_completion_tokens' : 'max_tokens';
  const cap = request[param];
  if (typeof cap !== 'number' || cap > BUDGET_TOKENS_MIN) return;
  throw new UnsupportedField(
    param,
    `To reason this model needs more than ${BUDGET_TOKENS_MIN} tokens: raise it, or leave reasoning_effort out.`,
  );
}

export function thinkingOf({ request, upstreamModel, outputTokensCap }: ChatCall): ThinkingFields {
  const effort = request.reasoning_effort ?? undefined;
  if (effort === undefined) return {};
  const abilities = abilitiesOf(upstreamModel);
  if (effort === 'none') return abilities.thinking === 'none' ? {} : { thinking: { type: 'disabled' } };
  const level = Object.hasOwn(EFFORT, effort) ? EFFORT[effort] : undefined;
  const budget = Object.hasOwn(BUDGET_TOKENS, effort) ? BUDGET_TOKENS[effort] : undefined;
  if (level === undefined || budget === undefined) {
    throw new UnsupportedField('reasoning_effort', `Use one of none, ${Object.keys(EFFORT).join(', ')}.`);
  }
  if (abilities.thinking === 'none') throw new UnsupportedField('reasoning_effort', 'This model does not reason.');
  // Without `display` newer models keep their thinking to themselves.
  if (abilities.thinking === 'adaptive')
    return { thinking: { type: 'adaptive', display: 'summarized' }, effort: level };
  checkRoom(request);
  // A ceiling this low is the end of a budget, which cuts the answer as well.
  if (outputTokensCap <= BUDGET_TOKENS_MIN || isToolLoopWithoutThinking(request)) return {};
  const lowered = Math.max(BUDGET_TOKENS_MIN, Math.min(budget, Math.floor(outputTokensCap * SHARE_OF_CAP)));
  return { thinking: { type: 'enabled', budget_tokens: lowered } };
}
