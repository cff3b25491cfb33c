/** Gemini's batchEmbedContents, as recorded: numbers alone, and no usage. */
import { z } from 'zod';
import { embeddingPrompt, vectorOf } from '../embedding.ts';
import { faultOf, type WireFormat } from '../wire-format.ts';
import { geminiFormat } from './format.ts';

const BATCH_MAX = 100;
const DIMENSIONS = 3_072;
const body = z.object({
  requests: z
    .array(
      z.object({
        model: z.string(),
        content: z.object({ parts: z.array(z.object({ text: z.string() })).min(1) }),
        outputDimensionality: z.number().int().positive().optional(),
      }),
    )
    .min(1)
    .max(BATCH_MAX, `at most ${BATCH_MAX} requests can be in one batch`),
});

export const geminiEmbeddings: WireFormat = {
  ...geminiFormat,
  readPrompt(url, given) {
    const parsed = body.safeParse(given);
    if (!parsed.success) return { fault: faultOf(parsed.error.issues) };
    const { requests } = parsed.data;
    const model = /models\/([^/:]+):/.exec(url.pathname)?.[1] ?? '';
    const texts = requests.map(({ content }) => content.parts.map(({ text }) => text).join('\n'));
    return embeddingPrompt(model, {
      texts,
      dimensions: requests[0]?.outputDimensionality ?? DIMENSIONS,
      base64: false,
    });
  },
  writeAnswer({ embed }) {
    const embeddings = (embed?.texts ?? []).map((text) => ({ values: vectorOf(text, embed?.dimensions ?? 0) }));
    return `${JSON.stringify({ embeddings }, null, 2)}\n`;
  },
};
