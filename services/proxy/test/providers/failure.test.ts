/** Errors with a status: kind, words and the time to wait. The recorded ones are in the conformance test. */

import type { ProviderName } from '@cloudfreedom/contracts';
import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../src/providers/provider.ts';
import { adapters } from '../../src/providers/registry.ts';

function read(provider: ProviderName, status: number, error: unknown, headers: Record<string, string> = {}) {
  return adapters[provider].readError(status, headers, JSON.stringify({ error }));
}

describe('kinds', () => {
  it.each<[ProviderName, number, Record<string, unknown>, FailureKind]>([
    ['openai', 400, { code: 'context_length_exceeded' }, 'context_too_long'],
    ['openai', 400, { code: 'content_filter' }, 'content_filtered'],
    ['openai', 403, { code: 'unsupported_country_region_territory' }, 'permission'],
    ['openai', 429, { type: 'insufficient_quota' }, 'quota'],
    ['openai', 503, { message: 'The engine is currently overloaded' }, 'overloaded'],
    [
      'anthropic',
      400,
      { type: 'invalid_request_error', message: 'prompt is too long: 2 tokens > 1 maximum' },
      'context_too_long',
    ],
    [
      'anthropic',
      400,
      { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API' },
      'quota',
    ],
    [
      'anthropic',
      400,
      { type: 'invalid_request_error', message: 'Output blocked by content filtering policy' },
      'content_filtered',
    ],
    ['anthropic', 403, { type: 'permission_error' }, 'permission'],
    ['anthropic', 413, { type: 'request_too_large' }, 'invalid_request'],
    ['anthropic', 504, { type: 'timeout_error' }, 'timeout'],
    [
      'gemini',
      400,
      {
        status: 'INVALID_ARGUMENT',
        message: 'The input token count (9) exceeds the maximum number of tokens allowed (8).',
      },
      'context_too_long',
    ],
    [
      'gemini',
      429,
      { status: 'RESOURCE_EXHAUSTED', details: [{ violations: [{ quotaId: 'RequestsPerDayPerProject' }] }] },
      'quota',
    ],
    ['gemini', 504, { status: 'DEADLINE_EXCEEDED' }, 'timeout'],
    ['gemini', 500, { status: 'INTERNAL' }, 'server_error'],
  ])('%s %i %j is %s', (provider, status, error, kind) => {
    expect(read(provider, status, error)).toMatchObject({ kind, status });
  });

  it.each(['openai', 'anthropic', 'gemini'] as const)('%s answers with something else than JSON', (provider) => {
    for (const body of ['', '<html>Bad gateway</html>', 'null', '[]', '{"error":"x"}', '{"error":null}', '"']) {
      const failure = adapters[provider].readError(502, {}, body);
      expect(failure).toMatchObject({ kind: 'server_error', status: 502, param: null, retryAfterMs: null });
      expect(failure.message).not.toBe('');
    }
  });

  it("reads Gemini's error in a list", () => {
    const body = JSON.stringify([{ error: { code: 404, status: 'NOT_FOUND', message: 'gone' } }]);
    expect(adapters.gemini.readError(404, {}, body)).toMatchObject({ kind: 'model_not_found', message: 'gone' });
  });
});

describe('words', () => {
  it.each([
    ['Incorrect API key provided: sk-proj-abc*****xyz.', 'sk-proj'],
    ['Bad header: Authorization: Bearer abcdef123456', 'abcdef123456'],
    ['key AIzaSyA1234567890abcdefghijk is not valid', 'AIzaSy'],
    ['x-api-key: 1234567', '1234567'],
    ['failed to reach http://10.1.2.3:8080/v1?key=abc', '10.1.2.3'],
    ['connect ECONNREFUSED 10.1.2.3:443', '10.1.2.3'],
    ['see help.openai.com/en for more', 'openai.com'],
    ['organization org-AbCdEf1234', 'org-AbCdEf1234'],
    ['token Zm9vYmFyQmF6MTIzNDU2Nzg5MDEyMzQ1Njc4 rejected', 'Zm9vYmFy'],
  ])('%s: hidden', (message, secret) => {
    for (const provider of ['openai', 'anthropic', 'gemini'] as const) {
      expect(read(provider, 400, { message }).message).not.toContain(secret);
    }
  });

  it.each([
    "Unsupported value: 'messages[0].role' does not support 'developer' with this model.",
    'model: claude-3-7-sonnet-20250219-and-more-of-it',
    'No tool output found for function call call_QpgJRI5C9DcjExMNU6lrJPcuAbCdEf12.',
    'max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens',
  ])('%s: kept', (message) => {
    expect(read('openai', 400, { message }).message).toBe(message);
  });

  it('are short, however long the provider was, and take no time', () => {
    const startedMs = performance.now();
    for (const piece of ['a.', 'key: ', 'http:', 'Aa1', ' ', '1.', 'sk-', '-']) {
      expect(read('openai', 400, { message: piece.repeat(500_000) }).message.length).toBeLessThanOrEqual(1000);
    }
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });

  it('name the parameter where the provider does', () => {
    expect(read('openai', 400, { message: 'x', param: 'messages[0].role' }).param).toBe('messages[0].role');
  });
});

describe('the time to wait', () => {
  it.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '2', 'retry-after-ms': '1500' }, 1500],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:10 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }, 10_000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:10 GMT' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '-1' }, null],
    [{}, null],
  ])('%j', (headers, expected) => {
    for (const provider of ['openai', 'anthropic', 'gemini'] as const) {
      expect(read(provider, 429, {}, headers as Record<string, string>).retryAfterMs).toBe(expected);
    }
  });

  it("is Gemini's RetryInfo", () => {
    expect(read('gemini', 429, { details: [{ retryDelay: '34.4s' }] }).retryAfterMs).toBe(34_400);
  });
});
