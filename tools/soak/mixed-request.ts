/** One request of a mixed load: a surface, a provider, whole or streamed, and what goes wrong with it. */
import { randomUUID } from 'node:crypto';
import { mixedModels } from './directory.ts';

const SURFACES = ['chat', 'messages', 'responses', 'completions', 'embeddings'] as const;
type Surface = (typeof SURFACES)[number];

/** Of a hundred requests. `whole`: nothing goes wrong. */
const FATES = {
  whole: 66,
  client_leaves: 12,
  slow_client: 6,
  upstream_error: 5,
  upstream_overloaded: 2,
  upstream_cut: 4,
  upstream_error_inside: 4,
  upstream_silent: 1,
} as const;
export type Fate = keyof typeof FATES;
export const FATE_NAMES = Object.keys(FATES) as Fate[];

export interface MixedRequest {
  /** Sent as `x-request-id`, and in the prompt, so that provider and ledger can be asked for it. */
  id: string;
  surface: Surface;
  streamed: boolean;
  fate: Fate;
  path: string;
  body: string;
  leaveAfterMs: number;
}

const between = (least: number, most: number) => least + Math.floor(Math.random() * (most - least + 1));
const oneOf = <T>(list: readonly T[]): T => list[between(0, list.length - 1)] as T;

function drawFate(): Fate {
  let left = between(0, 99);
  for (const fate of FATE_NAMES) {
    left -= FATES[fate];
    if (left < 0) return fate;
  }
  return 'whole';
}

/** What the simulated provider is told. */
function directiveOf(fate: Fate): string {
  const length = fate === 'slow_client' ? between(1_500, 3_000) : between(20, 300);
  const at = between(2, 15);
  const faults: Partial<Record<Fate, string>> = {
    upstream_error: 'status=500',
    upstream_overloaded: 'status=429 retry_after_s=1',
    upstream_cut: `cut_after_tokens=${at}`,
    upstream_error_inside: `error_after_tokens=${at}`,
    upstream_silent: `hang_after_tokens=${at}`,
  };
  return `[[simulate length=${length} tokens_per_second=${between(100, 2_000)} ${faults[fate] ?? ''}]]`;
}

function bodyOf(surface: Surface, model: string, streamed: boolean, text: string): object {
  const messages = [{ role: 'user', content: text }];
  if (surface === 'chat')
    return { model, messages, ...(streamed && { stream: true, stream_options: { include_usage: true } }) };
  if (surface === 'messages') return { model, messages, max_tokens: 4_000, ...(streamed && { stream: true }) };
  if (surface === 'responses') return { model, input: text, ...(streamed && { stream: true }) };
  if (surface === 'completions')
    return { model, prompt: text, ...(streamed && { stream: true, stream_options: { include_usage: true } }) };
  return { model, input: text };
}

const PATHS: Record<Surface, string> = {
  chat: '/v1/chat/completions',
  messages: '/v1/messages',
  responses: '/v1/responses',
  completions: '/v1/completions',
  embeddings: '/v1/embeddings',
};

export function drawRequest(): MixedRequest {
  const id = randomUUID();
  const surface = oneOf(SURFACES);
  const isVector = surface === 'embeddings';
  const fate = isVector ? oneOf(['whole', 'whole', 'upstream_error'] as const) : drawFate();
  const streamed = !isVector && (fate === 'slow_client' || Math.random() < 0.6);
  const { openai, anthropic, gemini, vectors } = mixedModels;
  const model = isVector ? vectors : oneOf([openai, anthropic, gemini]);
  const text = `${'word '.repeat(between(1, 60))}${id} ${directiveOf(fate)}`;
  return {
    ...{ id, surface, streamed, fate, path: PATHS[surface] },
    body: JSON.stringify(bodyOf(surface, model.name, streamed, text)),
    leaveAfterMs: between(5, 400),
  };
}
