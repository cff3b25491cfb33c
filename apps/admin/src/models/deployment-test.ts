/** The smallest call that shows whether a deployment works. */
import { z } from 'zod';
import type { ModelDeployment } from './deployment.ts';

const QUESTION = 'Answer with the word OK.';
/** Enough for a word, and for a model that thinks before it. */
const OUTPUT_TOKENS = { none: 16, visible: 256, hidden: 256 } as const;

export function testRequestOf({ name, kind, reasoning }: Pick<ModelDeployment, 'name' | 'kind' | 'reasoning'>): {
  path: string;
  body: object;
} {
  if (kind === 'embedding') return { path: '/v1/embeddings', body: { model: name, input: 'OK' } };
  const messages = [{ role: 'user', content: QUESTION }];
  return {
    path: '/v1/chat/completions',
    body: { model: name, messages, max_completion_tokens: OUTPUT_TOKENS[reasoning] },
  };
}

/** What is read of a chat's answer; of vectors nothing. */
export const testAnswer = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({ content: z.string().nullable().optional() }) })).optional(),
});
