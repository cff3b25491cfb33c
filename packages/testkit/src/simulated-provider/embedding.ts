/** Vectors of texts that mean nothing but are the same for the same text: length 1, as real ones are. */
import { createHash } from 'node:crypto';
import { splitDirective } from './knobs.ts';
import { type Embed, InputCount, type Prompt } from './prompt.ts';

/** A prompt that produces nothing to read. */
export function embeddingPrompt(model: string, embed: Embed): Prompt {
  const count = new InputCount();
  for (const text of embed.texts) count.text(splitDirective(text).rest);
  return {
    model,
    streamed: false,
    usageInStream: false,
    text: embed.texts[0] ?? '',
    toolResult: null,
    inputTokens: count.tokens,
    outputTokensCap: 0,
    tools: [],
    toolChoice: 'none',
    json: null,
    stopSequences: [],
    choices: 1,
    reasoning: 'none',
    embed,
  };
}

export function vectorOf(text: string, dimensions: number): number[] {
  const numbers: number[] = [];
  for (let block = 0; numbers.length < dimensions; block++) {
    const bytes = createHash('sha256').update(`${block} ${text}`).digest();
    for (let at = 0; at < bytes.length && numbers.length < dimensions; at += 2)
      numbers.push((bytes.readUInt16LE(at) - 32_767.5) / 32_768);
  }
  const length = Math.hypot(...numbers);
  return numbers.map((number) => number / length);
}
