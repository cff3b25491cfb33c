/** How each row of a route is tried. */
import { randomUUID } from 'node:crypto';
import { audienceOf } from '@cloudfreedom/contracts';
import type { Role, Service } from './access-table.ts';
import { type Attempt, cellOf, isSuccess, send } from './ask.ts';
import { isPerson } from './cast.ts';
import { newPerson } from './record-fields.ts';
import { assistantFields, chatBody, exchangeForm, responseBody, type Stage } from './stage.ts';

type Try = Attempt<Stage>;
type Tries = Record<string, Try>;
/** What a role shows to a service; null: it has nothing of the kind. */
type Credential = (stage: Stage, role: Role) => string | undefined | null;

interface Details {
  headers?: Record<string, string>;
  body?: (stage: Stage) => unknown;
  /** Text that is in the answer where it is about the member or their tenant. */
  telltale?: (stage: Stage) => string;
  credential?: Credential;
  /** Fills the path's parameters. */
  path?: (stage: Stage) => string;
  /** After a success. */
  restore?: (stage: Stage) => Promise<void>;
}

const session: Credential = ({ cast }, role) => cast.bearers[role];
const access: Credential = (stage, role) => stage.accessTokens[role] ?? stage.cast.bearers[role];
const apiKey: Credential = (stage, role) => stage.apiKeys[role] ?? null;

function route(service: Service, operation: string, details: Details): Try {
  const [method = '', template = ''] = operation.split(' ');
  const { body, telltale, credential = access, path, restore, headers } = details;
  return async (stage, role) => {
    const bearer = credential(stage, role);
    if (bearer === null) return '-';
    const url = `${stage.urls[service]}${path?.(stage) ?? template}`;
    const answer = await send(method, url, bearer, body?.(stage), headers);
    if (isSuccess(answer)) await restore?.(stage);
    return cellOf(answer, telltale?.(stage));
  };
}

function routes(service: Service, table: Record<string, Details>): Tries {
  return Object.fromEntries(Object.entries(table).map(([name, details]) => [name, route(service, name, details)]));
}

/** Each route twice: with an access token, and with an API key. */
function withBoth(service: Service, table: Record<string, Details>): Tries {
  const withKey = Object.entries(table).map(([name, details]) => [
    `${name} with-API-key`,
    route(service, name, { ...details, credential: apiKey }),
  ]);
  return { ...routes(service, table), ...Object.fromEntries(withKey) };
}

const operational = (service: Service): Tries =>
  routes(service, {
    'GET /health': { credential: session },
    'GET /ready': { credential: session },
    'GET /metrics': { credential: session },
    'GET /openapi.json': { credential: session },
  });

const memberId = ({ cast }: Stage) => cast.people.member.id;
const ownTenant = ({ cast }: Stage) => cast.tenants.own;

const erasureUrl = ({ urls }: Stage, id: string) => `${urls.pocketbase}/api/people/${id}/erasure`;
const eraseAnother: Try = async (stage, role) => {
  const { cast } = stage;
  const answer = await send('POST', erasureUrl(stage, cast.props.sparePerson), cast.bearers[role], {});
  if (isSuccess(answer)) await cast.renew('sparePerson');
  return cellOf(answer);
};
/** Without the password: nobody goes. */
const eraseOneself: Try = async (stage, role) => {
  if (!isPerson(role)) return '-';
  const { cast } = stage;
  return cellOf(await send('POST', erasureUrl(stage, cast.people[role].id), cast.bearers[role], {}));
};

const endSessions =
  (whose: 'sparePerson' | 'fellowAdmin'): Try =>
  async ({ cast, urls }, role) =>
    cellOf(
      await send('POST', `${urls.pocketbase}/api/people/${cast.props[whose]}/end-sessions`, cast.bearers[role], {}),
    );
/** By somebody like them: who ends their sessions ends their access tokens too, which the other rows are asked with. */
const endOwnSessions: Try = async ({ cast, urls }, role) => {
  if (!isPerson(role)) return '-';
  const original = cast.people[role];
  const people = cast.superuser.collection('users');
  const fields = { tenant: original.tenant, product: cast.plan, role: original.role, status: original.status };
  const double = role.toLowerCase().includes('suspended') ? original : await people.create(newPerson(fields));
  const session = double === original ? cast.bearers[role] : await cast.openSession(double);
  const answer = await send('POST', `${urls.pocketbase}/api/people/${double.id}/end-sessions`, session, {});
  if (double !== original) await people.delete(double.id);
  return cellOf(answer);
};

