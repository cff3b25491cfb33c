/**
 * Step 4 once more, closer. Bytes are about four times the tokens of a text; where that makes a budget refuse the request,
 * the text of the messages is counted by the model's own tokenizer, and the rest stays at its bytes. Only then: counting
 * costs a moment, and a hold that is too large costs nobody anything while it fits.
 */
import type { Deployment } from '../models/deployment.ts';
import type { Demand } from '../surfaces/surface.ts';
import { encodingOf, type TokenCounter } from '../tokens/token-counter.ts';

/** @returns the demand with a closer bound; null: there is none */
export async function tighten(counter: TokenCounter, demand: Demand, deployment: Deployment): Promise<Demand | null> {
  const { model, simulated } = deployment;
  const encoding = model.provider === 'openai' && !simulated ? encodingOf(model.upstreamModel) : null;
  const texts = encoding && demand.countable?.();
  if (!encoding || !texts) return null;
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const tokens = await counter.count(encoding, texts);
  if (tokens === null || tokens >= bytes) return null;
  return { ...demand, input: { ...demand.input, textBytes: demand.input.textBytes - bytes + tokens } };
}
