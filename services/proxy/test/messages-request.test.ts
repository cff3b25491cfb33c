/** What becomes of a request to `/v1/messages`: untouched to Anthropic, translated to the others, refused by its own names. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SimulatedWorld, startSimulatedWorld } from './clients/simulated-world.ts';
import { messageEvents, observeMessage } from './observed-message.ts';
import { stopPostgres } from './proxy-under-test.ts';
import { catalogueModel, SUBJECT_ID } from './stub-billing.ts';

// biome-ignore lint/suspicious/noExplicitAny: a provider's view of JSON
type Json = any;

let world: SimulatedWorld;
beforeAll(async () => {
  world = await startSimulatedWorld();
  world.billing.models = [
    catalogueModel({ name: 'claude', provider: 'anthropic', upstreamModel: 'claude-sonnet-4-5', reasoning: 'visible' }),
    catalogueModel({ name: 'gpt', provider: 'openai', upstreamModel: 'gpt-5', reasoning: 'hidden' }),
    catalogueModel({ name: 'gpt-plain', provider: 'openai', upstreamModel: 'gpt-4.1' }),
    catalogueModel({ name: 'gemini', provider: 'gemini', upstreamModel: 'gemini-3-pro', reasoning: 'hidden' }),
  ];
  world.billing.principal.models = ['claude', 'gpt', 'gpt-plain', 'gemini'];
});
beforeEach(() => {
  world.provider.requests.length = 0;
  world.billing.batches = [];
});
afterEach(() => {
  world.billing.reply = () => undefined;
});
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

const HELLO = { max_tokens: 2_000, messages: [{ role: 'user', content: 'Hello' }] };
const PIXEL = 'iVBORw0KGgo=';

function send(body: object, headers: Record<string, string> = {}, path = '/v1/messages'): Promise<Response> {
  return fetch(`${world.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${world.billing.apiKey}`,
      'anthropic-version': '2023-06-01',
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

/** The one request that the provider got. */
async function sentFor(body: object, headers: Record<string, string> = {}): Promise<Json> {
  const response = await send({ ...HELLO, ...body }, headers);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  expect(world.provider.requests).toHaveLength(1);
  return world.provider.requests[0]?.body;
}

async function refusedParam(body: object, headers: Record<string, string> = {}): Promise<string> {
  const response = await send({ ...HELLO, ...body }, headers);
  const { type, error } = (await response.json()) as Json;
  expect([response.status, type, error?.type]).toEqual([400, 'error', 'invalid_request_error']);
  const open = world.billing.all('reserve').length - world.billing.all('void').length;
  expect(open, 'reserved and not given back').toBe(0);
  return error.details.param;
}

function grantOutput(tokens: number): void {
  world.billing.reply = (operation) =>
    operation.op === 'reserve'
      ? {
          status: 'granted',
          ceilingOutputTokens: tokens,
          hold: { outputTokens: tokens, amount: '0.01', expiresAt: new Date(Date.now() + 60_000).toISOString() },
          subjectId: SUBJECT_ID,
          apiKeyId: null,
        }
      : undefined;
}

