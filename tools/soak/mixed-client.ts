/** Sends a request of the mixed load and says what a client saw of it. */
import type { MixedRequest } from './mixed-request.ts';

/** `answered`: whole, with its usage. `stopped`: cut short because money for more could not be had; the answer says so. */
export type Seen =
  | { kind: 'answered'; outputTokens: number; stopped: boolean }
  | { kind: 'refused'; status: number; code: string; retryAfter: boolean }
  | { kind: 'broken'; because: string }
  | { kind: 'left' };

interface WireUsage {
  completion_tokens?: number;
  output_tokens?: number;
}

const outputOf = (usage: WireUsage) => usage.completion_tokens ?? usage.output_tokens ?? 0;

/** What each surface's stream ends with. */
const LAST = {
  chat: 'data: [DONE]',
  completions: 'data: [DONE]',
  messages: 'event: message_stop',
  responses: 'event: response.completed',
  embeddings: 'never streamed',
};

interface WireEvent {
  usage?: WireUsage | null;
  response?: { usage?: WireUsage | null };
}

/** The last usage of a stream that ended as it should; undefined: it did not. */
function readStream({ surface }: MixedRequest, text: string): number | undefined {
  if (!text.includes(LAST[surface])) return undefined;
  const events = text.split('\n').filter((line) => line.startsWith('data: {'));
  for (const line of events.reverse()) {
    const event = JSON.parse(line.slice(6)) as WireEvent;
    const usage = event.usage ?? event.response?.usage;
    if (usage) return outputOf(usage);
  }
  return undefined;
}

const saysStopped = (text: string) => text.includes('"stopped":"');

const SLOW_PAUSE_MS = 60;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function readSlowly(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    await pause(SLOW_PAUSE_MS);
  }
  return text;
}

async function readRefusal(response: Response): Promise<Seen> {
  const retryAfter = response.headers.has('retry-after');
  const body = (await response.json()) as { error?: { code?: string; type?: string } };
  return { kind: 'refused', status: response.status, code: body.error?.code ?? body.error?.type ?? '', retryAfter };
}

async function readAnswer(request: MixedRequest, response: Response): Promise<Seen> {
  if (!response.ok) return readRefusal(response);
  if (!request.streamed) {
    const text = await response.text();
    const { usage } = JSON.parse(text) as { usage: WireUsage };
    return { kind: 'answered', outputTokens: outputOf(usage), stopped: saysStopped(text) };
  }
  const text = await (request.fate === 'slow_client' ? readSlowly(response) : response.text());
  const outputTokens = readStream(request, text);
  return outputTokens === undefined
    ? { kind: 'broken', because: 'the stream ended before its end' }
    : { kind: 'answered', outputTokens, stopped: saysStopped(text) };
}

const TIMEOUT_MS = 180_000;

export async function send(proxyUrl: string, key: string, request: MixedRequest): Promise<Seen> {
  const leaves = request.fate === 'client_leaves';
  const left = new AbortController();
  const timer = leaves ? setTimeout(() => left.abort(), request.leaveAfterMs) : undefined;
  try {
    const response = await fetch(`${proxyUrl}${request.path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'x-request-id': request.id,
        ...(request.surface === 'messages' && { 'anthropic-version': '2023-06-01' }),
      },
      body: request.body,
      signal: AbortSignal.any([left.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return await readAnswer(request, response);
  } catch (error) {
    if (left.signal.aborted) return { kind: 'left' };
    const { message, cause } = error as Error;
    return { kind: 'broken', because: (cause as { code?: string } | undefined)?.code ?? message };
  } finally {
    clearTimeout(timer);
  }
}
