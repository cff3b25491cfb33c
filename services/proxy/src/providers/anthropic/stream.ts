import { bytesOf, createChunkWriter } from '../chunk.ts';
import { annotationsOf } from '../citation.ts';
import { isObject, type JsonObject, objectsIn, textIn } from '../json.ts';
import type { AnswerContext, StreamChunk, StreamReader } from '../provider.ts';
import { readServiceTier } from '../service-tier.ts';
import { createSseDecoder, EVENT_LENGTH_MAX, type SseEvent } from '../sse.ts';
import { createStreamReader, emptyState } from '../stream-reader.ts';
import { createCitationCount } from './citation.ts';
import { failureOf } from './error.ts';
import { finishReasonOf, thinkingBlockOf } from './response.ts';
import { mergeUsage, readUsage } from './usage.ts';
import type { StreamEventType } from './wire.ts';

/** The block that is being streamed; Anthropic sends one after the other. */
interface OpenBlock {
  start: JsonObject;
  /** Thinking so far: the whole block goes out once more with its signature, for the client to send back. */
  thinking: string;
  signature: string;
  toolCall: number;
  hasArguments: boolean;
}

export function createAnthropicStreamReader(context: AnswerContext): StreamReader {
  const state = emptyState();
  const write = createChunkWriter(context);
  let usage: JsonObject = {};
  let block: OpenBlock | null = null;
  let toolCalls = 0;
  const cited = createCitationCount();

  function count(later: unknown): void {
    usage = mergeUsage(usage, later);
    state.meters = readUsage(usage);
    state.serviceTier = readServiceTier(usage.service_tier);
  }

  function callDelta(index: number, fields: JsonObject, outputBytes: number): StreamChunk {
    return write(0, { tool_calls: [{ index, ...fields }] }, null, outputBytes);
  }

  function argumentsDelta(open: OpenBlock, text: string): StreamChunk[] {
    if (!text) return [];
    open.hasArguments = true;
    return [callDelta(open.toolCall, { function: { arguments: text } }, bytesOf(text))];
  }

  function startBlock(start: JsonObject): StreamChunk[] {
    block = { start, thinking: '', signature: '', toolCall: toolCalls, hasArguments: false };
    // A block may begin with some of its text.
    if (start.type === 'text') {
      for (const citation of objectsIn(start.citations)) cited.addCitation(citation);
      return addToBlock({ type: 'text_delta', text: start.text });
    }
    if (start.type === 'thinking') {
      block.signature = textIn(start.signature);
      return addToBlock({ type: 'thinking_delta', thinking: start.thinking });
    }
    if (start.type !== 'tool_use') return [];
    toolCalls += 1;
    const head = { id: textIn(start.id), type: 'function', function: { name: textIn(start.name), arguments: '' } };
    const input = isObject(start.input) && Object.keys(start.input).length > 0 ? JSON.stringify(start.input) : '';
    return [callDelta(block.toolCall, head, 0), ...argumentsDelta(block, input)];
  }

  function addToBlock(delta: JsonObject): StreamChunk[] {
    const open = block;
    if (!open) return [];
    if (delta.type === 'text_delta') {
      const text = textIn(delta.text);
      cited.addText(text);
      return text ? [write(0, { content: text }, null, bytesOf(text))] : [];
    }
    if (delta.type === 'thinking_delta') {
      const text = textIn(delta.thinking);
      open.thinking += text;
      if (open.thinking.length > EVENT_LENGTH_MAX) throw new RangeError('endless thinking');
      return text ? [write(0, { reasoning_content: text }, null, bytesOf(text))] : [];
    }
    if (delta.type === 'citations_delta' && isObject(delta.citation)) cited.addCitation(delta.citation);
    if (delta.type === 'signature_delta') open.signature += textIn(delta.signature);
    if (open.signature.length > EVENT_LENGTH_MAX) throw new RangeError('endless signature');
    // Input of a server tool is streamed in the same way, but it isn't the client's to call.
    if (delta.type === 'input_json_delta' && open.start.type === 'tool_use') {
      return argumentsDelta(open, textIn(delta.partial_json));
    }
    return [];
  }

  function stopBlock(): StreamChunk[] {
    const open = block;
    block = null;
    if (!open) return [];
    // A tool without arguments streams none; clients parse what they got, and the empty text is no JSON.
    if (open.start.type === 'tool_use') return open.hasArguments ? [] : argumentsDelta(open, '{}');
    if (open.start.type === 'text') {
      const { annotations } = annotationsOf(cited.endBlock());
      return annotations ? [write(0, { annotations }, null, 0)] : [];
    }
    const thinking = thinkingBlockOf({ ...open.start, thinking: open.thinking, signature: open.signature });
    return thinking ? [write(0, { thinking_blocks: [thinking] }, null, 0)] : [];
  }

  function endMessage(delta: JsonObject): StreamChunk[] {
    const stopReason = textIn(delta.stop_reason);
    if (!stopReason || state.complete) return [];
    state.finishReason = finishReasonOf(stopReason);
    state.complete = true;
    return [write(0, {}, state.finishReason, 0)];
  }

  function read({ data }: SseEvent): StreamChunk[] {
    const event: unknown = JSON.parse(data);
    if (!isObject(event)) throw new TypeError('no object');
    switch (event.type as StreamEventType) {
      case 'message_start':
        if (isObject(event.message)) count(event.message.usage);
        return [write(0, { role: 'assistant', content: '' }, null, 0)];
      case 'content_block_start':
        return isObject(event.content_block) ? startBlock(event.content_block) : [];
      case 'content_block_delta':
        return isObject(event.delta) ? addToBlock(event.delta) : [];
      case 'content_block_stop':
        return stopBlock();
      case 'message_delta':
        count(event.usage);
        return isObject(event.delta) ? endMessage(event.delta) : [];
      case 'error':
        state.failure = failureOf(event.error, 0);
        return [];
      default:
        return [];
    }
  }

  return createStreamReader(createSseDecoder(), { state, read, finish: () => [] });
}