describe('to Anthropic', () => {
  test('everything goes out as it came, known here or not, but for the model', async () => {
    const body = {
      system: [{ type: 'text', text: 'Be short.', cache_control: { type: 'ephemeral', scope: 'global' } }],
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'document',
              source: { type: 'text', media_type: 'text/plain', data: 'x' },
              citations: { enabled: true },
            },
            { type: 'future_block', whatever: [1, { two: null }] },
            { type: 'text', text: 'Hello' },
          ],
        },
      ],
      tools: [{ type: 'bash_20250124', name: 'bash' }],
      thinking: { type: 'enabled', budget_tokens: 1_500 },
      context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
      metadata: { user_id: 'somebody' },
      future_field: { deep: ['x'] },
    };
    const headers = { 'anthropic-beta': 'context-management-2025-06-27,future-2027-01-01' };
    const sent = await sentFor({ model: 'claude', ...body }, headers);
    expect(sent).toEqual({ ...body, model: 'claude-sonnet-4-5', max_tokens: 2_000 });
    expect(world.provider.requests[0]).toMatchObject({
      path: '/v1/messages',
      headers: { ...headers, 'anthropic-version': '2023-06-01', 'x-api-key': 'simulated' },
    });
    expect(world.provider.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('the cap is what the budget affords, and thinking keeps its share of it', async () => {
    grantOutput(8_000);
    const thinking = { type: 'enabled', budget_tokens: 10_000, display: 'summarized' };
    const sent = await sentFor({ model: 'claude', max_tokens: 8_192 * 2, thinking });
    expect([sent.max_tokens, sent.thinking]).toEqual([8_000, { ...thinking, budget_tokens: 4_882 }]);
  });

  test('thinking with a budget is only reserved for where it has room', async () => {
    await sentFor({ model: 'claude', thinking: { type: 'enabled', budget_tokens: 1_024 } });
    expect(world.billing.all('reserve')[0]?.outputTokensMin).toBeGreaterThan(1_024);
  });

  test('thinking that a stream does not show is held whole', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1_024, display: 'omitted' };
    await (await send({ ...HELLO, model: 'claude', stream: true, thinking })).text();
    await (await send({ ...HELLO, model: 'claude', stream: true })).text();
    expect(world.billing.all('reserve').map(({ outputTokensSlice }) => outputTokensSlice)).toEqual([2_000, 1_024]);
  });

  test.each([
    [{ speed: 'fast' }, 'speed'],
    [{ inference_geo: 'us' }, 'inference_geo'],
    [{ mcp_servers: [{ type: 'url', url: 'https://mcp.example.com', name: 'x' }] }, 'mcp_servers'],
    [{ container: 'container_1' }, 'container'],
    [{ fallbacks: [{ model: 'claude-opus-5' }] }, 'fallbacks'],
    [{ thread: { type: 'create' } }, 'thread'],
    [{ tools: [{ name: 'x' }, { type: 'code_execution_20250825', name: 'code_execution' }] }, 'tools[1].type'],
    [{ context_management: { edits: [{ type: 'compact_20260112' }] } }, 'context_management.edits[0].type'],
  ])('what nothing bounds or counts is refused: %j', async (changes, param) => {
    expect(await refusedParam({ model: 'claude', ...changes })).toBe(param);
    expect(world.provider.requests).toHaveLength(0);
  });

  test.each([
    [{ 'anthropic-beta': 'context-1m-2025-08-07' }, 'anthropic-beta'],
    [{ 'anthropic-beta': 'a\u00e4' }, 'anthropic-beta'],
    [{ 'anthropic-version': 'yesterday' }, 'anthropic-version'],
  ])('a header that can not be is refused: %j', async (headers, param) => {
    expect(await refusedParam({ model: 'claude' }, headers)).toBe(param);
  });

  test("another provider's thinking stays behind, its own goes back", async () => {
    const own = { type: 'thinking', thinking: 'hm', signature: 'EqQB' };
    const foreign = { type: 'thinking', thinking: 'oh', signature: 'cloudfreedom:abc' };
    const text = { type: 'text', text: 'Hi.' };
    const messages = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: [own, foreign, text] },
      { role: 'user', content: 'And?' },
    ];
    expect((await sentFor({ model: 'claude', messages })).messages[1].content).toEqual([own, text]);
  });
});

