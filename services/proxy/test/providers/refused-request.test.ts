/** What is refused, by the name of the field. */
import type { ProviderName } from '@cloudfreedom/contracts';
import { describe, expect, it } from 'vitest';
import { bodyOf, build, hello, PIXEL, refusedParam, weather } from './built-request.ts';

const part = (fields: Record<string, unknown>) => ({ messages: [{ role: 'user', content: [fields] }] });
const asked = (fields: Record<string, unknown>) => ({
  messages: [...hello, { role: 'assistant', content: 'x', ...fields }],
});
const call = (text: string) =>
  asked({ tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: text } }] });
const bare = { type: 'function', function: { name: 'now' } };

describe('refused by name', () => {
  it.each<[ProviderName[], string, Record<string, unknown>, string?]>([
    [['anthropic'], 'n', { n: 2 }],
    [['gemini'], 'n', { n: 9 }],
    [['anthropic'], 'temperature', { temperature: 1.2 }],
    [['anthropic'], 'temperature', { temperature: 0.5 }, 'claude-opus-4-7'],
    [['anthropic'], 'top_p', { top_p: 0.5 }, 'claude-sonnet-5'],
    [['anthropic'], 'temperature', { temperature: 0.5, reasoning_effort: 'low' }],
    [['anthropic'], 'tool_choice', { tools: [weather], tool_choice: 'required', reasoning_effort: 'low' }],
    [['anthropic', 'gemini'], 'tool_choice', { tool_choice: 'required' }],
    [['anthropic', 'gemini'], 'tools[0].type', { tools: [{ type: 'custom', custom: { name: 'code' } }] }],
    [
      ['anthropic', 'gemini'],
      'tool_choice.type',
      { tools: [weather], tool_choice: { type: 'custom', custom: { name: 'code' } } },
    ],
    [
      ['anthropic', 'gemini'],
      'tool_choice.allowed_tools.tools[0]',
      { tools: [weather], tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [bare] } } },
    ],
    [
      ['anthropic', 'gemini'],
      'messages[1].tool_calls[0].type',
      asked({ tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'code', input: 'x' } }] }),
    ],
    [['anthropic'], 'seed', { seed: 1 }],
    [['anthropic'], 'presence_penalty', { presence_penalty: 1 }],
    [['anthropic', 'gemini'], 'logprobs', { logprobs: true }],
    [['anthropic', 'gemini'], 'logit_bias', { logit_bias: { 1: 2 } }],
    [['anthropic'], 'service_tier', { service_tier: 'flex' }],
    [['openai', 'gemini'], 'service_tier', { service_tier: 'scale' }],
    [
      ['anthropic', 'gemini'],
      'web_search_options.search_context_size',
      { web_search_options: { search_context_size: 'low' } },
    ],
    [['gemini'], 'web_search_options', { web_search_options: {}, tools: [weather] }, 'gemini-2.5-flash'],
    [['anthropic', 'gemini'], 'modalities', { modalities: ['audio'] }],
    [['anthropic', 'gemini'], 'unheard_of', { unheard_of: 0 }],
    [['anthropic'], 'stop', { stop: [' '] }],
    [['anthropic', 'gemini'], 'reasoning_effort', { reasoning_effort: 'toString' }],
    [['anthropic'], 'reasoning_effort', { reasoning_effort: 'low' }, 'claude-3-5-sonnet-20240620'],
    [['anthropic'], 'max_tokens', { reasoning_effort: 'low', max_tokens: 1024 }, 'claude-haiku-4-5'],
    [['anthropic'], 'max_completion_tokens', { reasoning_effort: 'low', max_completion_tokens: 9 }, 'claude-haiku-4-5'],
    [['gemini'], 'reasoning_effort', { reasoning_effort: 'low' }, 'gemini-2.0-flash'],
    [['gemini'], 'reasoning_effort', { reasoning_effort: 'none' }, 'gemini-3-flash-preview'],
    [['anthropic', 'gemini'], 'messages', { messages: [{ role: 'system', content: 'alone' }] }],
    [['anthropic', 'gemini'], 'messages[0].name', { messages: [{ role: 'user', content: 'x', name: 'Ada' }] }],
    [['anthropic', 'gemini'], 'messages[1].audio', asked({ audio: { id: 'a' } })],
    [['anthropic', 'gemini'], 'messages[1].tool_calls[0].function.arguments', call('[1]')],
    [['anthropic', 'gemini'], 'messages[1].tool_calls[0].function.arguments', call('{"a":')],
    [
      ['gemini'],
      'messages[1].tool_call_id',
      { messages: [...hello, { role: 'tool', tool_call_id: 'lost', content: '' }] },
    ],
    [
      ['anthropic'],
      'messages[1].thinking_blocks[0]',
      asked({ thinking_blocks: [{ type: 'thinking', thinking: 'x' }] }),
    ],
    [
      ['gemini'],
      'messages[0].content[0].image_url.url',
      part({ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }),
    ],
    [
      ['anthropic', 'gemini'],
      'messages[0].content[0].image_url.url',
      part({ type: 'image_url', image_url: { url: 'http://example.com/a.png' } }),
    ],
    [
      ['anthropic'],
      'messages[0].content[0].image_url.url',
      part({ type: 'image_url', image_url: { url: 'data:image/tiff;base64,SUkqAA==' } }),
    ],
    [
      ['anthropic', 'gemini'],
      'messages[0].content[0].image_url.detail',
      part({ type: 'image_url', image_url: { url: PIXEL, detail: 'low' } }),
    ],
    [
      ['anthropic'],
      'messages[0].content[0].type',
      part({ type: 'input_audio', input_audio: { data: 'AA==', format: 'wav' } }),
    ],
    [
      ['gemini'],
      'messages[0].content[0].input_audio.format',
      part({ type: 'input_audio', input_audio: { data: 'AA==', format: 'flac' } }),
    ],
    [
      ['anthropic', 'gemini'],
      'messages[0].content[0].file.file_id',
      part({ type: 'file', file: { file_id: 'file-1' } }),
    ],
    [
      ['gemini'],
      'messages[0].content[0].cache_control',
      part({ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }),
    ],
    [
      ['anthropic'],
      'messages[0].content[0].cache_control',
      part({ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '2h' } }),
    ],
    [
      ['anthropic', 'gemini'],
      'tools[0].function.extra',
      { tools: [{ type: 'function', function: { name: 'f', extra: 1 } }] },
    ],
  ])('%j refuse %s', (providers, param, fields, model) => {
    for (const provider of providers) {
      const built = build(provider, fields, model ? { model } : {});
      expect(built).toHaveProperty('unsupported.param', param);
      if ('unsupported' in built) expect(built.unsupported.message).toMatch(/\w+ \w+.*\.$/);
    }
  });

  it('refuses a request that is nested deeper than it can be written, without throwing', () => {
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 200_000; level += 1) deep = { deep };
    const tools = [{ type: 'function', function: { name: 'f', parameters: deep } }];
    for (const provider of ['openai', 'anthropic', 'gemini'] as const) {
      expect(build(provider, { tools })).toHaveProperty('unsupported.param', 'messages');
    }
  });

  it.each(['anthropic', 'gemini'] as const)('%s takes values that ask for nothing', (provider) => {
    const neutral = {
      n: 1,
      logprobs: false,
      top_logprobs: 0,
      logit_bias: {},
      presence_penalty: 0,
      service_tier: 'auto',
      modalities: ['text'],
      seed: null,
    };
    expect(refusedParam(provider, neutral)).toBeNull();
    expect(
      refusedParam(provider, { user: 'u', metadata: { a: 'b' }, prompt_cache_key: 'k', safety_identifier: 's' }),
    ).toBeNull();
    expect(JSON.stringify(bodyOf(provider, { user: 'ada@example.com', safety_identifier: 'ada' }))).not.toContain(
      'ada',
    );
  });
});
