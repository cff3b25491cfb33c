/** The cast with what it needs at every service: access tokens, API keys, service tokens, a chat and its charge. */
import { randomUUID } from 'node:crypto';
import {
  apiKeyCreateResponse,
  assistant,
  audienceOf,
  conversationSummary,
  folder,
  SESSION_TOKEN_TYPE,
  serviceTokenCreateResponse,
  TOKEN_EXCHANGE_GRANT,
  tokenExchangeResponse,
  usagePage,
} from '@cloudfreedom/contracts';
import { z } from 'zod';
import type { Role, Service } from './access-table.ts';
import { isSuccess, send } from './ask.ts';
import { type Cast, PEOPLE, type PersonRole } from './cast.ts';

export interface Stage {
  cast: Cast;
  urls: Record<Service, string>;
  /** Public name of a model that the tenant's proxy serves. */
  model: string;
  deploymentId: string;
  /** One token for billing and for the proxy and chats of the person's own tenant. */
  accessTokens: Partial<Record<Role, string>>;
  apiKeys: Partial<Record<Role, string>>;
  /** Id of somebody of the member's tenant who was erased, as billing knows. */
  erased: string;
  /** Id of a chat of `member`. */
  conversation: string;
  renewConversation(): Promise<void>;
  /** Id of a link to that chat. */
  share: string;
  renewShare(): Promise<void>;
  /** Id of an assistant of `member` that is not shared. */
  assistant: string;
  renewAssistant(): Promise<void>;
  /** Id of one that is. */
  sharedAssistant: string;
  /** Id of a folder of `member`. */
  folder: string;
  renewFolder(): Promise<void>;
  /** Id of a service token of the member's tenant that nobody uses. */
  spareToken: string;
  renewSpareToken(): Promise<void>;
  /** A settled request of `member`, made with their key. */
  reservation: string;
  /** Id of a kept response of `member`. */
  response: string;
  renewResponse(): Promise<void>;
}

export const exchangeForm = (session: string | undefined, ...audiences: string[]): URLSearchParams =>
  new URLSearchParams([
    ['grant_type', TOKEN_EXCHANGE_GRANT],
    ['subject_token', session ?? ''],
    ['subject_token_type', SESSION_TOKEN_TYPE],
    ...audiences.map((audience): [string, string] => ['audience', audience]),
  ]);

export const assistantFields = { name: 'Table', description: '', instructions: 'Hi', model: null, temperature: null };
const QUICKLY = '[[simulate length=3 first_byte_ms=0 tokens_per_second=10000]]';
export const chatBody = (model: string) => ({ model, messages: [{ role: 'user', content: `Hi ${QUICKLY}` }] });

export const responseBody = (model: string) => ({ model, input: `Hi ${QUICKLY}` });
const keptResponse = z.object({ id: z.string(), store: z.literal(true) });

async function must<S extends z.ZodType>(schema: S, ...request: Parameters<typeof send>): Promise<z.output<S>> {
  const answer = await send(...request);
  if (!isSuccess(answer)) throw new Error(`${request[0]} ${request[1]} answered ${answer.status}: ${answer.text}`);
  return schema.parse(JSON.parse(answer.text));
}

async function issueForPerson(stage: Stage, role: PersonRole): Promise<void> {
  const { cast, urls } = stage;
  const { tenant } = cast.people[role];
  const form = exchangeForm(
    cast.bearers[role],
    audienceOf.billing,
    audienceOf.proxy(tenant),
    audienceOf.conversations(tenant),
  );
  const { access_token } = await must(tokenExchangeResponse, 'POST', `${urls.identity}/oauth/token`, undefined, form);
  stage.accessTokens[role] = access_token;
  stage.apiKeys[role] = await createKey(stage, cast.bearers[role]);
}

async function createKey({ urls }: Stage, session: string | undefined): Promise<string> {
  const answer = await must(apiKeyCreateResponse, 'POST', `${urls.identity}/v1/api-keys`, session, { name: 'table' });
  return answer.key;
}

