import { bytesOf } from '../chunk.ts';
import { annotationsOf, type Citation } from '../citation.ts';
import { malformedAnswer } from '../failure.ts';
import { isObject, type JsonObject, objectsIn, parseJson, textIn } from '../json.ts';
import type { Answer, AnswerContext, UpstreamFailure } from '../provider.ts';
import { readServiceTier } from '../service-tier.ts';
import { createCitationCount } from './citation.ts';
import { failureOf } from './error.ts';
import { readUsage } from './usage.ts';

const FINISH_REASONS: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

/** OpenAI's word for Anthropic's; one that is new here ended the answer too. */
export function finishReasonOf(stopReason: string): string {
  return FINISH_REASONS[stopReason] ?? 'stop';
}

/** What has to come back in the next turn of a tool loop, as it came. Null for other blocks. */
export function thinkingBlockOf(block: JsonObject): JsonObject | null {
  if (block.type === 'redacted_thinking') return { type: block.type, data: textIn(block.data) };
  if (block.type !== 'thinking') return null;
  return { type: block.type, thinking: textIn(block.thinking), signature: textIn(block.signature) };
}

function citationsOf(blocks: JsonObject[]): Citation[] {
  const count = createCitationCount();
  return blocks.flatMap((block) => {
    if (block.type !== 'text') return [];
    count.addText(textIn(block.text));
    for (const citation of objectsIn(block.citations)) count.addCitation(citation);
    return count.endBlock();
  });
}

/** Blocks of server tools (searches and their results) have no place in OpenAI's message; they are metered. */
function messageOf(blocks: JsonObject[]) {
  const text = blocks.map((block) => (block.type === 'text' ? textIn(block.text) : '')).join('');
  const thinkingBlocks = blocks.map(thinkingBlockOf).filter((block) => block !== null);
  const reasoning = thinkingBlocks.map((block) => textIn(block.thinking)).join('');
  const calls = blocks
    .filter((block) => block.type === 'tool_use')
    .map((block) => ({
      id: textIn(block.id),
      type: 'function',
      function: { name: textIn(block.name), arguments: JSON.stringify(block.input ?? {}) },
    }));
  const message = {
    role: 'assistant',
    content: text || calls.length === 0 ? text : null,
    refusal: null,
    ...annotationsOf(citationsOf(blocks)),
    ...(reasoning ? { reasoning_content: reasoning } : {}),
    ...(thinkingBlocks.length > 0 ? { thinking_blocks: thinkingBlocks } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return { message, outputBytes: bytesOf(text, reasoning, ...calls.map((call) => call.function.arguments)) };
}

export function readAnswer(body: string, context: AnswerContext): Answer | { failure: UpstreamFailure } {
  const parsed = parseJson(body);
  if (!isObject(parsed)) return { failure: malformedAnswer('The provider sent an answer that could not be read.') };
  if (isObject(parsed.error)) return { failure: failureOf(parsed.error, 0) };
  if (!Array.isArray(parsed.content)) {
    return { failure: malformedAnswer('The provider sent an answer without content.') };
  }
  const { message, outputBytes } = messageOf(objectsIn(parsed.content));
  const finishReason = finishReasonOf(textIn(parsed.stop_reason));
  return {
    completion: {
      id: context.completionId,
      object: 'chat.completion',
      created: context.created,
      model: context.publicModel,
      choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason }],
    },
    meters: isObject(parsed.usage) ? readUsage(parsed.usage) : null,
    serviceTier: isObject(parsed.usage) ? readServiceTier(parsed.usage.service_tier) : null,
    finishReason,
    outputBytes,
  };
}