/** Of the member's tenant, which keeps nothing afterwards. */
const setContentLog =
  (days: number): Try =>
  async ({ cast, urls }, role) => {
    const url = `${urls.pocketbase}/api/tenants/${cast.tenants.own}/content-log`;
    const answer = await send('POST', url, cast.bearers[role], { days, confirmed: true });
    if (isSuccess(answer) && days > 0)
      await cast.superuser.send(new URL(url).pathname, { method: 'POST', body: { days: 0 } });
    return cellOf(answer);
  };

/** An answer that doesn't end: its status is the cell. */
const openEventStream: Try = async (stage, role) => {
  const bearer = access(stage, role);
  const headers = bearer ? { authorization: `Bearer ${bearer}` } : {};
  const response = await fetch(`${stage.urls.billing}/v1/events`, { headers });
  await response.body?.cancel();
  return String(response.status);
};

const pocketbase = (): Tries => {
  const table: Record<string, Details> = {
    'GET /api/internal/directory-pages': {},
    'POST /api/internal/usage-logs': { body: () => ({ rows: [] }) },
    'POST /api/internal/api-keys': { body: () => ({}) },
    'POST /api/internal/outbox/flush': {},
    'POST /api/internal/audit-logs': { body: () => ({ entries: [] }) },
    'POST /api/internal/mails': { body: () => ({}) },
    'POST /api/internal/imports': { body: () => ({}) },
    'POST /api/internal/erasures': { body: () => ({ erasures: [] }) },
    'GET /api/internal/people/{id}': { path: (stage) => `/api/internal/people/${memberId(stage)}` },
    'GET /api/internal/principal': {},
    'GET /api/counts/people': { path: (stage) => `/api/counts/people?tenant=${ownTenant(stage)}` },
    'GET /api/counts/people-by-product': {},
    'GET /api/people/{id}/export': { path: (stage) => `/api/people/${memberId(stage)}/export` },
    'POST /api/sign-in/code': { body: () => ({}) },
    'POST /api/invitations': {
      body: (stage) => ({ email: `${randomUUID()}@access.example`, name: 'Access table', tenant: ownTenant(stage) }),
    },
    'POST /api/invitations/{id}/send': { path: ({ cast }) => `/api/invitations/${cast.props.invitation}/send` },
    'POST /api/invitations/open': { body: () => ({ token: 'none' }) },
    'POST /api/invitations/accept': { body: () => ({ token: 'none', password: 'a-long-enough-password' }) },
    'POST /api/invitations/renew': { body: () => ({ token: 'none' }) },
  };
  return {
    ...routes(
      'pocketbase',
      Object.fromEntries(Object.entries(table).map(([name, details]) => [name, { ...details, credential: session }])),
    ),
    'POST /api/people/{id}/erasure of-another': eraseAnother,
    'POST /api/people/{id}/erasure of-oneself': eraseOneself,
    'POST /api/people/{id}/end-sessions of-another': endSessions('sparePerson'),
    'POST /api/people/{id}/end-sessions of-a-fellow-admin': endSessions('fellowAdmin'),
    'POST /api/people/{id}/end-sessions of-oneself': endOwnSessions,
    'POST /api/tenants/{id}/content-log switched-on': setContentLog(30),
    'POST /api/tenants/{id}/content-log switched-off': setContentLog(0),
  };
};

/** The form carries the credential: there is no bearer. */
const exchange =
  (audience: (stage: Stage) => string): Try =>
  async (stage, role) => {
    const form = exchangeForm(stage.cast.bearers[role], audience(stage));
    return cellOf(await send('POST', `${stage.urls.identity}/oauth/token`, undefined, form));
  };

/** An empty file, tried only: whoever may import is told what is missing in it. */
const importFile =
  (kind: string): Try =>
  async (stage, role) => {
    const url = `${stage.urls.identity}/v1/imports/${kind}`;
    const csv = { 'content-type': 'text/csv' };
    return cellOf(await send('POST', url, stage.cast.bearers[role], '', csv));
  };

