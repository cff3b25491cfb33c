/** What a client's request becomes for Anthropic. */
import { describe, expect, it } from 'vitest';
import { adapters } from '../../src/providers/registry.ts';
import { bodyOf, build, hello, PIXEL, toolLoop, weather } from './built-request.ts';

describe('anthropic', () => {
  it('gathers system and developer messages and sets the cap', () => {
    const messages = [
      { role: 'system', content: 'A' },
      ...hello,
      { role: 'developer', content: [{ type: 'text', text: 'B' }] },
    ];
    expect(
      bodyOf(
        'anthropic',
        { messages, max_completion_tokens: 5, stream: true, user: 'person', store: true },
        { cap: 50 },
      ),
    ).toEqual({
      model: 'claude-sonnet-4-5',
      max_tokens: 50,
      system: [
        { type: 'text', text: 'A' },
        { type: 'text', text: 'B' },
      ],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      stream: true,
    });
    expect(build('anthropic', {})).toMatchObject({
      path: '/v1/messages',
      headers: { 'anthropic-version': '2023-06-01' },
    });
    expect(adapters.anthropic.authenticate('k')).toEqual({ 'x-api-key': 'k' });
  });

  it('puts the results of parallel calls and what follows into one turn', () => {
    expect(bodyOf('anthropic', { messages: toolLoop, tools: [weather] }).messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'Kiel' } },
          { type: 'tool_use', id: 'call_2', name: 'get_weather', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: '{"degrees":9}' },
          { type: 'tool_result', tool_use_id: 'call_2', content: 'sunny' },
          { type: 'text', text: 'Thanks' },
        ],
      },
    ]);
  });

  it('takes images by data URL and by address, and PDF', () => {
    const content = [
      { type: 'text', text: 'See' },
      { type: 'image_url', image_url: { url: PIXEL, detail: 'auto' } },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' } },
    ];
    expect(bodyOf('anthropic', { messages: [{ role: 'user', content }] }).messages[0].content.slice(1)).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERg==' }, title: 'a.pdf' },
    ]);
  });

  it.each([
    ['auto', undefined],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
    [
      { type: 'function', function: { name: 'get_weather' } },
      { type: 'tool', name: 'get_weather' },
    ],
  ])('translates tool_choice %j', (choice, expected) => {
    expect(bodyOf('anthropic', { tools: [weather], tool_choice: choice }).tool_choice).toEqual(expected);
  });

  it('defines tools, those without parameters too, and calls one at a time when asked', () => {
    const bare = { type: 'function', function: { name: 'now', strict: true } };
    const body = bodyOf('anthropic', { tools: [weather, bare], parallel_tool_calls: false });
    expect(body.tools).toEqual([
      { name: 'get_weather', description: 'Weather of a place', input_schema: weather.function.parameters },
      { name: 'now', input_schema: { type: 'object', properties: {} }, strict: true },
    ]);
    expect(body.tool_choice).toEqual({ type: 'auto', disable_parallel_tool_use: true });
  });

  it('offers the allowed tools alone', () => {
    const now = { type: 'function', function: { name: 'now' } };
    const choice = (mode: string) => ({ type: 'allowed_tools', allowed_tools: { mode, tools: [now] } });
    const forced = bodyOf('anthropic', { tools: [weather, now], tool_choice: choice('required') });
    expect(forced).toMatchObject({ tools: [{ name: 'now' }], tool_choice: { type: 'any' } });
    expect(forced.tools).toHaveLength(1);
    expect(bodyOf('anthropic', { tools: [weather, now], tool_choice: choice('auto') })).not.toHaveProperty(
      'tool_choice',
    );
  });

  it('sends thinking blocks back as they came and leaves unsigned reasoning out', () => {
    const blocks = [
      { type: 'thinking', thinking: 't', signature: 's' },
      { type: 'redacted_thinking', data: 'd' },
    ];
    const messages = [
      ...hello,
      { role: 'assistant', content: 'x', reasoning_content: 't', thinking_blocks: blocks },
      ...hello,
    ];
    expect(bodyOf('anthropic', { messages }).messages[1].content).toEqual([...blocks, { type: 'text', text: 'x' }]);
  });

  it.each([
    ['claude-sonnet-4-5', 'low', 1025, { type: 'enabled', budget_tokens: 1024 }],
    ['claude-sonnet-4-5', 'low', 4000, { type: 'enabled', budget_tokens: 2048 }],
    ['claude-sonnet-4-5', 'high', 4000, { type: 'enabled', budget_tokens: 3200 }],
    ['claude-sonnet-4-5', 'high', 1024, undefined],
    ['claude-3-7-sonnet-20250219', 'high', 64_000, { type: 'enabled', budget_tokens: 24_576 }],
    ['claude-haiku-4-5-20251001', 'none', 4000, { type: 'disabled' }],
    ['claude-opus-4-6', 'high', 500, { type: 'adaptive', display: 'summarized' }],
    ['claude-opus-5', 'xhigh', 4000, { type: 'adaptive', display: 'summarized' }],
    ['claude-fable-5-1', 'minimal', 4000, { type: 'adaptive', display: 'summarized' }],
  ])('%s reasons with effort %s under a cap of %i', (model, effort, cap, thinking) => {
    const body = bodyOf('anthropic', { reasoning_effort: effort }, { model, cap });
    expect(body.thinking).toEqual(thinking);
    const level = effort === 'minimal' ? 'low' : effort;
    expect(body.output_config).toEqual(thinking?.type === 'adaptive' ? { effort: level } : undefined);
  });

  it('leaves thinking off in a tool loop whose thinking the client did not keep', () => {
    const messages = toolLoop.slice(0, 4);
    expect(bodyOf('anthropic', { messages, tools: [weather], reasoning_effort: 'low' })).not.toHaveProperty('thinking');
  });

  it('asks for JSON by schema or by words', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    const format = { type: 'json_schema', json_schema: { name: 'a', strict: true, schema } };
    expect(bodyOf('anthropic', { response_format: format }).output_config).toEqual({
      format: { type: 'json_schema', schema },
    });
    expect(bodyOf('anthropic', { response_format: { type: 'json_object' } }).system[0].text).toMatch(/JSON/);
  });

  it('sends no sampling field that says what happens anyway', () => {
    const body = bodyOf('anthropic', { temperature: 1, top_p: 1 }, { model: 'claude-opus-5' });
    expect(body).not.toHaveProperty('temperature');
    expect(bodyOf('anthropic', { temperature: 0, top_p: 0.5, top_k: 5 })).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      top_k: 5,
    });
  });
});
