/** Runs in a thread of its own: counts tokens of texts. A count never ends by itself before it is done. */
import { parentPort } from 'node:worker_threads';
import type { CountJob, CountReply, Encoding } from './token-counter.ts';

type Count = (text: string) => number;

/** A text that spells one of OpenAI's control tokens is text: it is counted as what it says. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };

const loaded = new Map<Encoding, Promise<Count>>();

function counterOf(encoding: Encoding): Promise<Count> {
  let counter = loaded.get(encoding);
  if (!counter) {
    counter = load(encoding);
    loaded.set(encoding, counter);
  }
  return counter;
}

async function load(encoding: Encoding): Promise<Count> {
  const { countTokens } =
    encoding === 'o200k_base'
      ? await import('gpt-tokenizer/encoding/o200k_base')
      : await import('gpt-tokenizer/encoding/cl100k_base');
  return (text) => countTokens(text, AS_TEXT);
}

parentPort?.on('message', async ({ id, encoding, texts }: CountJob) => {
  const count = await counterOf(encoding);
  const reply: CountReply = { id, tokens: texts.reduce((sum, text) => sum + count(text), 0) };
  parentPort?.postMessage(reply);
});