const clientsOf = (stage: Stage) => `/v1/tenants/${ownTenant(stage)}/clients`;

const identity: Tries = {
  'POST /oauth/token for-billing': exchange(() => audienceOf.billing),
  'POST /oauth/token for-the-proxy': exchange((stage) => audienceOf.proxy(ownTenant(stage))),
  'POST /oauth/token for-conversations': exchange((stage) => audienceOf.conversations(ownTenant(stage))),
  ...routes('identity', {
    'POST /v1/api-keys': { credential: session, body: () => ({ name: 'access table' }) },
    'POST /v1/api-keys for-a-service-account': {
      credential: session,
      path: () => '/v1/api-keys',
      body: ({ cast }) => ({ name: 'access table', userId: cast.people.account.id }),
    },
    'GET /v1/tenants/{tenantId}/clients': { credential: session, path: clientsOf },
    'POST /v1/tenants/{tenantId}/clients': {
      credential: session,
      path: clientsOf,
      body: () => ({ name: 'access table', redirectUris: ['https://access.example/callback'] }),
    },
    'POST /v1/tenants/{tenantId}/clients/{clientId}/secret': {
      credential: session,
      path: (stage) => `${clientsOf(stage)}/none/secret`,
    },
    'DELETE /v1/tenants/{tenantId}/clients/{clientId}': {
      credential: session,
      path: (stage) => `${clientsOf(stage)}/none`,
    },
    // The cookie of a sign-in is what counts there.
    'GET /interaction/{uid}/details': { credential: session, path: () => '/interaction/none/details' },
    'POST /interaction/{uid}': {
      credential: session,
      path: () => '/interaction/none',
      body: () => ({ session: 'none' }),
    },
    'GET /.well-known/jwks.json': { credential: session },
    'GET /.well-known/oauth-authorization-server': { credential: session },
  }),
  'POST /v1/imports/{kind} of-people': importFile('people'),
  'POST /v1/imports/{kind} of-tenants': importFile('tenants'),
  ...operational('identity'),
};

/** One failed request of the member, which only their tenant's proxy may tell. */
function failureOfMember(stage: Stage) {
  const at = new Date().toISOString();
  const untold = { errorKind: null, apiKeyId: null, model: null, provider: null, deployment: null, budget: null };
  return {
    failures: [
      {
        ...{ id: randomUUID(), code: 'rate_limit_exceeded', subjectId: memberId(stage), ...untold, limit: null },
        ...{ requests: 1, firstAt: at, lastAt: at, requestIds: ['access-table'], attempts: [], totalMs: 1 },
      },
    ],
  };
}

/** A hold for the member, let go at once. */
function holdAndVoid(stage: Stage): unknown {
  const reservationId = randomUUID();
  const reserve = {
    op: 'reserve',
    reservationId,
    requestId: `access-${reservationId}`,
    attempt: 1,
    credential: { type: 'subject', subjectId: memberId(stage) },
    model: stage.model,
    deploymentId: stage.deploymentId,
    provider: 'openai',
    simulated: true,
    streamed: false,
    inputTokensMax: 10,
    outputTokensCap: 10,
    outputTokensMin: 1,
    outputTokensSlice: 10,
    choices: 1,
  };
  return { operations: [reserve, { op: 'void', reservationId, reason: 'access table' }] };
}

const ofTenant = (what: string) => (stage: Stage) => `/v1/tenants/${ownTenant(stage)}/${what}`;
const adjustment = (kind: 'top_up' | 'correction') => (stage: Stage) => ({
  id: randomUUID(),
  kind,
  level: 'user',
  ownerId: memberId(stage),
  amount: '0.01',
  reason: 'access table',
});
const tombstone = (stage: Stage) => ({
  changes: [{ collection: 'users', id: memberId(stage), rev: 9_000_000_000_000, record: null }],
});

const proxyReport = () => ({
  instance: randomUUID(),
  version: 'access table',
  startedAt: new Date().toISOString(),
  outboxDepth: 0,
  deployments: [],
});

/** At nothing: billing knows who looks, not whether there is anything to see. */
const lookOfAdmin = (stage: Stage) => ({
  reservationId: randomUUID(),
  subjectId: memberId(stage),
  adminId: stage.cast.people.admin.id,
});

