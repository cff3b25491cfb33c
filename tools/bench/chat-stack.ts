/** A running stack with one person who has written a conversation of many messages, and a server that streams any text. */
import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  audienceOf,
  conversationSummary,
  SESSION_TOKEN_TYPE,
  type StackFile,
  TOKEN_EXCHANGE_GRANT,
  tokenExchangeResponse,
  type UsageRow,
  usagePage,
} from '@cloudfreedom/contracts';
import PocketBase from 'pocketbase';

const MODEL = 'gpt-5.4-mini';
const CHARACTERS_PER_TOKEN = 4;

type Tokens = (audience: string) => Promise<string>;

export interface Writer {
  email: string;
  password: string;
  token: Tokens;
}

/** Access tokens of who signs in so, by audience. */
async function tokensOf(stack: StackFile, who: { email: string; password: string }): Promise<Tokens> {
  const own = new PocketBase(stack.urls.pocketbase);
  await own.collection('users').authWithPassword(who.email, who.password);
  return async (audience) => {
    const response = await fetch(`${stack.urls.identity}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: TOKEN_EXCHANGE_GRANT,
        subject_token: own.authStore.token,
        subject_token_type: SESSION_TOKEN_TYPE,
        audience,
      }),
    });
    return tokenExchangeResponse.parse(await response.json()).access_token;
  };
}

/** Somebody new whose budget is large. */
export async function newWriter(stack: StackFile): Promise<Writer> {
  const { urls, demo, tenant } = stack;
  const superuser = new PocketBase(urls.pocketbase);
  await superuser.collection('_superusers').authWithPassword(demo.superuser.email, demo.superuser.password);
  const product = await superuser.collection('products').getFirstListItem('name = "Starter"');
  const [email, password] = ['bench-chat@demo.example', randomBytes(12).toString('base64url')];
  await superuser.collection('users').create({
    ...{ email, password, passwordConfirm: password, verified: true, emailVisibility: true, name: 'Bench' },
    ...{ tenant: tenant.id, product: product.id, budget_override_eur: '5000' },
    ...{ role: 'member', kind: 'person', status: 'active', locale: 'en' },
  });
  return { email, password, token: await tokensOf(stack, { email, password }) };
}

interface Written {
  role: 'user' | 'assistant';
  content: string;
  ending?: string;
  servedBy?: string;
}

/** A conversation with these messages, one after the other. @returns its id */
export async function writeConversation(
  stack: StackFile,
  token: Tokens,
  title: string,
  messages: readonly Written[],
): Promise<string> {
  const bearer = await token(audienceOf.conversations(stack.tenant.id));
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${stack.urls.conversations}/v1/conversations${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { id } = conversationSummary.parse(await post('', { title }));
  for (const { role, ...message } of messages) {
    const ofModel = { model: MODEL, chargeEur: '0.0012', ending: 'whole' };
    const ofPerson = { model: null, chargeEur: null };
    await post(`/${id}/messages`, {
      ...{ id: crypto.randomUUID(), role },
      ...(role === 'assistant' ? ofModel : ofPerson),
      ...message,
    });
  }
  return id;
}

/** Milliseconds from a request's arrival at the proxy to the first byte of its answer, by request id, as the proxy told. */
export async function firstBytes(stack: StackFile, writer: Writer): Promise<Map<string, number>> {
  const headers = { authorization: `Bearer ${await writer.token('billing')}` };
  const rows: UsageRow[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const page = usagePage.parse(await (await fetch(`${stack.urls.billing}/v1/usage${query}`, { headers })).json());
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return new Map(rows.map(({ requestId, firstByteMs }) => [requestId, firstByteMs ?? Number.NaN]));
}

/** Answers every request with a text, a token at a time; also to pages. */
export async function startTextServer(
  text: () => string,
  tokensPerSecond: number,
): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*');
    if (request.method === 'OPTIONS') return void response.end();
    request.resume();
    response.setHeader('content-type', 'text/event-stream');
    void stream(response, text(), tokensPerSecond);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

async function stream(response: ServerResponse, text: string, tokensPerSecond: number): Promise<void> {
  const startedAt = performance.now();
  for (let sent = 0; sent < text.length && !response.destroyed; ) {
    const due = Math.ceil(((performance.now() - startedAt) / 1000) * tokensPerSecond) * CHARACTERS_PER_TOKEN;
    for (; sent < Math.min(due, text.length); sent += CHARACTERS_PER_TOKEN) {
      const content = text.slice(sent, sent + CHARACTERS_PER_TOKEN);
      response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
    }
    await sleep(1000 / tokensPerSecond);
  }
  response.end('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
}
