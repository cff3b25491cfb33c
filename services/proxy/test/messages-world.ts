/** The proxy with models of all three providers, asked in Anthropic's form. */
import { expect } from 'vitest';
import { type SimulatedWorld, startSimulatedWorld } from './clients/simulated-world.ts';
import { catalogueModel, SUBJECT_ID } from './stub-billing.ts';

// biome-ignore lint/suspicious/noExplicitAny: a provider's view of JSON
export type Json = any;

const HELLO = { max_tokens: 2_000, messages: [{ role: 'user', content: 'Hello' }] };

export interface MessagesWorld extends SimulatedWorld {
  send(body: object, headers?: Record<string, string>, path?: string): Promise<Response>;
  /** The body of the one request that the provider got. */
  sentFor(body: object, headers?: Record<string, string>): Promise<Json>;
  /** The request is refused with nothing left reserved. @returns the field at fault */
  refusedParam(body: object, headers?: Record<string, string>): Promise<string>;
  /** Let billing grant so much output and no more. */
  grantOutput(tokens: number): void;
  reset(): void;
}

export async function startMessagesWorld(): Promise<MessagesWorld> {
  const world = await startSimulatedWorld();
  world.billing.models = [
    catalogueModel({ name: 'claude', provider: 'anthropic', upstreamModel: 'claude-sonnet-4-5', reasoning: 'visible' }),
    catalogueModel({ name: 'gpt', provider: 'openai', upstreamModel: 'gpt-5', reasoning: 'hidden' }),
    catalogueModel({ name: 'gpt-plain', provider: 'openai', upstreamModel: 'gpt-4.1' }),
    catalogueModel({ name: 'gemini', provider: 'gemini', upstreamModel: 'gemini-3-pro', reasoning: 'hidden' }),
  ];
  world.billing.principal.models = world.billing.models.map(({ name }) => name);
  const send = (body: object, headers: Record<string, string> = {}, path = '/v1/messages') =>
    fetch(`${world.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${world.billing.apiKey}`,
        'anthropic-version': '2023-06-01',
        ...headers,
      },
      body: JSON.stringify({ ...HELLO, ...body }),
    });
  return {
    ...world,
    send,
    async sentFor(body, headers) {
      const response = await send(body, headers);
      const text = await response.text();
      expect(response.status, text).toBe(200);
      expect(world.provider.requests).toHaveLength(1);
      return world.provider.requests[0]?.body;
    },
    async refusedParam(body, headers) {
      const response = await send(body, headers);
      const { type, error } = (await response.json()) as Json;
      expect([response.status, type, error?.type]).toEqual([400, 'error', 'invalid_request_error']);
      const open = world.billing.all('reserve').length - world.billing.all('void').length;
      expect(open, 'reserved and not given back').toBe(0);
      return error.details.param;
    },
    grantOutput(tokens) {
      const hold = { outputTokens: tokens, amount: '0.01', expiresAt: new Date(Date.now() + 60_000).toISOString() };
      world.billing.reply = ({ op }) =>
        op === 'reserve'
          ? { status: 'granted', ceilingOutputTokens: tokens, hold, subjectId: SUBJECT_ID, apiKeyId: null }
          : undefined;
    },
    reset() {
      world.provider.requests.length = 0;
      world.billing.batches = [];
      world.billing.reply = () => undefined;
    },
  };
}
