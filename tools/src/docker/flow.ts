/** The main job through the deployment as it stands: sign-in, key, answer, budget, usage. */
import { randomBytes } from 'node:crypto';
import {
  apiKeyCreateResponse,
  audienceOf,
  type Budget,
  budget,
  formatEur,
  parseEur,
  SESSION_TOKEN_TYPE,
  TOKEN_EXCHANGE_GRANT,
  tokenExchangeResponse,
  usagePage,
} from '@cloudfreedom/contracts';
import PocketBase from 'pocketbase';
import type { z } from 'zod';
import { Fault } from '../stack/fault.ts';
import { CORE_DOMAIN, TENANT_DOMAIN } from './names.ts';

export const ADDRESSES = {
  api: `https://api.${CORE_DOMAIN}`,
  billing: `https://billing.${CORE_DOMAIN}`,
  portal: `https://admin.${CORE_DOMAIN}`,
  proxy: `https://ai.${TENANT_DOMAIN}`,
  chat: `https://app.${TENANT_DOMAIN}`,
};
export const MODEL = 'gpt-5.4-mini';
const TIMEOUT_MS = 60_000;
const POLL_MS = 200;
/** Two who ask so stay below the 60 requests a minute that a person has. */
const PAUSE_MS = 3000;

export interface Account {
  email: string;
  password: string;
}

export interface Person extends Account {
  session: string;
  apiKey: string;
}

export async function call<S extends z.ZodType>(
  what: string,
  url: string,
  init: RequestInit,
  schema: S,
): Promise<z.output<S>> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  if (!response.ok) throw new Fault(`${what}: ${response.status} ${text.slice(0, 500)}`);
  return schema.parse(JSON.parse(text));
}

export const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });

async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Fault(`${what}: not there after ${TIMEOUT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export async function signIn({ email, password }: Account): Promise<PocketBase> {
  const client = new PocketBase(ADDRESSES.api);
  client.autoCancellation(false);
  await client.collection('users').authWithPassword(email, password);
  return client;
}

/** A new member of the tenant who signs in and makes an API key. */
export async function newPerson(admin: PocketBase, slug: string): Promise<Person> {
  const tenant = await admin.collection('tenants').getFirstListItem(admin.filter('slug = {:slug}', { slug }));
  const product = await admin.collection('products').getFirstListItem('');
  const account = { email: `ada@${TENANT_DOMAIN}`, password: randomBytes(12).toString('base64url') };
  await admin.collection('users').create({
    ...account,
    passwordConfirm: account.password,
    emailVisibility: true,
    verified: true,
    name: 'Ada Trial',
    kind: 'person',
    role: 'member',
    status: 'active',
    locale: 'en',
    tenant: tenant.id,
    product: product.id,
  });
  const session = (await signIn(account)).authStore.token;
  const { key } = await call(
    'an API key',
    `${ADDRESSES.api}/v1/api-keys`,
    {
      method: 'POST',
      headers: { ...bearer(session), 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'trial' }),
    },
    apiKeyCreateResponse,
  );
  return { ...account, session, apiKey: key };
}

/** @param audience billing's without */
export async function accessToken(
  { session }: Pick<Person, 'session'>,
  audience: string = audienceOf.billing,
): Promise<string> {
  const body = new URLSearchParams({
    grant_type: TOKEN_EXCHANGE_GRANT,
    subject_token: session,
    subject_token_type: SESSION_TOKEN_TYPE,
    audience,
  });
  const url = `${ADDRESSES.api}/oauth/token`;
  return (await call('an access token', url, { method: 'POST', body }, tokenExchangeResponse)).access_token;
}

const budgetOf = (credential: string): Promise<Budget> =>
  call('the budget', `${ADDRESSES.billing}/v1/budget`, { headers: bearer(credential) }, budget);

/** @param directive what the simulated provider is told @returns the text of the stream, `[DONE]` included */
export async function streamAnswer({ apiKey }: Person, directive: string): Promise<string> {
  const response = await fetch(`${ADDRESSES.proxy}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...bearer(apiKey), 'content-type': 'application/json' },
    body: JSON.stringify({
      model: MODEL,
      messages: [{ role: 'user', content: `What is a budget? ${directive}` }],
      stream: true,
      stream_options: { include_usage: true },
    }),
  });
  const text = await response.text();
  if (!response.ok || !text.trimEnd().endsWith('data: [DONE]'))
    throw new Fault(`the answer of ${MODEL} isn't whole: ${response.status} …${text.slice(-500)}`);
  return text;
}

/** In nano-euro, as the last chunk of a stream says it. */
export const chargeOf = (stream: string) => parseEur(/"charge_eur":"([^"]+)"/.exec(stream)?.[1] ?? '0');

/** Asks one answer after the other until told to stop. @returns how many there were and what they cost together */
export async function keepAsking(person: Person, isOver: () => boolean): Promise<{ answers: number; cost: bigint }> {
  let [answers, cost] = [0, 0n];
  while (!isOver()) {
    cost += chargeOf(await streamAnswer(person, ''));
    answers += 1;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return { answers, cost };
}

/** What the budget says is spent, in nano-euro. */
export const spentBy = async ({ apiKey }: Person): Promise<bigint> => parseEur((await budgetOf(apiKey)).spent);

/** One streamed answer, its charge the same in the stream, the budget, the usage row and PocketBase's log. */
export async function tryMainJob(person: Person): Promise<string> {
  const before = await budgetOf(person.apiKey);
  const stream = await streamAnswer(person, '');
  const charge = /"charge_eur":"([^"]+)"/.exec(stream)?.[1] ?? '0';
  if (parseEur(charge) <= 0n) throw new Fault(`the answer cost nothing:\n${stream.slice(-500)}`);
  const after = await budgetOf(await accessToken(person));
  const expected = formatEur(parseEur(before.remaining ?? '0') - parseEur(charge));
  if (after.remaining !== expected || after.spent !== charge)
    throw new Fault(`the budget says ${after.spent} spent, ${after.remaining} left; ${charge} was charged`);
  const usage = `${ADDRESSES.billing}/v1/usage`;
  const { items } = await call('the usage', usage, { headers: bearer(person.apiKey) }, usagePage);
  if (items.length !== 1 || items[0]?.charge !== charge)
    throw new Fault(`one usage row with ${charge} was to be there: ${JSON.stringify(items)}`);
  const own = await signIn(person);
  const logged = await eventually('the row in PocketBase', async () => {
    const { items: rows } = await own.collection('usage_logs').getList(1, 2);
    return rows[0];
  });
  if (logged.charge_eur !== charge) throw new Fault(`PocketBase's log says ${logged.charge_eur}, not ${charge}`);
  return charge;
}
