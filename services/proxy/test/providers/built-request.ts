/** Client requests, built for a provider. */
import type { ProviderName } from '@cloudfreedom/contracts';
import { chatRequest } from '../../src/providers/chat-request.ts';
import { adapters } from '../../src/providers/registry.ts';

export const hello = [{ role: 'user', content: 'Hello' }];
export const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';
export const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Weather of a place',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const MODELS = { openai: 'gpt-5-mini', anthropic: 'claude-sonnet-4-5', gemini: 'gemini-2.5-flash' };

interface Options {
  model?: string;
  cap?: number;
}

export function build(provider: ProviderName, fields: Record<string, unknown>, { model, cap = 4000 }: Options = {}) {
  const request = chatRequest.parse({ model: 'public', messages: hello, ...fields });
  return adapters[provider].buildRequest({ request, upstreamModel: model ?? MODELS[provider], outputTokensCap: cap });
}

/** The upstream body as the provider reads it. */
export function bodyOf(provider: ProviderName, fields: Record<string, unknown>, options?: Options) {
  const built = build(provider, fields, options);
  if ('unsupported' in built) throw new Error(`refused: ${built.unsupported.param}: ${built.unsupported.message}`);
  return JSON.parse(built.body);
}

export function refusedParam(
  provider: ProviderName,
  fields: Record<string, unknown>,
  options?: Options,
): string | null {
  const built = build(provider, fields, options);
  return 'unsupported' in built ? built.unsupported.param : null;
}

export const toolLoop = [
  { role: 'user', content: 'Weather in Kiel and Rome?' },
  {
    role: 'assistant',
    content: null,
    tool_calls: [
      { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Kiel"}' } },
      { id: 'call:2', type: 'function', function: { name: 'get_weather', arguments: '' } },
    ],
  },
  { role: 'tool', tool_call_id: 'call_1', content: '{"degrees":9}' },
  { role: 'tool', tool_call_id: 'call:2', content: [{ type: 'text', text: 'sunny' }] },
  { role: 'user', content: 'Thanks' },
];