function createServiceToken({ urls, accessTokens }: Stage, tenant: string) {
  const url = `${urls.billing}/v1/tenants/${tenant}/service-tokens`;
  return must(serviceTokenCreateResponse, 'POST', url, accessTokens.platform, { name: 'table' });
}

/** Billing hears of an erasure a moment after PocketBase. */
async function findErased({ cast, urls }: Stage): Promise<string> {
  const { subject } = await cast.superuser.collection('erasures').getOne(cast.props.erasure);
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await send('GET', `${urls.billing}/v1/erasures`, cast.bearers.token);
    if (answer.text.includes(subject)) return subject;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('billing does not learn who is erased');
}

/** Everything is issued; nobody is suspended yet. */
export async function openStage(cast: Cast, urls: Stage['urls'], model: string): Promise<Stage> {
  const named = cast.superuser.filter('name = {:model}', { model });
  const stage: Stage = {
    cast,
    urls,
    model,
    deploymentId: (await cast.superuser.collection('models').getFirstListItem(named)).id,
    accessTokens: {},
    apiKeys: {},
    erased: '',
    conversation: '',
    spareToken: '',
    renewSpareToken: async () => {
      stage.spareToken = (await createServiceToken(stage, cast.tenants.own)).id;
    },
    renewConversation: async () => {
      const url = `${urls.conversations}/v1/conversations`;
      const body = { title: 'Access table' };
      stage.conversation = (await must(conversationSummary, 'POST', url, stage.accessTokens.member, body)).id;
      await stage.renewShare();
    },
    share: '',
    renewShare: async () => {
      const url = `${urls.conversations}/v1/conversations/${stage.conversation}/share`;
      stage.share = (await must(conversationSummary, 'PUT', url, stage.accessTokens.member)).share?.id ?? '';
    },
    assistant: '',
    renewAssistant: async () => {
      const url = `${urls.conversations}/v1/assistants`;
      stage.assistant = (await must(assistant, 'POST', url, stage.accessTokens.member, assistantFields)).id;
    },
    sharedAssistant: '',
    folder: '',
    renewFolder: async () => {
      const url = `${urls.conversations}/v1/folders`;
      stage.folder = (await must(folder, 'POST', url, stage.accessTokens.member, { name: randomUUID() })).id;
    },
    reservation: '',
    response: '',
    renewResponse: async () => {
      const url = `${urls.proxy}/v1/responses`;
      stage.response = (await must(keptResponse, 'POST', url, stage.apiKeys.member, responseBody(model))).id;
    },
  };
  for (const role of PEOPLE) await issueForPerson(stage, role);
  const { bearers } = cast;
  bearers.account = await createKey(stage, await cast.openSession(cast.people.account));
  stage.apiKeys.account = bearers.account;
  bearers.token = (await createServiceToken(stage, cast.tenants.own)).token;
  bearers.otherToken = (await createServiceToken(stage, cast.tenants.other)).token;
  await stage.renewSpareToken();
  stage.erased = await findErased(stage);
  await stage.renewConversation();
  await stage.renewAssistant();
  const sharing = `${urls.conversations}/v1/assistants/${stage.assistant}/share`;
  stage.sharedAssistant = (await must(assistant, 'PUT', sharing, stage.accessTokens.member)).id;
  await stage.renewAssistant();
  await stage.renewFolder();
  await stage.renewResponse();
  const chat = await send('POST', `${urls.proxy}/v1/chat/completions`, stage.apiKeys.member, chatBody(model));
  if (!isSuccess(chat)) throw new Error(`The member's request answered ${chat.status}: ${chat.text}`);
  const { items } = await must(usagePage, 'GET', `${urls.billing}/v1/usage`, stage.apiKeys.member);
  stage.reservation = items[0]?.reservationId ?? '';
  return stage;
}
