/** Compares what a client has with what a case expects. */
import type { MeterCounts } from '@cloudfreedom/contracts';
import { expect } from 'vitest';
import type { FailureKind, UpstreamFailure } from '../../src/providers/provider.ts';
import type { Observed, ObservedChoice } from './observed-answer.ts';
import type { ExpectedCall, ExpectedChoice, ExpectedUsage, RecordedCase } from './recorded-cases.ts';

function expectCalls(observed: ObservedChoice, expected: ExpectedCall[]): void {
  expect(observed.toolCalls).toHaveLength(expected.length);
  for (const [index, wanted] of expected.entries()) {
    const call = observed.toolCalls[index];
    if (wanted.type === 'custom') {
      expect(call).toMatchObject({ id: wanted.id, type: 'custom', custom: wanted.custom });
      continue;
    }
    expect(call.type).toBe('function');
    expect(call.function.name).toBe(wanted.name);
    if (wanted.id) expect(call.id).toBe(wanted.id);
    // OpenAI takes no longer ones back.
    expect(call.id).toMatch(/^[\w-]{1,40}$/);
    if (wanted.arguments_incomplete) expect(call.function.arguments).toBe(wanted.arguments_raw);
    else expect(JSON.parse(call.function.arguments)).toEqual(wanted.arguments);
    if (wanted.has_signature !== undefined) {
      expect(Boolean(call.extra_content?.google?.thought_signature)).toBe(wanted.has_signature);
    }
  }
  const ids = observed.toolCalls.map((call) => call.id);
  expect(new Set(ids).size).toBe(ids.length);
}

function expectChoice(observed: ObservedChoice, expected: ExpectedChoice, failed: boolean): void {
  expect(observed.text).toBe(expected.text ?? '');
  expectCalls(observed, expected.tool_calls ?? []);
  if (!failed && expected.finish_reason_openai) expect(observed.finishReasons).toEqual([expected.finish_reason_openai]);
}

/** `reasoning_tokens: null` is unknown; a 0 that the provider didn't name may be unknown here. */
function expectMeters(meters: MeterCounts | null, expected: ExpectedUsage): void {
  const { uncached_input = 0, cache_read = 0, cache_write = 0, cache_write_1h = 0, input_audio = 0 } = meters ?? {};
  const { output_text = 0, reasoning = 0, output_audio = 0, output_image = 0 } = meters ?? {};
  expect(uncached_input + cache_read + cache_write + cache_write_1h + input_audio).toBe(
    expected.input_tokens + (expected.tool_use_prompt_tokens ?? 0),
  );
  expect(cache_read).toBe(expected.cached_input_tokens ?? 0);
  expect(cache_write + cache_write_1h).toBe(expected.cache_write_tokens ?? 0);
  if (expected.cache_write_1h_tokens !== undefined) expect(cache_write_1h).toBe(expected.cache_write_1h_tokens);
  expect(input_audio).toBe(expected.audio_input_tokens ?? 0);
  expect(output_text + reasoning + output_audio + output_image).toBe(expected.output_tokens);
  if (expected.reasoning_tokens === null) expect(meters).not.toHaveProperty('reasoning');
  else expect(reasoning).toBe(expected.reasoning_tokens ?? 0);
  const searches = expected.server_tool_use?.web_search_requests;
  if (searches !== undefined) expect(meters?.server_tool_call).toBe(searches);
}

/** What may be seen of an answer: the basis of an estimate. */
export function visibleBytes(observed: Pick<Observed, 'choices'>): number {
  const texts = observed.choices.flatMap((choice) => [
    choice.text,
    choice.reasoning,
    choice.refusal,
    choice.functionCall,
    ...choice.toolCalls.map((call) => call.function?.arguments ?? call.custom?.input ?? ''),
  ]);
  return Buffer.byteLength(texts.join(''));
}

