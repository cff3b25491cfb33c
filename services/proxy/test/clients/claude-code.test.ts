/** Requests as Claude Code 2.1.330 sends them, to a model of each provider. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Json, type MessagesWorld, startMessagesWorld } from '../messages-world.ts';
import { messageEvents, observeMessage } from '../observed-message.ts';
import { stopPostgres } from '../proxy-under-test.ts';

let world: MessagesWorld;
beforeAll(async () => {
  world = await startMessagesWorld();
});
beforeEach(() => world.reset());
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

/** As Claude Code asks: beta header, marked system and tools, thinking, a stream, and a count before it. */
const CLAUDE_CODE = {
  model: 'claude',
  max_tokens: 8_000,
  stream: true,
  system: [
    { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330;' },
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
  thinking: { type: 'adaptive', display: 'omitted' },
  output_config: { effort: 'high' },
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
    { role: 'system', content: [{ type: 'text', text: '# Environment', cache_control: { type: 'ephemeral' } }] },
  ],
};
const CLAUDE_CODE_HEADERS = {
  'anthropic-beta':
    'claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,thinking-token-count-2026-05-13,advanced-tool-use-2025-11-20,effort-2025-11-24',
  'anthropic-dangerous-direct-browser-access': 'true',
  'user-agent': 'claude-cli/2.1.330 (external, cli)',
  'x-app': 'cli',
};

describe.each(['claude', 'gpt', 'gemini'])('as Claude Code asks: %s', (model) => {
  test('count, stream with thinking and a tool, and the loop', async () => {
    const { stream: _streamed, max_tokens: _cap, ...counted } = CLAUDE_CODE;
    const count = await world.send({ ...counted, model }, CLAUDE_CODE_HEADERS, '/v1/messages/count_tokens?beta=true');
    expect(((await count.json()) as Json).input_tokens).toBeGreaterThan(40);

    const first = await world.send({ ...CLAUDE_CODE, model }, CLAUDE_CODE_HEADERS, '/v1/messages?beta=true');
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
    const second = await world.send({ ...CLAUDE_CODE, model, messages }, CLAUDE_CODE_HEADERS, '/v1/messages?beta=true');
    const text = await second.text();
    expect(second.status, text).toBe(200);
    expect(observeMessage(messageEvents(text)).message.stop_reason).toBe('end_turn');
    expect(world.billing.all('settle')).toHaveLength(2);
    if (model === 'claude')
      expect(world.provider.requests.at(-1)?.body).toEqual({ ...CLAUDE_CODE, model: 'claude-sonnet-4-5', messages });
  });
});
