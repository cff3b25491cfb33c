/** OpenAI's request is the client's own, with the model's name, the cap and the usage chunk set. */
import type { ChatMessage } from '../chat-request.ts';
import type { ChatCall, UpstreamRequest } from '../provider.ts';
import { translate, UnsupportedField } from '../request-fields.ts';
import type { UpstreamBody } from './wire.ts';

/**
 * What our own answers carry beyond OpenAI's message: another provider's reasoning and signatures. Clients send
 * messages back as they got them; OpenAI can't use these and refuses unknown fields.
 */
const OTHER_PROVIDERS_FIELDS = ['reasoning_content', 'thinking_blocks', 'extra_content', 'images'];

const SERVICE_TIERS = ['auto', 'default', 'flex', 'priority'];

/** A tier without a price of its own here would be a way around the budget. */
function checkTier({ service_tier: tier }: ChatCall['request']): void {
  if (tier === undefined || tier === null || SERVICE_TIERS.some((known) => known === tier)) return;
  throw new UnsupportedField('service_tier', `Use one of ${SERVICE_TIERS.join(', ')}.`);
}

/**
 * What servers that speak OpenAI's API know beyond it and what makes an answer cost more than its tokens here: another
 * model, searches, documents of others, a cap of their own beside ours.
 */
const BEYOND_THE_PRICE = [
  'models',
  'route',
  'provider',
  'preset',
  'plugins',
  'search_parameters',
  'enable_search',
  'data_sources',
  'n_predict',
  'max_new_tokens',
  'best_of',
  'use_beam_search',
];

function checkPriced(request: ChatCall['request']): void {
  const field = BEYOND_THE_PRICE.find((name) => request[name] !== undefined && request[name] !== null);
  if (field) throw new UnsupportedField(field, `Nothing bounds or counts what '${field}' costs; leave it out.`);
}

function without(value: Record<string, unknown>, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([field]) => !fields.includes(field)));
}

function ownMessage(message: ChatMessage): unknown {
  if (message.role !== 'assistant') return message;
  if (!OTHER_PROVIDERS_FIELDS.some((field) => field in message) && !message.tool_calls) return message;
  const calls = message.tool_calls?.map((call) => ('extra_content' in call ? without(call, ['extra_content']) : call));
  return { ...without(message, OTHER_PROVIDERS_FIELDS), ...(calls ? { tool_calls: calls } : {}) };
}

export function buildRequest({ request, upstreamModel, outputTokensCap }: ChatCall) {
  return translate((): UpstreamRequest => {
    checkTier(request);
    checkPriced(request);
    const { max_tokens: _replaced, stream_options: streamOptions, ...kept } = request;
    const body: UpstreamBody = {
      ...kept,
      model: upstreamModel,
      messages: request.messages.map(ownMessage),
      max_completion_tokens: outputTokensCap,
      ...(request.stream ? { stream_options: { ...streamOptions, include_usage: true } } : {}),
    };
    return { path: '/chat/completions', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  });
}
