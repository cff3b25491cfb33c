/** What people and programs do all the time, small: one line per thing, and how it went. */
import { randomUUID } from 'node:crypto';
import { audienceOf, SESSION_TOKEN_TYPE, type StackFile, TOKEN_EXCHANGE_GRANT } from '@cloudfreedom/contracts';

/** A client gives up after this. */
const PATIENCE_MS = 30_000;
const EVERY_MS = 1_000;
const MODEL = 'gpt-5.4-mini';

export interface Seen {
  probe: ProbeName;
  /** Milliseconds since 1970. */
  beganAt: number;
  tookMs: number;
  /** `ok`, or what came instead. */
  result: string;
  /** Of a request that was answered whole: its id and the output tokens that it was told. */
  answered?: { requestId: string; outputTokens: number };
}

export const PROBES = ['answer', 'stream', 'budget', 'sign-in', 'token', 'chats'] as const;
export type ProbeName = (typeof PROBES)[number];

type Outcome = Pick<Seen, 'result' | 'answered'>;

async function refusal(response: Response): Promise<Outcome> {
  await response.body?.cancel();
  const again = response.headers.has('retry-after') ? ', says when to come again' : '';
  return { result: `${response.status}${again}` };
}

const plain = async (response: Response): Promise<Outcome> => {
  if (!response.ok) return refusal(response);
  await response.arrayBuffer();
  return { result: 'ok' };
};

interface Told {
  completion_tokens: number;
}

function lastUsage(text: string): Told | undefined {
  const events = text.split('\n').filter((line) => line.startsWith('data: {'));
  for (const line of events.reverse()) {
    const { usage } = JSON.parse(line.slice(6)) as { usage?: Told | null };
    if (usage) return usage;
  }
  return undefined;
}

export class Probes {
  readonly seen: Seen[] = [];
  readonly #file: StackFile;
  #session = '';
  #token = '';
  #over = false;
  #running: Promise<void>[] = [];

  constructor(file: StackFile) {
    this.#file = file;
  }

  async start(): Promise<void> {
    await this.#signIn();
    await this.#exchange();
    this.#running = PROBES.map((probe) => this.#repeat(probe));
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#running);
  }

  /** Not one after the other: who waits for an answer doesn't keep others from asking. */
  async #repeat(probe: ProbeName): Promise<void> {
    const underWay = new Set<Promise<void>>();
    while (!this.#over) {
      const one = this.#once(probe).finally(() => underWay.delete(one));
      underWay.add(one);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    await Promise.all(underWay);
  }

  async #once(probe: ProbeName): Promise<void> {
    const beganAt = Date.now();
    const outcome = await this.#try(probe).catch((error: Error): Outcome => {
      if (error.name === 'TimeoutError') return { result: `no answer in ${PATIENCE_MS / 1000} s` };
      return {
        result: (error.cause as { code?: string } | undefined)?.code === 'ECONNREFUSED' ? 'nobody there' : 'broken off',
      };
    });
    this.seen.push({ probe, beganAt, tookMs: Date.now() - beganAt, ...outcome });
  }

  #try(probe: ProbeName): Promise<Outcome> {
    const { urls, demo } = this.#file;
    const get = (url: string, token: string) => this.#fetch(url, { headers: { authorization: `Bearer ${token}` } });
    switch (probe) {
      case 'answer':
        return this.#ask(false);
      case 'stream':
        return this.#ask(true);
      case 'budget':
        return get(`${urls.billing}/v1/budget`, demo.apiKey).then(plain);
      case 'chats':
        return get(`${urls.conversations}/v1/conversations`, this.#token).then(plain);
      case 'token':
        return this.#exchange();
      case 'sign-in':
        return this.#refresh();
    }
  }

  #fetch(url: string, init: RequestInit): Promise<Response> {
    return fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  async #ask(stream: boolean): Promise<Outcome> {
    const { urls, demo } = this.#file;
    const requestId = randomUUID();
    const content = 'Hello [[simulate length=40 tokens_per_second=80]]';
    const response = await this.#fetch(`${urls.proxy}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${demo.apiKey}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: JSON.stringify({
        model: MODEL,
        messages: [{ role: 'user', content }],
        ...(stream && { stream, stream_options: { include_usage: true } }),
      }),
    });
    if (!response.ok) return refusal(response);
    const text = await response.text();
    if (stream && !text.includes('data: [DONE]')) return { result: 'broken off' };
    const usage = stream ? lastUsage(text) : (JSON.parse(text) as { usage: Told }).usage;
    return { result: 'ok', answered: { requestId, outputTokens: usage?.completion_tokens ?? 0 } };
  }

  async #signIn(): Promise<void> {
    const { urls, demo } = this.#file;
    const response = await this.#fetch(`${urls.pocketbase}/api/collections/users/auth-with-password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identity: demo.user.email, password: demo.user.password }),
    });
    this.#session = ((await response.json()) as { token: string }).token;
  }

  async #refresh(): Promise<Outcome> {
    const url = `${this.#file.urls.pocketbase}/api/collections/users/auth-refresh`;
    return plain(await this.#fetch(url, { method: 'POST', headers: { authorization: this.#session } }));
  }

  async #exchange(): Promise<Outcome> {
    const response = await this.#fetch(`${this.#file.urls.identity}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: TOKEN_EXCHANGE_GRANT,
        subject_token: this.#session,
        subject_token_type: SESSION_TOKEN_TYPE,
        audience: audienceOf.conversations(this.#file.tenant.id),
      }),
    });
    if (!response.ok) return refusal(response);
    this.#token = ((await response.json()) as { access_token: string }).access_token;
    return { result: 'ok' };
  }
}
