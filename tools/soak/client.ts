/** A client as SDKs are: streams or not, and comes back when it is told to. */
import type { Rig } from './rig.ts';

export interface Wish {
  key: string;
  model: string;
  streamed: boolean;
  /** What the provider would answer, tokens, before any cap. */
  answerTokens: number;
  tokensPerSecond: number;
  /** Output cap; undefined: the product's default. */
  capTokens?: number;
  /** Part of the prompt, to make requests of several sizes. */
  promptWords: number;
}

/** What became of a request. */
export type Outcome =
  | { kind: 'answered'; requestId: string; outputTokens: number; charge: string | undefined; stopped: boolean }
  | { kind: 'refused'; code: string; retryAfterMs: number; needed: string }
  /** Something broke before the answer was whole. */
  | { kind: 'broken'; because: string };

interface Usage {
  completion_tokens: number;
  cloudfreedom?: { charge_eur?: string; request_id?: string; stopped?: string };
}

function bodyOf(wish: Wish): string {
  const directive = `[[simulate length=${wish.answerTokens} tokens_per_second=${wish.tokensPerSecond}]]`;
  return JSON.stringify({
    model: wish.model,
    messages: [{ role: 'user', content: `${'word '.repeat(wish.promptWords)}${directive}` }],
    ...(wish.capTokens !== undefined && { max_tokens: wish.capTokens }),
    ...(wish.streamed && { stream: true, stream_options: { include_usage: true } }),
  });
}

/** The usage of a stream that ended with [DONE]; undefined: it did not. */
async function readStream(response: Response): Promise<Usage | undefined> {
  const text = await response.text();
  if (!text.includes('data: [DONE]')) return undefined;
  const lines = text.split('\n').filter((line) => line.startsWith('data: {'));
  for (const line of lines.reverse()) {
    const { usage } = JSON.parse(line.slice(6)) as { usage?: Usage | null };
    if (usage) return usage;
  }
  return undefined;
}

async function readRefusal(response: Response): Promise<Outcome> {
  const { error } = (await response.json()) as { error: { code: string; budget?: { needed: string } } };
  if (response.status !== 429) return { kind: 'broken', because: `${response.status} ${error.code}` };
  const retryAfterMs = Number(response.headers.get('retry-after') ?? 1) * 1000;
  return { kind: 'refused', code: error.code, retryAfterMs, needed: error.budget?.needed ?? '0' };
}

export async function ask(rig: Pick<Rig, 'proxyUrl'>, wish: Wish): Promise<Outcome> {
  try {
    const response = await fetch(`${rig.proxyUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${wish.key}`, 'content-type': 'application/json' },
      body: bodyOf(wish),
      signal: AbortSignal.timeout(120_000),
    });
    if (!response.ok) return await readRefusal(response);
    const requestId = response.headers.get('x-request-id') ?? '';
    const usage = wish.streamed ? await readStream(response) : ((await response.json()) as { usage: Usage }).usage;
    if (!usage) return { kind: 'broken', because: 'the stream ended without [DONE]' };
    return {
      kind: 'answered',
      requestId,
      outputTokens: usage.completion_tokens,
      charge: usage.cloudfreedom?.charge_eur,
      stopped: usage.cloudfreedom?.stopped !== undefined,
    };
  } catch (error) {
    return { kind: 'broken', because: error instanceof Error ? error.message : 'unknown' };
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const BROKEN_MAX = 20;
const AFTER_BREAK_MS = 500;

/** Again and again, as told, until it is answered or refused for good. @returns the last outcome and how often held */
export async function insist(rig: Pick<Rig, 'proxyUrl'>, wish: Wish): Promise<{ outcome: Outcome; held: number }> {
  let [held, broken] = [0, 0];
  for (;;) {
    const outcome = await ask(rig, wish);
    if (outcome.kind === 'broken' && ++broken <= BROKEN_MAX) await pause(AFTER_BREAK_MS);
    else if (outcome.kind === 'refused' && outcome.code === 'budget_held') {
      held += 1;
      await pause(outcome.retryAfterMs);
    } else return { outcome, held };
  }
}
