/** An answer in OpenAI's chat form as Anthropic's message. */
import { isObject, type JsonObject, objectsIn, parseJson, textIn } from '../../providers/json.ts';
import type { ChatCompletion } from '../../providers/provider.ts';
import { foreignSignature } from './foreign-signature.ts';

/** What an answer is called. */
export interface MessageHead {
  id: string;
  /** Public model name. */
  model: string;
}

const STOP_REASONS: Record<string, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'refusal',
};

/** The other providers don't say which stop sequence ended an answer: that is `end_turn` too. */
export function stopReasonOf(finishReason: string | null, refused: boolean): string {
  return refused ? 'refusal' : (STOP_REASONS[finishReason ?? ''] ?? 'end_turn');
}

/** Without `usage`. */
export function messageOf({ choices }: ChatCompletion, head: MessageHead): JsonObject {
  const [first] = objectsIn(choices);
  const message = isObject(first?.message) ? first.message : {};
  const refusal = textIn(message.refusal);
  const text = textIn(message.content) + refusal + objectsIn(message.images).map(imageText).join('');
  const reasoning = textIn(message.reasoning_content);
  const calls = objectsIn(message.tool_calls);
  const signature = calls.map(signatureOf).find(Boolean) ?? '';
  return {
    ...head,
    type: 'message',
    role: 'assistant',
    content: [
      ...(reasoning || signature ? [thinkingBlock(reasoning, signature)] : []),
      ...(text || calls.length === 0 ? [{ type: 'text', text }] : []),
      ...calls.map(toolUse),
    ],
    stop_reason: stopReasonOf(textIn(first?.finish_reason), refusal !== ''),
    stop_sequence: null,
  };
}

function thinkingBlock(thinking: string, signature: string): JsonObject {
  return { type: 'thinking', thinking, signature: foreignSignature(signature) };
}

/** Anthropic has no place for pictures in an answer; a data URL in Markdown shows them. */
export function imageText(image: JsonObject): string {
  const url = isObject(image.image_url) ? textIn(image.image_url.url) : '';
  return url ? `![image](${url})` : '';
}

export function signatureOf(call: JsonObject): string {
  const google = isObject(call.extra_content) ? call.extra_content.google : undefined;
  return isObject(google) ? textIn(google.thought_signature) : '';
}

function toolUse(call: JsonObject): JsonObject {
  const { name, arguments: text } = isObject(call.function) ? call.function : {};
  const input = parseJson(textIn(text) || '{}');
  // What a model wrote instead of an object is shown to the client rather than lost.
  return {
    type: 'tool_use',
    id: textIn(call.id),
    name: textIn(name),
    input: isObject(input) ? input : { arguments: text },
  };
}
