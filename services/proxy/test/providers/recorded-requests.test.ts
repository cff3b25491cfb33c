/** Requests that were really sent: an equivalent OpenAI request has to become the same for the provider. */
import type { ProviderName } from '@cloudfreedom/contracts';
import { describe, expect, it } from 'vitest';
import { chatRequest } from '../../src/providers/chat-request.ts';
import { adapters } from '../../src/providers/registry.ts';
import { isChat, loadCases, SHARED_CASES, SKIPPED } from './recorded-cases.ts';

const shared = loadCases(SHARED_CASES)?.filter((recorded) => isChat(recorded) && recorded.request) ?? null;

function bodyOf(
  provider: ProviderName,
  fields: Record<string, unknown>,
  upstreamModel: string,
  outputTokensCap: number,
) {
  const request = chatRequest.parse({ model: 'public', ...fields });
  const built = adapters[provider].buildRequest({ request, upstreamModel, outputTokensCap });
  if ('unsupported' in built) throw new Error(`refused: ${built.unsupported.param}`);
  return JSON.parse(built.body);
}

const requestOf = (id: string) => {
  const found = shared?.find((recorded) => recorded.id === id)?.request;
  if (!found) throw new Error(`no request of ${id}`);
  // biome-ignore lint/suspicious/noExplicitAny: JSON as it was sent
  return found as Record<string, any>;
};

interface AnthropicTool {
  name: string;
  description: string;
  input_schema: object;
}
const toolOf = ({ name, description, input_schema }: AnthropicTool) => ({
  type: 'function',
  function: { name, description, parameters: input_schema },
});
const user = (text: string) => [{ role: 'user', content: text }];

describe.skipIf(!shared)(`recorded requests${shared ? '' : SKIPPED}`, () => {
  it('to OpenAI pass as they are', () => {
    const requests = shared?.filter((recorded) => recorded.provider === 'openai') ?? [];
    for (const { request } of requests) {
      const body = bodyOf('openai', chatRequest.parse(request), 'upstream', 9);
      const { max_tokens: _replaced, stream_options: _ours, ...kept } = request ?? {};
      const { stream_options: options, ...sent } = body;
      expect(sent).toEqual({ ...kept, model: 'upstream', max_completion_tokens: 9 });
      expect(options?.include_usage).toBe(request?.stream ? true : undefined);
    }
    expect(requests.length).toBeGreaterThan(30);
  });

  it('to Anthropic: tools', () => {
    const { max_tokens: cap, model, ...sent } = requestOf('anthropic/parallel-tools-stream');
    const fields = { messages: sent.messages, stream: true, tools: sent.tools.map(toolOf) };
    const messages = [{ role: 'user', content: [{ type: 'text', text: sent.messages[0].content }] }];
    expect(bodyOf('anthropic', fields, model, cap)).toEqual({
      model,
      max_tokens: cap,
      stream: true,
      tools: sent.tools,
      messages,
    });
  });

  it('to Anthropic: a forced tool, a stop sequence with a cache marker, a schema, an image', () => {
    const forced = requestOf('anthropic/tool-choice');
    const asked = { messages: forced.messages, tools: forced.tools.map(toolOf), tool_choice: 'required' };
    expect(bodyOf('anthropic', asked, forced.model, 9)).toMatchObject({
      tools: forced.tools,
      tool_choice: { type: 'any' },
    });

    const stopped = requestOf('anthropic/stop-sequence');
    const body = bodyOf('anthropic', { messages: stopped.messages, stop: 'cool' }, stopped.model, 4096);
    expect(body).toMatchObject({ stop_sequences: ['cool'], max_tokens: 4096 });
    expect(body.messages[0].content[0].cache_control).toEqual({ type: 'ephemeral' });

    const shaped = requestOf('anthropic/structured-output');
    const schema = shaped.output_config.format.schema;
    const format = { type: 'json_schema', json_schema: { name: 'Dog', schema } };
    expect(
      bodyOf('anthropic', { messages: user('x'), response_format: format, temperature: 1 }, shaped.model, 9),
    ).toMatchObject({
      output_config: shaped.output_config,
    });

    const [image] = requestOf('anthropic/image-in').messages[0].content;
    const url = `data:${image.source.media_type};base64,${image.source.data}`;
    const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }];
    expect(bodyOf('anthropic', { messages }, 'claude-sonnet-4-5', 9).messages[0].content).toEqual([image]);
  });

  it('to Anthropic: thinking and the result of a tool', () => {
    const { thinking } = requestOf('anthropic/thinking-tokens-usage');
    const fields = { messages: user('x'), reasoning_effort: 'high' };
    expect(bodyOf('anthropic', fields, 'claude-sonnet-5', 9).thinking).toEqual(thinking);

    const [asked, called, answered] = requestOf('anthropic/tool-result').messages;
    const [text, use] = called.content;
    const call = { id: use.id, type: 'function', function: { name: use.name, arguments: JSON.stringify(use.input) } };
    const messages = [
      asked,
      { role: 'assistant', content: text.text, tool_calls: [call] },
      { role: 'tool', tool_call_id: use.id, content: answered.content[0].content },
    ];
    const { is_error: _absentIsFalse, ...result } = answered.content[0];
    const sent = bodyOf('anthropic', { messages }, 'claude-sonnet-4-6', 9).messages;
    expect(sent.slice(1)).toEqual([called, { role: 'user', content: [result] }]);
  });

  it('to Gemini: stop, the cap, a schema', () => {
    const stopped = requestOf('gemini/stop-sequence');
    const fields = { messages: user(stopped.contents[0].parts[0].text), stop: stopped.generationConfig.stopSequences };
    expect(bodyOf('gemini', fields, 'gemini-2.0-flash-001', 500)).toMatchObject({
      contents: [{ role: 'user', parts: stopped.contents[0].parts }],
      generationConfig: stopped.generationConfig,
    });

    const { generationConfig } = requestOf('gemini/json-schema');
    const format = { type: 'json_schema', json_schema: { name: 'a', schema: generationConfig.responseJsonSchema } };
    const body = bodyOf('gemini', { messages: user('x'), response_format: format }, 'gemini-2.5-flash', 9);
    expect(body.generationConfig).toEqual({ ...generationConfig, maxOutputTokens: 9 });
  });

  it('to Gemini: a tool loop with its signature', () => {
    const { contents } = requestOf('gemini/tool-result-stream');
    const { functionCall, thoughtSignature } = contents[1].parts[0];
    const { id, response } = contents[2].parts[0].functionResponse;
    const call = {
      id,
      type: 'function',
      function: { name: functionCall.name, arguments: '{}' },
      extra_content: { google: { thought_signature: thoughtSignature } },
    };
    const messages = [
      ...user(contents[0].parts[0].text),
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: id, content: JSON.stringify(response) },
    ];
    const body = bodyOf('gemini', { messages }, 'gemini-3-pro-preview', 9);
    expect(body.contents).toEqual(contents);
  });
});
