/**
 * Step 4 once more, closer. Bytes are about four times the tokens of a text; where that makes a budget refuse the request,
 * its tokens are counted: the text of its messages by the model's own tokenizer (the rest stays at its bytes), or the whole
 * by the provider. Only then: counting costs a moment, and a hold that is too large costs nobody anything while it fits.
 */
import { type BudgetRefusal, parseEur } from '@cloudfreedom/contracts';
import type { Demand } from '../surfaces/surface.ts';
import { encodingOf } from '../tokens/token-counter.ts';
import { type CountOrder, countUpstream } from './count-upstream.ts';
import type { Parts } from './parts.ts';

/** A bound by bytes is rarely more than eight times the truth: what needs more than that is not served by counting. */
const BOUND_TO_TRUTH_MAX = 8n;
/** Providers call their counts estimates: a fiftieth more, and a few tokens. */
const COUNT_MARGIN = 0.02;
const COUNT_MARGIN_TOKENS = 32;

export interface TightenOrder extends Omit<CountOrder, 'request'> {
  demand: Demand;
  /** What stands in the way. */
  refused: BudgetRefusal;
  /** What would be sent; null: it can't be. */
  request: () => CountOrder['request'] | null;
}

/** @returns the demand with a closer bound; null: there is none, or it could not help */
export async function tighten(
  parts: Pick<Parts, 'tokenCounter' | 'upstreams' | 'providerKeys'>,
  order: TightenOrder,
): Promise<Demand | null> {
  const { demand, deployment, refused } = order;
  if (!couldHelp(refused)) return null;
  const { model, simulated } = deployment;
  const encoding = model.provider === 'openai' && !simulated ? encodingOf(model.upstreamModel) : null;
  return encoding ? countTexts(parts, demand, encoding) : countWhole(parts, order);
}

/** Billing's figures alone: what it needs by the bytes, against what is not spent yet. */
function couldHelp({ limit, spent, needed }: BudgetRefusal): boolean {
  return limit === null || parseEur(needed) <= BOUND_TO_TRUTH_MAX * (parseEur(limit) - parseEur(spent));
}

async function countTexts(
  { tokenCounter }: Pick<Parts, 'tokenCounter'>,
  demand: Demand,
  encoding: NonNullable<ReturnType<typeof encodingOf>>,
): Promise<Demand | null> {
  const texts = demand.countable?.();
  if (!texts) return null;
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const tokens = await tokenCounter.count(encoding, texts);
  if (tokens === null || tokens >= bytes) return null;
  return { ...demand, input: { ...demand.input, textBytes: demand.input.textBytes - bytes + tokens } };
}

/** What a request only refers to may be more than the provider counts here. */
async function countWhole(
  parts: Pick<Parts, 'upstreams' | 'providerKeys'>,
  { demand, request, ...order }: TightenOrder,
): Promise<Demand | null> {
  const built = order.adapter.counting && !demand.input.unbounded ? request() : null;
  const tokens = built && (await countUpstream(parts, { ...order, request: built }));
  if (tokens === null) return null;
  const countedTokens = Math.ceil(tokens * (1 + COUNT_MARGIN)) + COUNT_MARGIN_TOKENS;
  return { ...demand, input: { ...demand.input, countedTokens } };
}