let priced = 0;
/** Of a model that nobody serves. */
const freePrice = () => ({
  provider: 'custom',
  model: `access-table-${++priced}`,
  source: 'access table',
  steps: [{ usdPerMillion: { uncached_input: '0', output_text: '0' } }],
});
/** Names no model, so it changes nothing. */
const emptyCatalogue = () => ({
  content: JSON.stringify({ effectiveFrom: '2026-01-01T00:00:00Z', source: 'access table', models: [] }),
});
/** Shows what would change, and changes nothing. */
const showOnly = () => ({
  id: randomUUID(),
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-02T00:00:00Z',
  reason: 'access table',
});
const rateOfTomorrow = () => ({
  eurPerUsd: '0.86',
  source: 'access table',
  effectiveFrom: new Date(Date.now() + 86_400_000).toISOString(),
});

const billing: Tries = {
  ...withBoth('billing', {
    'GET /v1/budget': {},
    'POST /v1/budget/requests': { body: () => ({ amount: '1.00', reason: 'access table' }) },
    'GET /v1/budget/requests': {},
    'GET /v1/tenants/{tenantId}/budget-requests': { path: ofTenant('budget-requests') },
    'POST /v1/tenants/{tenantId}/budget-requests/{requestId}/decision': {
      path: ofTenant(`budget-requests/${randomUUID()}/decision`),
      body: () => ({ decision: 'decline', note: 'access table' }),
    },
    'POST /v1/tenants/{tenantId}/adjustments top-up': { path: ofTenant('adjustments'), body: adjustment('top_up') },
    'POST /v1/tenants/{tenantId}/adjustments correction': {
      path: ofTenant('adjustments'),
      body: adjustment('correction'),
    },
    'GET /v1/tenants/{tenantId}/adjustments': { path: ofTenant('adjustments') },
    'GET /v1/tenants/{tenantId}/alert-settings': { path: ofTenant('alert-settings') },
    'PUT /v1/tenants/{tenantId}/alert-settings': {
      path: ofTenant('alert-settings'),
      body: () => ({ thresholdsPercent: [50, 80, 95, 100], webhookUrl: null }),
    },
    'GET /v1/usage': { telltale: memberId },
    'GET /v1/usage/{reservationId}': { path: ({ reservation }) => `/v1/usage/${reservation}` },
    'GET /v1/model-charges': {},
    'GET /v1/usage/totals': {},
    'GET /v1/usage.csv': {},
    'GET /v1/people/{id}/export': { path: (stage) => `/v1/people/${memberId(stage)}/export`, telltale: memberId },
    'GET /v1/tenants/{tenantId}/usage/totals': { path: ofTenant('usage/totals?by=day') },
    'GET /v1/tenants/{tenantId}/usage/activity': { path: ofTenant('usage/activity?from=2026-01-01') },
    'GET /v1/tenant-totals': {},
    'GET /v1/tenants/{tenantId}/usage.csv': { path: ofTenant('usage.csv') },
    'GET /v1/tenants/{tenantId}/budgets': { path: ofTenant('budgets'), telltale: memberId },
    'GET /v1/tenants/{tenantId}/users/{userId}/budget': {
      path: (stage) => ofTenant(`users/${memberId(stage)}/budget`)(stage),
      telltale: memberId,
    },
    'GET /v1/tenants/{tenantId}/usage': { path: ofTenant('usage?limit=200'), telltale: memberId },
    'GET /v1/tenants/{tenantId}/usage/sum': { path: ofTenant('usage/sum') },
    'GET /v1/tenants/{tenantId}/usage/{reservationId}': { path: (stage) => ofTenant(`usage/${randomUUID()}`)(stage) },
    'GET /v1/tenants/{tenantId}/failures': { path: ofTenant('failures') },
    'GET /v1/tenants/{tenantId}/failures/groups': { path: ofTenant('failures/groups') },
    'GET /v1/tenants/{tenantId}/losses': { path: ofTenant('losses') },
    'POST /v1/tenants/{tenantId}/service-tokens': {
      path: ofTenant('service-tokens'),
      body: () => ({ name: 'access table' }),
    },
    'GET /v1/tenants/{tenantId}/proxies': { path: ofTenant('proxies') },
    'GET /v1/tenants/{tenantId}/prices': { path: ofTenant('prices') },
    'GET /v1/tenants/{tenantId}/re-ratings': { path: ofTenant('re-ratings') },
    'POST /v1/tenants/{tenantId}/re-ratings': { path: ofTenant('re-ratings'), body: showOnly },
    'GET /v1/prices': { telltale: () => '"effectiveFrom"' },
    'POST /v1/prices': { body: freePrice },
    'POST /v1/price-catalogues': { body: emptyCatalogue },
    'GET /v1/exchange-rates': { telltale: () => '"quotedAt"' },
    'POST /v1/exchange-rates': { body: rateOfTomorrow },
    'GET /v1/tenants/{tenantId}/service-tokens': {
      path: ofTenant('service-tokens'),
      telltale: ({ spareToken }) => spareToken,
    },
    'DELETE /v1/tenants/{tenantId}/service-tokens/{tokenId}': {
      path: (stage) => ofTenant(`service-tokens/${stage.spareToken}`)(stage),
      restore: (stage) => stage.renewSpareToken(),
    },
  }),
  ...routes('billing', {
    'POST /v1/ledger/batch': { body: holdAndVoid, telltale: () => '"granted"' },
    'POST /v1/failures': { body: failureOfMember, telltale: () => '"accepted":1' },
    'POST /v1/principals/resolve': {
      body: (stage) => ({ credential: { type: 'subject', subjectId: memberId(stage) } }),
      telltale: () => '"known"',
    },
    'GET /v1/catalogue': { telltale: ownTenant },
    'POST /v1/proxy-reports': { body: proxyReport },
    'POST /v1/content-looks': { body: lookOfAdmin },
    'POST /internal/directory': { body: tombstone },
    'GET /v1/erasures': { telltale: ({ erased }) => erased },
    'POST /internal/erasures': { body: () => ({ erasures: [] }) },
  }),
  'GET /v1/events': openEventStream,
  ...operational('billing'),
};

