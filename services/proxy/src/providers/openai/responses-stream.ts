import { bytesOf } from '../chunk.ts';
import { isObject, textIn } from '../json.ts';
import type { ResponsesEvent, StreamReader } from '../provider.ts';
import { createSseDecoder, type SseEvent } from '../sse.ts';
import { createStreamReader, emptyState } from '../stream-reader.ts';
import { failureOf } from './error.ts';
import { endOfResponse } from './responses-usage.ts';

const LAST = ['response.completed', 'response.incomplete'];

export function createResponsesReader(): StreamReader<ResponsesEvent> {
  const state = emptyState();

  function read({ data }: SseEvent): ResponsesEvent[] {
    if (data.trim() === '[DONE]' || state.complete) return [];
    const event: unknown = JSON.parse(data);
    if (!isObject(event)) throw new TypeError('no object');
    const type = textIn(event.type);
    const response = isObject(event.response) ? event.response : {};
    if (type === 'error' || type === 'response.failed') {
      // `response.failed` repeats under `response` what `error` said, or says it alone.
      state.failure = failureOf(event.error ?? response.error ?? event, 0);
      return [];
    }
    if (type.startsWith('response.') && state.stamp === null && textIn(response.id) !== '')
      state.stamp = { id: textIn(response.id), created: Number(response.created_at) || 0 };
    if (LAST.includes(type)) {
      Object.assign(state, endOfResponse(response));
      state.complete = true;
    }
    const visible = type.endsWith('.delta') ? bytesOf(textIn(event.delta)) : 0;
    return [{ event, outputBytes: visible }];
  }

  return createStreamReader(createSseDecoder(), { state, read, finish: () => [] });
}
