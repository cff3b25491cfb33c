/** What a tenant's people are told while it is active, suspended, and when it has ended: every place where they ask. */
import { audienceOf } from '@cloudfreedom/contracts';
import { z } from 'zod';
import { Fault } from '../stack/fault.ts';
import { type Account, ADDRESSES, accessToken, MODEL, type Person } from './flow.ts';

/** Taken while the tenant was active: what is refused is refused although they go on for ten minutes. */
export interface Holder extends Person {
  tenantId: string;
  proxyToken: string;
  conversationsToken: string;
}

interface Standing {
  /** Status of a right password. */
  signIn: string;
  places: Record<string, string | RegExp>;
}

const TIMEOUT_MS = 30_000;
/** How long a service may believe that a tenant is what it was. */
const PATIENCE_MS = 60_000;
const POLL_MS = 500;
const refusal = z.object({ error: z.object({ code: z.string() }) });

export const ACTIVE: Standing = {
  signIn: '200',
  places: {
    'an answer by API key': '200',
    'an answer by access token': '200',
    'models by API key': '200',
    'own chats': '200',
    'the budget': '200',
    'an access token': '200',
    "the chat's page": '200',
  },
};

export const SUSPENDED: Standing = {
  // The same as for a wrong password.
  signIn: '400',
  places: {
    'an answer by API key': '403 tenant_suspended',
    'an answer by access token': '403 tenant_suspended',
    'models by API key': '403 tenant_suspended',
    // For the ten minutes of a token from before; nobody gets another one.
    'own chats': '200',
    'the budget': '403 account_suspended',
    'an access token': '400 invalid_grant',
    "the chat's page": '200',
  },
};

/** Nothing of it is led to any more; what the core has of it says no. */
export const ENDED: Standing = {
  signIn: '400',
  places: {
    ...SUSPENDED.places,
    'an answer by API key': /^(404|502)$/,
    'an answer by access token': /^(404|502)$/,
    'models by API key': /^(404|502)$/,
    'own chats': /^(404|502)$/,
    "the chat's page": /^(404|502)$/,
  },
};

export async function holderOf(person: Person, tenantId: string): Promise<Holder> {
  return {
    ...person,
    tenantId,
    proxyToken: await accessToken(person, audienceOf.proxy(tenantId)),
    conversationsToken: await accessToken(person, audienceOf.conversations(tenantId)),
  };
}

/** @returns the status, with the error's code where there is one */
async function statusOf(url: string, bearer: string | null, body?: object): Promise<string> {
  const headers = { ...(bearer !== null && { authorization: `Bearer ${bearer}` }), 'content-type': 'application/json' };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await response.text();
  if (response.ok) return String(response.status);
  try {
    return `${response.status} ${refusal.parse(JSON.parse(text)).error.code}`;
  } catch {
    return String(response.status);
  }
}

const signInAs = ({ email, password }: Account) =>
  statusOf(`${ADDRESSES.api}/api/collections/users/auth-with-password`, null, { identity: email, password });

const exchange = (holder: Holder) =>
  accessToken(holder, audienceOf.proxy(holder.tenantId)).then(
    () => '200',
    (error: Error) => {
      const [, status, text = ''] = /: (\d{3}) (.*)$/s.exec(error.message) ?? [];
      const code = /"error": ?"(\w+)"|"code": ?"(\w+)"/.exec(text);
      return `${status} ${code?.[1] ?? code?.[2]}`;
    },
  );

async function look(holder: Holder): Promise<Record<string, string>> {
  const { proxy, chat, billing } = ADDRESSES;
  const question = { model: MODEL, messages: [{ role: 'user', content: 'What is a budget?' }] };
  const answer = (credential: string) => statusOf(`${proxy}/v1/chat/completions`, credential, question);
  return {
    'an answer by API key': await answer(holder.apiKey),
    'an answer by access token': await answer(holder.proxyToken),
    'models by API key': await statusOf(`${proxy}/v1/models`, holder.apiKey),
    'own chats': await statusOf(`${chat}/conversations-api/v1/conversations`, holder.conversationsToken),
    'the budget': await statusOf(`${billing}/v1/budget`, holder.apiKey),
    'an access token': await exchange(holder),
    "the chat's page": await statusOf(`${chat}/health`, null),
  };
}

function differences(seen: Record<string, string>, places: Standing['places']): string[] {
  return Object.entries(places).flatMap(([what, wanted]) => {
    const got = seen[what] ?? '';
    const fits = typeof wanted === 'string' ? got === wanted : wanted.test(got);
    return fits ? [] : [`${what}: ${got}, not ${wanted}`];
  });
}

/** @throws Fault naming each place that says something else for a minute */
export async function expectStanding(holder: Holder, { signIn, places }: Standing): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const faults = differences(await look(holder), places);
    if (faults.length === 0) break;
    if (Date.now() > deadline) throw new Fault(faults.join('\n'));
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  // Once: who tries again and again is told to wait.
  const signedIn = await signInAs(holder);
  if (signedIn !== signIn) throw new Fault(`sign-in: ${signedIn}, not ${signIn}`);
}
