/** OpenAI's embeddings, as recorded from api.openai.com. */
import { z } from 'zod';
import { embeddingPrompt, vectorOf } from '../embedding.ts';
import { faultOf, type WireFormat } from '../wire-format.ts';
import { openaiFormat } from './format.ts';

const tokens = z.array(z.number().int());
const body = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1), tokens.min(1), z.array(tokens.min(1)).min(1)]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().int().positive().nullish(),
});

function textsOf(input: z.infer<typeof body>['input']): string[] {
  if (typeof input === 'string') return [input];
  if (typeof input[0] === 'number') return [input.join(' ')];
  return input.map((item) => (Array.isArray(item) ? item.join(' ') : String(item)));
}

function toBase64(numbers: number[]): string {
  return Buffer.from(new Float32Array(numbers).buffer).toString('base64');
}

export const openaiEmbeddings: WireFormat = {
  ...openaiFormat,
  readPrompt(_url, given) {
    const parsed = body.safeParse(given);
    if (!parsed.success) return { fault: faultOf(parsed.error.issues) };
    const { model, input, dimensions, encoding_format } = parsed.data;
    const whole = /large/.test(model) ? 3_072 : 1_536;
    const base64 = encoding_format === 'base64';
    return embeddingPrompt(model, { texts: textsOf(input), dimensions: dimensions ?? whole, base64 });
  },
  writeAnswer({ model, embed, inputTokens }) {
    const data = (embed?.texts ?? []).map((text, index) => {
      const vector = vectorOf(text, embed?.dimensions ?? 0);
      return { object: 'embedding', index, embedding: embed?.base64 ? toBase64(vector) : vector };
    });
    const usage = { prompt_tokens: inputTokens, total_tokens: inputTokens };
    return `${JSON.stringify({ object: 'list', data, model, usage }, null, 2)}\n`;
  },
};
