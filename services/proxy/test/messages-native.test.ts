/** A request to `/v1/messages` on its way to Anthropic: untouched, bounded, or refused by its own names. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type MessagesWorld, startMessagesWorld } from './messages-world.ts';
import { stopPostgres } from './proxy-under-test.ts';

let world: MessagesWorld;
beforeAll(async () => {
  world = await startMessagesWorld();
});
beforeEach(() => world.reset());
afterAll(async () => {
  await world.close();
  await stopPostgres();
});

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
    const sent = await world.sentFor({ model: 'claude', ...body }, headers);
    expect(sent).toEqual({ ...body, model: 'claude-sonnet-4-5', max_tokens: 2_000 });
    expect(world.provider.requests[0]).toMatchObject({
      path: '/v1/messages',
      headers: { ...headers, 'anthropic-version': '2023-06-01', 'x-api-key': 'simulated' },
    });
    expect(world.provider.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('the cap is what the budget affords, and thinking keeps its share of it', async () => {
    world.grantOutput(8_000);
    const thinking = { type: 'enabled', budget_tokens: 10_000, display: 'summarized' };
    const sent = await world.sentFor({ model: 'claude', max_tokens: 8_192 * 2, thinking });
    expect([sent.max_tokens, sent.thinking]).toEqual([8_000, { ...thinking, budget_tokens: 4_882 }]);
  });

  test('thinking with a budget is only reserved for where it has room', async () => {
    await world.sentFor({ model: 'claude', thinking: { type: 'enabled', budget_tokens: 1_024 } });
    expect(world.billing.all('reserve')[0]?.outputTokensMin).toBeGreaterThan(1_024);
  });

  test('thinking that a stream does not show is held whole', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1_024, display: 'omitted' };
    await (await world.send({ model: 'claude', stream: true, thinking })).text();
    await (await world.send({ model: 'claude', stream: true })).text();
    const [hidden, shown] = world.billing.all('reserve').map(({ outputTokensSlice }) => outputTokensSlice);
    expect(hidden).toBe(2_000);
    expect(shown).toBeLessThan(2_000);
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
    expect(await world.refusedParam({ model: 'claude', ...changes })).toBe(param);
    expect(world.provider.requests).toHaveLength(0);
  });

  test.each([
    [{ 'anthropic-beta': 'context-1m-2025-08-07' }, 'anthropic-beta'],
    [{ 'anthropic-beta': 'a\u00e4' }, 'anthropic-beta'],
    [{ 'anthropic-version': 'yesterday' }, 'anthropic-version'],
  ])('a header that can not be is refused: %j', async (headers, param) => {
    expect(await world.refusedParam({ model: 'claude' }, headers)).toBe(param);
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
    expect((await world.sentFor({ model: 'claude', messages })).messages[1].content).toEqual([own, text]);
  });
});
