/** What a client's request becomes for OpenAI. */
import { describe, expect, it } from 'vitest';
import { adapters } from '../../src/providers/registry.ts';
import { bodyOf, build, hello, refusedParam } from './built-request.ts';

describe('openai', () => {
  it('sends the request as it came, with the model, the cap and the usage chunk', () => {
    const body = bodyOf(
      'openai',
      { max_tokens: 9, stream: true, seed: 3, custom_field: { a: 1 }, user: 'u' },
      { cap: 77 },
    );
    expect(body).toEqual({
      model: 'gpt-5-mini',
      messages: hello,
      stream: true,
      seed: 3,
      custom_field: { a: 1 },
      user: 'u',
      max_completion_tokens: 77,
      stream_options: { include_usage: true },
    });
  });

  it('keeps the other stream options and sends none without a stream', () => {
    const options = { include_usage: false, include_obfuscation: false };
    expect(bodyOf('openai', { stream: true, stream_options: options }).stream_options).toEqual({
      include_usage: true,
      include_obfuscation: false,
    });
    expect(bodyOf('openai', { stream_options: { include_usage: true } })).not.toHaveProperty('stream_options');
  });

  it("leaves other providers' signatures out of the messages", () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
    const assistant = {
      role: 'assistant',
      content: 'x',
      reasoning_content: 'r',
      thinking_blocks: [{}],
      extra_content: {},
    };
    const messages = [...hello, { ...assistant, tool_calls: [{ ...call, extra_content: { google: {} } }] }];
    expect(bodyOf('openai', { messages }).messages[1]).toEqual({ role: 'assistant', content: 'x', tool_calls: [call] });
  });

  it('passes on tiers and searches that have a price, and no other', () => {
    expect(bodyOf('openai', { service_tier: 'flex' }).service_tier).toBe('flex');
    expect(bodyOf('openai', { web_search_options: {} }).web_search_options).toEqual({});
    expect(refusedParam('openai', { service_tier: 'scale' })).toBe('service_tier');
  });

  it('passes tools on that are called with free text, their calls and the choice among tools', () => {
    const tools = [{ type: 'custom', custom: { name: 'code', format: { type: 'text' } } }];
    const messages = [
      ...hello,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'code', input: '' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: '4' },
    ];
    for (const choice of [
      { type: 'custom', custom: { name: 'code' } },
      { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools } },
    ])
      expect(bodyOf('openai', { tools, messages, tool_choice: choice })).toMatchObject({
        tools,
        messages,
        tool_choice: choice,
      });
  });

  it('names the path below a base URL with /v1, without credentials', () => {
    expect(build('openai', {})).toMatchObject({
      path: '/chat/completions',
      headers: { 'content-type': 'application/json' },
    });
    expect(adapters.openai.authenticate('k')).toEqual({ authorization: 'Bearer k' });
  });
});