const proxy: Tries = {
  ...withBoth('proxy', {
    'GET /v1/models': { telltale: ({ model }) => `"${model}"` },
    'GET /v1/content-log': {},
    'GET /v1/models/{id}': { path: ({ model }) => `/v1/models/${model}` },
    'POST /v1/chat/completions': { body: ({ model }) => chatBody(model) },
    'POST /v1/responses': { body: ({ model }) => responseBody(model) },
    'GET /v1/responses/{id}': { path: ({ response }) => `/v1/responses/${response}` },
    'GET /v1/responses/{id}/input_items': { path: ({ response }) => `/v1/responses/${response}/input_items` },
    'DELETE /v1/responses/{id}': {
      path: ({ response }) => `/v1/responses/${response}`,
      restore: (stage) => stage.renewResponse(),
    },
    'GET /v1/export': { telltale: ({ response }) => `"id":"${response}"` },
    'POST /v1/embeddings': { body: () => ({ model: 'text-embedding-3-small', input: 'Hi' }) },
    'POST /v1/completions': { body: ({ model }) => ({ model, prompt: 'Hi' }) },
    'POST /v1/messages': { body: ({ model }) => ({ ...chatBody(model), max_tokens: 20 }) },
    'POST /v1/messages/count_tokens': { body: ({ model }) => chatBody(model) },
  }),
  ...routes('proxy', {
    'GET /v1/admin/contents/{reservationId}': { path: () => `/v1/admin/contents/${randomUUID()}` },
    'GET /v1/admin/provider-keys': {},
    'PUT /v1/admin/provider-keys/{keyName}/{label}': {
      path: () => '/v1/admin/provider-keys/access-table/main?test=false',
      body: () => ({ key: 'access-table-key' }),
    },
    'DELETE /v1/admin/provider-keys/{keyName}/{label}': { path: () => '/v1/admin/provider-keys/nobodys/key' },
  }),
  ...operational('proxy'),
};

const ofChat =
  (rest = '') =>
  ({ conversation }: Stage) =>
    `/v1/conversations/${conversation}${rest}`;
const FILE = randomUUID();
const ofAssistant =
  (rest = '') =>
  ({ assistant }: Stage) =>
    `/v1/assistants/${assistant}${rest}`;
