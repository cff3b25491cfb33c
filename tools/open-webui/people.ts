/** Two people of the demo tenant, their money, and Open WebUI's registration at identity. */
import { randomBytes } from 'node:crypto';
import {
  budget,
  type LoggedUsage,
  loggedUsagePage,
  oidcClientWithSecret,
  SESSION_TOKEN_TYPE,
  type StackFile,
  TOKEN_EXCHANGE_GRANT,
  tokenExchangeResponse,
} from '@cloudfreedom/contracts';
import PocketBase from 'pocketbase';

export interface Person {
  id: string;
  name: string;
  email: string;
  password: string;
}

async function sessionOf(stack: StackFile, who: { email: string; password: string }): Promise<string> {
  const client = new PocketBase(stack.urls.pocketbase);
  await client.collection('users').authWithPassword(who.email, who.password);
  return client.authStore.token;
}

async function json(url: string, bearer: string, body?: unknown): Promise<unknown> {
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  const response = await fetch(
    url,
    body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
  );
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

export async function makePerson(stack: StackFile, name: string, role: 'member' | 'tenant_admin'): Promise<Person> {
  const client = new PocketBase(stack.urls.pocketbase);
  const { superuser } = stack.demo;
  await client.collection('_superusers').authWithPassword(superuser.email, superuser.password);
  const product = await client.collection('products').getFirstListItem('name = "Starter"');
  const email = `${name.toLowerCase()}@demo.example`;
  const password = randomBytes(12).toString('base64url');
  const { id } = await client.collection('users').create({
    ...{
      email,
      password,
      passwordConfirm: password,
      verified: true,
      emailVisibility: true,
      name,
      role,
      kind: 'person',
    },
    ...{ tenant: stack.tenant.id, product: product.id, status: 'active', locale: 'en' },
  });
  return { id, name, email, password };
}

export async function suspend(stack: StackFile, person: Person): Promise<void> {
  const client = new PocketBase(stack.urls.pocketbase);
  const { superuser } = stack.demo;
  await client.collection('_superusers').authWithPassword(superuser.email, superuser.password);
  await client.collection('users').update(person.id, { status: 'suspended' });
}

export async function registerWebUi(stack: StackFile, url: string): Promise<{ id: string; secret: string }> {
  const wish = {
    name: 'Open WebUI',
    redirectUris: [`${url}/oauth/oidc/callback`],
    postLogoutRedirectUris: [`${url}/auth`],
    backchannelLogoutUri: `${url}/oauth/backchannel-logout`,
    idTokenAlgorithm: 'ES256',
  };
  const route = `${stack.urls.identity}/v1/tenants/${stack.tenant.id}/clients`;
  return oidcClientWithSecret.parse(await json(route, await sessionOf(stack, stack.demo.platformAdmin), wish));
}

async function billingToken(stack: StackFile, who: { email: string; password: string }): Promise<string> {
  const response = await fetch(`${stack.urls.identity}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: TOKEN_EXCHANGE_GRANT,
      subject_token: await sessionOf(stack, who),
      subject_token_type: SESSION_TOKEN_TYPE,
      audience: 'billing',
    }),
  });
  return tokenExchangeResponse.parse(await response.json()).access_token;
}

/** Of this month, in euro. */
export async function spentBy(stack: StackFile, person: Person): Promise<number> {
  return Number(budget.parse(await json(`${stack.urls.billing}/v1/budget`, await billingToken(stack, person))).spent);
}

/** Everybody's requests, as an admin reads them, newest first. */
export async function usageOf(stack: StackFile): Promise<LoggedUsage[]> {
  const token = await billingToken(stack, stack.demo.tenantAdmin);
  const url = `${stack.urls.billing}/v1/tenants/${stack.tenant.id}/usage`;
  return loggedUsagePage.parse(await json(url, token)).items;
}
