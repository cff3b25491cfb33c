/** People and calls for the tests of the running stack. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  apiKeyCreateResponse,
  type Budget,
  budget,
  SESSION_TOKEN_TYPE,
  type StackFile,
  stackFile,
  TOKEN_EXCHANGE_GRANT,
  tokenExchangeResponse,
  type UsageRow,
  usagePage,
} from '@cloudfreedom/contracts';
import OpenAI from 'openai';
import PocketBase, { type RecordModel } from 'pocketbase';
import { inject } from 'vitest';

export const stack: StackFile = stackFile.parse(
  JSON.parse(readFileSync(path.join(inject('dataDir'), 'stack.json'), 'utf8')),
);

export async function superuser(): Promise<PocketBase> {
  const client = new PocketBase(stack.urls.pocketbase);
  client.autoCancellation(false);
  await client.collection('_superusers').authWithPassword(stack.demo.superuser.email, stack.demo.superuser.password);
  return client;
}

export interface Person {
  record: RecordModel;
  email: string;
  password: string;
  session: string;
  apiKey: string;
  openai: OpenAI;
}

export function openaiWith(apiKey: string): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${stack.urls.proxy}/v1`, maxRetries: 0 });
}

/** A new person of the demo tenant with an API key. */
export async function newPerson(fields: Record<string, unknown> = {}): Promise<Person> {
  const client = await superuser();
  const email = `p${randomBytes(5).toString('hex')}@demo.example`;
  const password = randomBytes(12).toString('base64url');
  const product = await client.collection('products').getFirstListItem('name = "Starter"');
  const record = await client.collection('users').create({
    email,
    password,
    passwordConfirm: password,
    verified: true,
    emailVisibility: true,
    name: 'Test Person',
    tenant: stack.tenant.id,
    product: product.id,
    role: 'member',
    kind: 'person',
    status: 'active',
    locale: 'en',
    ...fields,
  });
  const own = new PocketBase(stack.urls.pocketbase);
  await own.collection('users').authWithPassword(email, password);
  const session = own.authStore.token;
  const response = await fetch(`${stack.urls.identity}/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'test' }),
  });
  if (!response.ok) throw new Error(`no API key: ${response.status} ${await response.text()}`);
  const { key } = apiKeyCreateResponse.parse(await response.json());
  return { record, email, password, session, apiKey: key, openai: openaiWith(key) };
}

export async function accessToken(session: string, audience: string): Promise<string> {
  const response = await fetch(`${stack.urls.identity}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: TOKEN_EXCHANGE_GRANT,
      subject_token: session,
      subject_token_type: SESSION_TOKEN_TYPE,
      audience,
    }),
  });
  if (!response.ok) throw new Error(`no access token: ${response.status} ${await response.text()}`);
  return tokenExchangeResponse.parse(await response.json()).access_token;
}

export async function budgetOf(credential: string): Promise<Budget> {
  const response = await fetch(`${stack.urls.billing}/v1/budget`, {
    headers: { authorization: `Bearer ${credential}` },
  });
  if (!response.ok) throw new Error(`no budget: ${response.status} ${await response.text()}`);
  return budget.parse(await response.json());
}

export async function usageOf(credential: string): Promise<UsageRow[]> {
  const response = await fetch(`${stack.urls.billing}/v1/usage`, {
    headers: { authorization: `Bearer ${credential}` },
  });
  if (!response.ok) throw new Error(`no usage: ${response.status} ${await response.text()}`);
  return usagePage.parse(await response.json()).items;
}

/** Ask until the answer is not undefined. */
export async function eventually<T>(ask: () => Promise<T | undefined>, timeoutMs = 10_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`nothing after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
