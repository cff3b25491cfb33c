/** OpenAI's legacy completion request. Unknown fields are kept; an adapter passes them on or refuses them. */
import { z } from 'zod';
import type { ChatRequest } from '../../providers/chat-request.ts';
import { chatRequest } from '../../providers/chat-request.ts';

// Chat models answer, so whatever a chat may ask for is checked as there.
const { messages: _prompt, ...sameAsChat } = chatRequest.shape;

export const completionRequest = z.looseObject({
  ...sameAsChat,
  prompt: z.union([z.string(), z.array(z.string()).length(1, 'expected one prompt: send one request for each')]),
  best_of: z.number().int().min(1).max(128).nullish(),
  echo: z.boolean().nullish(),
  logprobs: z.number().int().min(0).max(5).nullish(),
  suffix: z.string().nullish(),
});
export type CompletionRequest = z.infer<typeof completionRequest>;

/** OpenAI's own where a request names none. */
const MAX_TOKENS_DEFAULT = 16;

/** The prompt as what a person says. Fields that only completions have were checked before. */
export function chatOf(request: CompletionRequest): ChatRequest {
  const { prompt, best_of: _one, echo: _none, logprobs: _unknown, suffix: _empty, ...rest } = request;
  const content = typeof prompt === 'string' ? prompt : (prompt[0] ?? '');
  return { ...rest, max_tokens: request.max_tokens ?? MAX_TOKENS_DEFAULT, messages: [{ role: 'user', content }] };
}

/** @returns the field that no chat model can obey; null: there is none */
export function impossibleField({ best_of, echo, logprobs, suffix, n }: CompletionRequest): string | null {
  if (echo) return 'echo';
  if (suffix) return 'suffix';
  if (typeof logprobs === 'number') return 'logprobs';
  return typeof best_of === 'number' && best_of > (n ?? 1) ? 'best_of' : null;
}
