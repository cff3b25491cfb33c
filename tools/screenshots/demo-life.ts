/** A stack on which something is going on: people, weeks of usage, requests of today, errors, a request for more. */
import { randomBytes } from 'node:crypto';
import {
  apiKeyCreateResponse,
  SESSION_TOKEN_TYPE,
  type StackFile,
  TOKEN_EXCHANGE_GRANT,
  tokenExchangeResponse,
} from '@cloudfreedom/contracts';
import PocketBase from 'pocketbase';
import { type Spender, writePastUsage } from './past-usage.ts';

const PAST_DAYS = 54;
const COLLEAGUES = [
  ['lena', 'Lena Brandt', 'Pro', '4100 Entwicklung', 1, ['claude-sonnet-5', 'claude-opus-5', 'gpt-5.4']],
  ['tobias', 'Tobias Vogel', 'Pro', '4100 Entwicklung', 0.8, ['claude-opus-5', 'claude-sonnet-5', 'gpt-5.4-mini']],
  ['selin', 'Selin Yılmaz', 'Starter', '4200 Vertrieb', 0.55, ['gpt-5.4-mini', 'gemini-3.5-flash', 'gpt-5.4']],
  ['paul', 'Paul Neumann', 'Starter', '4300 Marketing', 0.45, ['gpt-5.4', 'gemini-2.5-pro', 'gpt-5.4-mini']],
  ['ines', 'Ines Romero', 'Starter', '4300 Marketing', 0.3, ['gemini-3.5-flash', 'claude-haiku-4-5', 'gpt-5.4-mini']],
] as const;

interface Colleague {
  id: string;
  session: string;
  apiKey: string;
}

async function post(url: string, bearer: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function makeColleague(stack: StackFile, superuser: PocketBase, place: number): Promise<Colleague & Spender> {
  const [mailbox, name, plan, costCentre, share, models] = COLLEAGUES[place] ?? COLLEAGUES[0];
  const product = await superuser.collection('products').getFirstListItem(superuser.filter('name = {:plan}', { plan }));
  const [email, password] = [`${mailbox}@demo.example`, randomBytes(12).toString('base64url')];
  const record = await superuser.collection('users').create({
    ...{ email, password, passwordConfirm: password, verified: true, emailVisibility: true, name },
    ...{ tenant: stack.tenant.id, product: product.id, cost_centre: costCentre },
    ...{ role: 'member', kind: 'person', status: 'active', locale: 'de' },
  });
  const own = new PocketBase(stack.urls.pocketbase);
  await own.collection('users').authWithPassword(email, password);
  const session = own.authStore.token;
  const made = await post(`${stack.urls.identity}/v1/api-keys`, session, { name: 'Werkzeuge' });
  const { key } = apiKeyCreateResponse.parse(await made.json());
  return {
    id: record.id,
    session,
    apiKey: key,
    subjectId: record.id,
    productId: product.id,
    costCentre,
    share,
    models,
  };
}

/** Who was there before, in the order of their addresses. */
async function spendersOfDemo(stack: StackFile, superuser: PocketBase): Promise<Spender[]> {
  const filter = superuser.filter('tenant = {:tenant}', { tenant: stack.tenant.id });
  const people = await superuser.collection('users').getFullList({ filter, sort: 'email' });
  return people.map(({ id, product, cost_centre: costCentre }, place) => ({
    ...{ subjectId: id, productId: product, costCentre, share: 0.25 + 0.1 * place },
    models: ['gpt-5.4-mini', 'claude-haiku-4-5', 'gemini-2.5-pro'],
  }));
}

/** Real requests of today through the proxy; some fail on the way, as providers do. */
async function askModels(stack: StackFile, colleagues: readonly (Colleague & Spender)[]): Promise<void> {
  for (const [nth, { apiKey, models }] of [...colleagues, ...colleagues, ...colleagues, ...colleagues].entries()) {
    const knobs =
      nth === 7 ? 'error_after_tokens=40 length=200' : nth === 13 ? 'status=500' : `length=${120 + nth * 40}`;
    const answer = await post(`${stack.urls.proxy}/v1/chat/completions`, apiKey, {
      model: models[nth % models.length],
      stream: true,
      messages: [
        { role: 'user', content: `Bitte fasse den Bericht zusammen. [[simulate tokens_per_second=0 ${knobs}]]` },
      ],
    });
    await answer.text();
  }
}

async function askForMore(stack: StackFile, { session }: Colleague, amount: string, reason: string): Promise<void> {
  const exchange = await fetch(`${stack.urls.identity}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: TOKEN_EXCHANGE_GRANT,
      subject_token: session,
      subject_token_type: SESSION_TOKEN_TYPE,
      audience: 'billing',
    }),
  });
  const { access_token: token } = tokenExchangeResponse.parse(await exchange.json());
  const response = await post(`${stack.urls.billing}/v1/budget/requests`, token, { amount, reason });
  if (!response.ok) throw new Error(`a request for more was refused: ${response.status} ${await response.text()}`);
}

/** @param ownerUrl of billing's database */
export async function bringToLife(stack: StackFile, ownerUrl: string): Promise<void> {
  const superuser = new PocketBase(stack.urls.pocketbase);
  superuser.autoCancellation(false);
  await superuser.collection('_superusers').authWithPassword(stack.demo.superuser.email, stack.demo.superuser.password);
  const known = await spendersOfDemo(stack, superuser);
  const colleagues: (Colleague & Spender)[] = [];
  for (let place = 0; place < COLLEAGUES.length; place++) colleagues.push(await makeColleague(stack, superuser, place));
  const spenders = [...colleagues, ...known];
  await writePastUsage(ownerUrl, { tenantId: stack.tenant.id, spenders, days: PAST_DAYS });
  await askModels(stack, colleagues);
  const [, , seller, marketer] = colleagues;
  if (seller) await askForMore(stack, seller, '15', 'Die Angebote für die Messe brauchen im November mehr.');
  if (marketer) await askForMore(stack, marketer, '10', 'Übersetzung der Broschüre in drei Sprachen.');
}
