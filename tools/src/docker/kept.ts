/** What has to outlive a restore (chats), or a tenant's end (what was charged); and what must not (its service token). */
import { conversationList, conversationSummary, type UsageSum, usageSum } from '@cloudfreedom/contracts';
import type PocketBase from 'pocketbase';
import { ADDRESSES, accessToken, bearer, call } from './flow.ts';
import type { Holder } from './standing.ts';

const CHATS = `${ADDRESSES.chat}/conversations-api/v1/conversations`;

export async function startChat({ conversationsToken }: Holder, title: string): Promise<void> {
  const headers = { ...bearer(conversationsToken), 'content-type': 'application/json' };
  await call('a chat', CHATS, { method: 'POST', headers, body: JSON.stringify({ title }) }, conversationSummary);
}

export async function chatTitles({ conversationsToken }: Holder): Promise<string[]> {
  const { items } = await call('the chats', CHATS, { headers: bearer(conversationsToken) }, conversationList);
  return items.map(({ title }) => title);
}

/** Of all requests that billing knows of. */
export async function chargedTo(tenantId: string, operator: PocketBase): Promise<UsageSum> {
  const token = await accessToken({ session: operator.authStore.token });
  const url = `${ADDRESSES.billing}/v1/tenants/${tenantId}/usage/sum`;
  return call('the usage', url, { headers: bearer(token) }, usageSum);
}

/** @returns the status of a question that only a service may ask */
export async function statusAsService(token: string): Promise<number> {
  const response = await fetch(`${ADDRESSES.billing}/v1/erasures`, { headers: bearer(token) });
  await response.body?.cancel();
  return response.status;
}