/** As Claude Code asks: beta header, marked system and tools, thinking, a stream, and a count before it. */
const CLAUDE_CODE = {
  model: 'claude',
  max_tokens: 8_000,
  stream: true,
  system: [
    { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.208;' },
    { type: 'text', text: 'You are a coding agent.', cache_control: { type: 'ephemeral' } },
  ],
  tools: [
    {
      name: 'Bash',
      description: 'Run a command',
      input_schema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { command: { type: 'string' } },
        required: ['command'],
        additionalProperties: false,
      },
      eager_input_streaming: true,
    },
    {
      name: 'Read',
      description: 'Read a file',
      input_schema: { type: 'object', properties: {} },
      cache_control: { type: 'ephemeral' },
    },
  ],
  thinking: { type: 'adaptive' },
  context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  metadata: { user_id: '{"device_id":"d","account_uuid":"","session_id":"s"}' },
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: '<system-reminder>Be careful.</system-reminder>' },
        {
          type: 'text',
          text: 'Run Bash [[simulate tool_calls=1 reasoning_tokens=20]]',
          cache_control: { type: 'ephemeral' },
        },
      ],
    },
  ],
};
const CLAUDE_CODE_HEADERS = {
  'anthropic-beta': 'claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27',
  'anthropic-dangerous-direct-browser-access': 'true',
  'user-agent': 'claude-cli/2.1.208 (external, cli)',
  'x-app': 'cli',
};

describe.each(['claude', 'gpt', 'gemini'])('as Claude Code asks: %s', (model) => {
  test('count, stream with thinking and a tool, and the loop', async () => {
    const { stream: _streamed, max_tokens: _cap, ...counted } = CLAUDE_CODE;
    const count = await send({ ...counted, model }, CLAUDE_CODE_HEADERS, '/v1/messages/count_tokens?beta=true');
    expect(((await count.json()) as Json).input_tokens).toBeGreaterThan(40);

    const first = await send({ ...CLAUDE_CODE, model }, CLAUDE_CODE_HEADERS, '/v1/messages?beta=true');
    expect(first.status).toBe(200);
    const { message, stopped } = observeMessage(messageEvents(await first.text()));
    expect([stopped, message.stop_reason]).toEqual([true, 'tool_use']);
    const call = message.content.at(-1);
    expect(call).toMatchObject({ type: 'tool_use', name: 'Bash' });
    const content = message.content.map(({ json, ...block }: Json) =>
      json ? { ...block, input: JSON.parse(json) } : block,
    );

    const result = { type: 'tool_result', tool_use_id: call.id, content: 'done', cache_control: { type: 'ephemeral' } };
    const messages = [
      ...CLAUDE_CODE.messages,
      { role: 'assistant', content },
      { role: 'user', content: [result, { type: 'text', text: 'Go on [[simulate tool_calls=0]]' }] },
    ];
    const second = await send({ ...CLAUDE_CODE, model, messages }, CLAUDE_CODE_HEADERS, '/v1/messages?beta=true');
    const text = await second.text();
    expect(second.status, text).toBe(200);
    expect(observeMessage(messageEvents(text)).message.stop_reason).toBe('end_turn');
    expect(world.billing.all('settle')).toHaveLength(2);
    if (model === 'claude')
      expect(world.provider.requests.at(-1)?.body).toEqual({ ...CLAUDE_CODE, model: 'claude-sonnet-4-5', messages });
  });
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
    const sent = await sentFor({ model: 'gpt', system: 'Be short.', messages: loop, tools, stop_sequences: ['END'] });
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
    const sent = await sentFor({ model: 'gemini', messages: loop, tools, top_k: 5 });
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
    expect((await sentFor({ model: 'gpt', ...changes })).reasoning_effort).toBe(effort);
  });

  test('documents, JSON by a schema, choice of tools', async () => {
    const pdf = 'JVBERi0xLjQKL1R5cGUgL1BhZ2UK';
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    };
    const sent = await sentFor({
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
    ['gemini', user({ type: 'image', source: { type: 'url', url: 'https://a.example.com/a.png' } }), 'messages[0]'],
    ['gpt', { output_config: { effort: 'none' } }, 'output_config.effort'],
    ['gpt-plain', { output_config: { effort: 'low' } }, 'output_config.effort'],
    ['gpt-plain', { thinking: { type: 'enabled', budget_tokens: 1_024 } }, 'thinking'],
    [
      'gpt',
      { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
      'context_management.edits[0].type',
    ],
  ])("%s can't: %j", async (model, changes, param) => {
    expect(await refusedParam({ model, ...changes })).toBe(param);
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
    expect(await refusedParam({ model, ...changes })).toBe(param);
    expect(world.billing.batches).toEqual([]);
  });
});