const ofShared = ({ sharedAssistant }: Stage) => `/v1/assistants/${sharedAssistant}`;
const ofFolder = ({ folder }: Stage) => `/v1/folders/${folder}`;
const title = () => ({ title: 'Access table' });
const message = () => ({ id: randomUUID(), role: 'user', content: 'Hi', model: null, chargeEur: null });

const conversations: Tries = {
  ...routes('conversations', {
    'GET /v1/conversations': { telltale: ({ conversation }) => conversation },
    'POST /v1/conversations': { body: title },
    'GET /v1/conversations/{id}': { path: ofChat() },
    'GET /v1/export': { telltale: ({ conversation }) => conversation },
    'PATCH /v1/conversations/{id}': { path: ofChat(), body: title },
    'POST /v1/conversations/{id}/messages': { path: ofChat('/messages'), body: message },
    'DELETE /v1/conversations/{id}': { path: ofChat(), restore: (stage) => stage.renewConversation() },
    'POST /v1/conversations/{id}/restore': { path: ofChat('/restore') },
    'PUT /v1/conversations/{id}/files/{fileId}': {
      path: ofChat(`/files/${FILE}?name=a.txt`),
      headers: { 'content-type': 'application/octet-stream' },
      body: title,
    },
    'GET /v1/conversations/{id}/files/{fileId}': { path: ofChat(`/files/${FILE}`) },
    'PUT /v1/conversations/{id}/settings': {
      path: ofChat('/settings'),
      body: () => ({ instructions: '', temperature: null, reasoningEffort: null }),
    },
    'PUT /v1/conversations/{id}/share': { path: ofChat('/share') },
    'DELETE /v1/conversations/{id}/share': { path: ofChat('/share'), restore: (stage) => stage.renewShare() },
    'GET /v1/shares/{id}': { path: ({ share }) => `/v1/shares/${share}` },
    'GET /v1/search': { path: () => '/v1/search?q=Access', telltale: ({ conversation }) => conversation },
    'GET /v1/rules': {},
    'GET /v1/assistants': { path: () => '/v1/assistants?whose=own', telltale: ({ assistant }) => assistant },
    'GET /v1/assistants shared': {
      path: () => '/v1/assistants?whose=others',
      telltale: ({ sharedAssistant }) => sharedAssistant,
    },
    'POST /v1/assistants': { body: () => assistantFields },
    'GET /v1/assistants/{id}': { path: ofAssistant() },
    'GET /v1/assistants/{id} shared': { path: ofShared },
    'PUT /v1/assistants/{id}': { path: ofAssistant(), body: () => assistantFields },
    'PUT /v1/assistants/{id} shared': { path: ofShared, body: () => assistantFields },
    'POST /v1/assistants/{id}/copies': { path: ofAssistant('/copies'), body: () => ({ name: 'Copy' }) },
    'PUT /v1/assistants/{id}/files/{fileId}': {
      path: ofAssistant(`/files/${FILE}?name=a.txt`),
      headers: { 'content-type': 'application/octet-stream' },
      body: title,
    },
    'GET /v1/assistants/{id}/files/{fileId}': { path: ofAssistant(`/files/${FILE}`) },
    'DELETE /v1/assistants/{id}/files/{fileId}': { path: ofAssistant(`/files/${randomUUID()}`) },
    'PUT /v1/assistants/{id}/share': { path: ofAssistant('/share'), restore: (stage) => stage.renewAssistant() },
    'DELETE /v1/assistants/{id}/share': { path: ofAssistant('/share') },
    'DELETE /v1/assistants/{id}': { path: ofAssistant(), restore: (stage) => stage.renewAssistant() },
    'GET /v1/folders': { telltale: ({ folder }) => folder },
    'POST /v1/folders': { body: () => ({ name: randomUUID() }) },
    'PATCH /v1/folders/{id}': { path: ofFolder, body: () => ({ name: randomUUID() }) },
    'DELETE /v1/folders/{id}': { path: ofFolder, restore: (stage) => stage.renewFolder() },
  }),
  ...operational('conversations'),
};

/** By service and the name of the row. */
export const routeAttempts: Record<Service, Tries> = {
  pocketbase: pocketbase(),
  identity,
  billing,
  proxy,
  conversations,
};