function expectSignatures(observed: ObservedChoice | undefined, { provider, expected }: RecordedCase): void {
  if (provider === 'anthropic') {
    const signed = observed?.thinkingBlocks.filter((block) => block.type === 'thinking' && block.signature) ?? [];
    expect(signed).toHaveLength(expected.signature_count ?? 0);
    const redacted = observed?.thinkingBlocks.filter((block) => block.type === 'redacted_thinking' && block.data) ?? [];
    expect(redacted).toHaveLength(expected.redacted_thinking_blocks ?? 0);
    return;
  }
  if (provider !== 'gemini' || expected.signature_count === undefined) return;
  const onCalls = observed?.toolCalls.filter((call) => call.extra_content?.google?.thought_signature).length ?? 0;
  expect(onCalls + (observed?.messageSignatures ?? 0)).toBeGreaterThan(0);
}

export function expectAnswer(observed: Observed, recorded: RecordedCase): void {
  const { expected } = recorded;
  const failed = expected.error !== undefined;
  const choices = expected.choices ?? (expected.text === undefined ? [] : [expected]);
  for (const [index, choice] of choices.entries()) {
    const seen = observed.choices[index];
    if (seen) expectChoice(seen, choice, failed);
    else expect(choice.text ?? '').toBe('');
  }
  if (choices.length > 0) expect(observed.choices).toHaveLength(choices.length);
  const first = choices[0]?.finish_reason_openai;
  if (first !== undefined) expect(observed.finishReason).toBe(first);
  const choice = observed.choices[0];
  if (expected.reasoning_text !== undefined) expect(choice?.reasoning.trim()).toBe(expected.reasoning_text.trim());
  if (expected.refusal !== undefined) expect(choice?.refusal).toBe(expected.refusal);
  expectSignatures(choice, recorded);
  if (expected.usage) expectMeters(observed.meters, expected.usage);
  else expect(observed.meters).toBeNull();
  expect(observed.outputBytes).toBe(visibleBytes(observed));
}

/** Of recorded errors: keys, addresses, accounts. */
export const SECRETS = [
  /sk-[\w-]{4,}/,
  /AIza[\w-]{4,}/,
  /https?:\/\//,
  /\borg-\w+/,
  /[\w-]+\.(com|dev)\b/,
  /project \d+/,
];

/** Independent of the adapters: what each recorded status and code has to become. */
export function expectedFailureKind({ status, expected }: RecordedCase): FailureKind {
  const { error } = expected;
  const text = JSON.stringify(error ?? {});
  if (status === 400) {
    if (/API_KEY_INVALID/.test(text)) return 'authentication';
    if (/model_not_found/.test(text)) return 'model_not_found';
    if (/maximum context length|too long|exceeds the maximum number/.test(text)) return 'context_too_long';
    return 'invalid_request';
  }
  if (status === 401) return 'authentication';
  if (status === 403) return 'permission';
  if (status === 404) return 'model_not_found';
  if (status === 429) return /insufficient_quota/.test(text) ? 'quota' : 'rate_limited';
  if (status === 200 && /insufficient_quota/.test(text)) return 'quota';
  if (status === 503 || status === 529 || /overloaded/i.test(text)) return 'overloaded';
  return 'server_error';
}

export function expectFailure(failure: UpstreamFailure | null, recorded: RecordedCase): void {
  expect(failure).not.toBeNull();
  if (!failure) return;
  expect(failure.kind).toBe(expectedFailureKind(recorded));
  expect(failure.status).toBe(recorded.streamed && recorded.status === 200 ? 0 : recorded.status);
  expect(failure.message.length).toBeGreaterThan(0);
  for (const secret of SECRETS) expect(failure.message).not.toMatch(secret);
  const words = recorded.expected.error?.message.split(/\s+/).slice(0, 2) ?? [];
  for (const word of words) expect(failure.message).toContain(word);
  const seconds = recorded.headers['retry-after'];
  if (seconds && /^\d+$/.test(seconds)) {
    expect(failure.retryAfterMs).toBe(Number(recorded.headers['retry-after-ms'] ?? Number(seconds) * 1000));
  }
}
