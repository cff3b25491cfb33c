/** A request to `/v1/messages` on its way to other providers: translated, or refused by its own names. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Json, type MessagesWorld, startMessagesWorld } from './messages-world.ts';
import { stopPostgres } from './proxy-under-test.ts';

const PIXEL = 'iVBORw0KGgo=';
let world: MessagesWorld;
beforeAll(async () => {
  world = await startMessagesWorld();
});
beforeEach(() => world.reset());
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

describe('to others', () => {
  const loop = [
    { role: 'user', content: [{ type: 'text', text: 'Look' }] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'cloudfreedom:sig-1' },
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', id: 'toolu_1', name: 'look', input: { at: 'door' } },
        { type: 'tool_use', id: 'toolu_2', name: 'look', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'toolu_1',
          content: [
            { type: 'text', text: 'A door' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
          ],
        },
        { type: 'tool_result', tool_use_id: 'toolu_2', content: 'dark', is_error: true },
        { type: 'text', text: 'And?' },
      ],
    },
  ];
  const tools = [{ name: 'look', input_schema: { type: 'object' }, strict: true }];

  test('OpenAI: the conversation in its form', async () => {
    const sent = await world.sentFor({
      model: 'gpt',
      system: 'Be short.',
      messages: loop,
      tools,
      stop_sequences: ['END'],
    });
    expect(sent).toMatchObject({ model: 'gpt-5', stop: ['END'], max_completion_tokens: 2_000 });
    expect(sent.tools).toEqual([
      { type: 'function', function: { name: 'look', parameters: { type: 'object' }, strict: true } },
    ]);
    expect(sent.messages).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'Look' },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [
          { id: 'toolu_1', type: 'function', function: { name: 'look', arguments: '{"at":"door"}' } },
          { id: 'toolu_2', type: 'function', function: { name: 'look', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'toolu_1', content: 'A door\n(attached below)' },
      { role: 'tool', tool_call_id: 'toolu_2', content: 'Error: dark' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Attached to the result of the tool call toolu_1:' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  test('Gemini: its signature goes back with the call that it was made for', async () => {
    const sent = await world.sentFor({ model: 'gemini', messages: loop, tools, top_k: 5 });
    const calls = sent.contents[1].parts.filter((part: Json) => part.functionCall);
    expect(calls.map((part: Json) => part.thoughtSignature)).toEqual(['sig-1', undefined]);
    expect(JSON.stringify(sent)).not.toContain('cloudfreedom:');
    expect(sent.generationConfig.topK).toBe(5);
  });

  test.each([
    [{ thinking: { type: 'enabled', budget_tokens: 1_024 } }, 'low'],
    [{ thinking: { type: 'enabled', budget_tokens: 8_000 } }, 'medium'],
    [{ thinking: { type: 'enabled', budget_tokens: 20_000 } }, 'high'],
    [{ thinking: { type: 'adaptive' } }, 'medium'],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }, 'high'],
    [{ thinking: { type: 'disabled' } }, undefined],
    [{}, undefined],
  ])('thinking becomes an effort: %j', async (changes, effort) => {
    expect((await world.sentFor({ model: 'gpt', ...changes })).reasoning_effort).toBe(effort);
  });

  test('documents, JSON by a schema, choice of tools', async () => {
    const pdf = 'JVBERi0xLjQKL1R5cGUgL1BhZ2UK';
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const sent = await world.sentFor({
      model: 'gpt',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'document', title: 'Bill', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Words' } },
            {
              type: 'search_result',
              source: 'https://a.example',
              title: 'A',
              content: [{ type: 'text', text: 'found' }],
            },
          ],
        },
      ],
      tools,
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      output_config: { format: { type: 'json_schema', schema } },
    });
    expect(sent.messages[0].content).toEqual([
      { type: 'text', text: 'Bill' },
      { type: 'file', file: { file_data: `data:application/pdf;base64,${pdf}`, filename: 'Bill' } },
      { type: 'text', text: 'Words' },
      { type: 'text', text: 'A (https://a.example)\nfound' },
    ]);
    expect(sent).toMatchObject({ tool_choice: 'required', parallel_tool_calls: false });
    expect(sent.response_format.json_schema).toEqual({ name: 'answer', schema, strict: true });
  });

  const user = (block: object) => ({ messages: [{ role: 'user', content: [block] }] });
  test.each([
    ['gpt', { mcp_servers: [{ name: 'x' }] }, 'mcp_servers'],
    ['gpt', { speed: 'fast' }, 'speed'],
    ['gpt', { future_field: 1 }, 'future_field'],
    ['gpt', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, 'tools[0].type'],
    ['gpt', { tools: [{ name: 'x'.repeat(65), input_schema: {} }] }, 'tools[0].name'],
    ['gpt', { tools: [{ name: 'x', input_schema: {}, defer_loading: true }] }, 'tools[0].defer_loading'],
    ['gpt', { tool_choice: { type: 'any' } }, 'tool_choice'],
    ['gpt', user({ type: 'image', source: { type: 'file', file_id: 'file_1' } }), 'messages[0].content[0].source.type'],
    ['gpt', user({ type: 'future_block' }), 'messages[0].content[0].type'],
    [
      'gemini',
      user({ type: 'image', source: { type: 'url', url: 'https://a.example.com/a.png' } }),
      'messages[0].content[0]',
    ],
    ['gpt', { output_config: { effort: 'none' } }, 'output_config.effort'],
    ['gpt-plain', { output_config: { effort: 'low' } }, 'output_config.effort'],
    ['gpt-plain', { thinking: { type: 'enabled', budget_tokens: 1_024 } }, 'thinking'],
    [
      'gpt',
      { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
      'context_management.edits[0].type',
    ],
  ])("%s can't: %j", async (model, changes, param) => {
    expect(await world.refusedParam({ model, ...changes })).toBe(param);
    expect(world.provider.requests).toHaveLength(0);
  });
});

describe.each(['claude', 'gpt', 'gemini'])('a field that is wrong is named: %s', (model) => {
  const user = (block: object) => ({ messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, block] }] });
  const image = (source: object) => user({ type: 'image', source });
  test.each([
    [{ max_tokens: undefined }, 'max_tokens'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ messages: [] }, 'messages'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role'],
    [{ system: [{ type: 'image' }] }, 'system[0].type'],
    [{ temperature: 2 }, 'temperature'],
    [user({ text: 'x' }), 'messages[0].content[1].type'],
    [user({ type: 'text', text: 5 }), 'messages[0].content[1].text'],
    [image({ type: 'base64', media_type: 'image/png', data: '%%%' }), 'messages[0].content[1].source.data'],
    [image({ type: 'url', url: 'http://169.254.169.254/latest' }), 'messages[0].content[1].source.url'],
    [image({ type: 'url', url: 'file:///etc/passwd' }), 'messages[0].content[1].source.url'],
    [user({ type: 'tool_use', id: 'a', name: 'b', input: 'x' }), 'messages[0].content[1].input'],
    [
      user({ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text' }] }),
      'messages[0].content[1].content[0].text',
    ],
    [{ tools: [{ name: 'x', input_schema: 'string' }] }, 'tools[0].input_schema'],
    [{ tool_choice: { type: 'some' } }, 'tool_choice.type'],
  ])('%j', async (changes, param) => {
    expect(await world.refusedParam({ model, ...changes })).toBe(param);
    expect(world.billing.batches).toEqual([]);
  });
});
