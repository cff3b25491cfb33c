/** What a client of Anthropic's API has after an answer, streamed or not. The laws of the events are checked on the way. */
import { expect } from 'vitest';

// biome-ignore lint/suspicious/noExplicitAny: a client's view of JSON
type Json = any;

export interface SeenEvent {
  name: string;
  data: Json;
}

/** The events of a stream; each says its type twice. */
export function messageEvents(text: string): SeenEvent[] {
  expect(text.endsWith('\n\n')).toBe(true);
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => {
      const match = /^event: (.*)\ndata: (.*)$/.exec(event);
      expect(match, event).not.toBeNull();
      const data = JSON.parse(match?.[2] ?? '');
      expect(data.type).toBe(match?.[1]);
      return { name: match?.[1] ?? '', data };
    });
}

const FIELD_OF: Record<string, string> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  signature_delta: 'signature',
};

function addDelta(block: Json, delta: Json): void {
  if (delta.type === 'input_json_delta') block.json = (block.json ?? '') + delta.partial_json;
  else if (delta.type === 'citations_delta') block.citations = [...(block.citations ?? []), delta.citation];
  else {
    const field = FIELD_OF[delta.type];
    expect(field, delta.type).toBeDefined();
    block[field as string] += delta[field as string];
  }
}

export interface ObservedMessage {
  message: Json;
  /** The event that broke the stream off. */
  error: Json;
  stopped: boolean;
}

/** Puts a stream together as Anthropic's SDKs do: message_start first, block by block, message_stop last and once. */
export function observeMessage(events: SeenEvent[]): ObservedMessage {
  const seen: ObservedMessage = { message: null, error: null, stopped: false };
  let open: number | null = null;
  for (const { data } of events) {
    expect(seen.stopped || seen.error !== null, 'nothing follows the end').toBe(false);
    if (data.type === 'ping') continue;
    if (data.type === 'error') {
      seen.error = data.error;
      continue;
    }
    if (data.type === 'message_start') {
      expect(seen.message).toBeNull();
      seen.message = structuredClone(data.message);
      continue;
    }
    expect(seen.message).not.toBeNull();
    const { content } = seen.message;
    switch (data.type) {
      case 'content_block_start':
        expect(open).toBeNull();
        expect(data.index).toBe(content.length);
        open = data.index;
        content.push(structuredClone(data.content_block));
        break;
      case 'content_block_delta':
        expect(data.index).toBe(open);
        addDelta(content[data.index], data.delta);
        break;
      case 'content_block_stop':
        expect(data.index).toBe(open);
        open = null;
        break;
      case 'message_delta':
        Object.assign(seen.message, data.delta);
        Object.assign(seen.message.usage, data.usage);
        break;
      case 'message_stop':
        seen.stopped = true;
        break;
      default:
        throw new Error(`an event that no client knows: ${data.type}`);
    }
  }
  return seen;
}

export interface ToolUse {
  id: string;
  name: string;
  /** JSON as it was streamed; the input of a whole answer. */
  json: string;
}

export const textOf = (message: Json): string =>
  message.content.map((block: Json) => (block.type === 'text' ? block.text : '')).join('');
export const thinkingOf = (message: Json): string =>
  message.content.map((block: Json) => (block.type === 'thinking' ? block.thinking : '')).join('');
export const toolUsesOf = (message: Json): ToolUse[] =>
  message.content
    .filter((block: Json) => block.type === 'tool_use')
    .map(({ id, name, input, json }: Json) => ({
      id,
      name,
      json: json || (Object.keys(input).length > 0 || json === undefined ? JSON.stringify(input) : '{}'),
    }));
