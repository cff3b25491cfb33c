/** What a client of the Responses API has after an answer, and the laws that its events keep. */
import { expect } from 'vitest';
import type { RecordedCase } from './providers/recorded-cases.ts';

// biome-ignore lint/suspicious/noExplicitAny: a client's view of JSON
export type Json = any;

interface ObservedResponse {
  text: string;
  refusal: string;
  summary: string;
  calls: { id: string; name: string; arguments: string }[];
  others: string[];
}

export function observeOutput(output: Json[]): ObservedResponse {
  const parts = output.filter(({ type }) => type === 'message').flatMap(({ content }) => content);
  return {
    text: parts.map((part) => (part.type === 'output_text' ? part.text : '')).join(''),
    refusal: parts.map((part) => part.refusal ?? '').join(''),
    summary: output
      .filter(({ type }) => type === 'reasoning')
      .flatMap(({ summary }) => summary.map((part: Json) => part.text))
      .join('\n'),
    calls: output
      .filter(({ type }) => type === 'function_call')
      .map(({ call_id, name, arguments: given }) => ({ id: call_id, name, arguments: given })),
    others: output.map(({ type }) => type).filter((type) => !['message', 'reasoning', 'function_call'].includes(type)),
  };
}

/** The events of a body of server-sent events. */
export function responseEvents(text: string): Json[] {
  expect(text.endsWith('\n\n')).toBe(true);
  return text
    .slice(0, -2)
    .split('\n\n')
    .map((block) => {
      const [first = '', second = '', ...more] = block.split('\n');
      expect(more).toEqual([]);
      expect(second.startsWith('data: ')).toBe(true);
      const event = JSON.parse(second.slice(6));
      expect(first).toBe(`event: ${event.type}`);
      return event;
    });
}

const ENDS = ['response.completed', 'response.incomplete', 'response.failed'];

/**
 * Numbered without a gap; begins with `created` and `in_progress`, ends with one last event; every item is added once,
 * then done once, and its deltas add up to what it is in the end. @returns the last response
 */
export function expectEventLaws(events: Json[]): Json {
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
  const last = events.at(-1);
  expect(ENDS).toContain(last.type);
  expect(events.filter(({ type }) => ENDS.includes(type))).toHaveLength(1);
  expect(last.response.status).toBe(last.type.slice('response.'.length));
  if (last.type === 'response.failed') return last.response;
  expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['response.created', 'response.in_progress']);
  const seen = events.filter(({ response }) => response).map(({ response }) => response);
  expect(new Set(seen.map(({ id, model }) => `${id} ${model}`)).size).toBe(1);
  const done = new Map<number, Json>();
  const added: number[] = [];
  const written = new Map<string, string>();
  for (const event of events) {
    const { type, output_index: at, item } = event;
    if (type === 'response.output_item.added') {
      expect(at).toBe(added.length);
      added.push(at);
    } else if (type === 'response.output_item.done') {
      expect(done.has(at)).toBe(false);
      done.set(at, item);
    } else if (at !== undefined) {
      expect(added).toContain(at);
      expect(done.has(at)).toBe(false);
      const key = `${at} ${event.content_index ?? event.summary_index ?? ''} ${type.replace(/\.\w+$/, '')}`;
      if (type.endsWith('.delta')) written.set(key, (written.get(key) ?? '') + event.delta);
      const whole = event.text ?? event.arguments ?? event.refusal;
      if (type.endsWith('.done') && typeof whole === 'string') expect(written.get(key) ?? '').toBe(whole);
    }
  }
  expect([...done.keys()].toSorted((a, b) => a - b)).toEqual(added);
  // OpenAI encrypts its reasoning anew in the last event.
  expect(observeOutput(last.response.output)).toEqual(observeOutput(added.map((at) => done.get(at))));
  expect(last.response.output.map(({ id }: Json) => id)).toEqual(added.map((at) => done.get(at).id));
  return last.response;
}

export function expectResponse(response: Json, recorded: RecordedCase): void {
  const { expected } = recorded;
  const { text, calls, summary, others } = observeOutput(response.output);
  expect(text).toBe(expected.text ?? '');
  expect(calls.map(({ id, name, arguments: given }) => ({ id, name, arguments: JSON.parse(given || '{}') }))).toEqual(
    (expected.tool_calls ?? []).map(({ id, name, arguments: given }) => ({ id, name, arguments: given })),
  );
  if (expected.reasoning_summary !== undefined) expect(summary).toBe(expected.reasoning_summary);
  expect(others).toEqual(expected.other_blocks ?? []);
  const wanted = expected.usage;
  if (!wanted) return;
  expect(response.usage).toMatchObject({
    input_tokens: wanted.input_tokens,
    input_tokens_details: { cached_tokens: wanted.cached_input_tokens ?? 0 },
    output_tokens: wanted.output_tokens,
    output_tokens_details: { reasoning_tokens: wanted.reasoning_tokens ?? 0 },
    total_tokens: wanted.input_tokens + wanted.output_tokens,
  });
}
