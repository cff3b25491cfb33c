/** One try of a credential at a door of a tenant. */
import { connect } from 'node:net';
import { audienceOf, SESSION_TOKEN_TYPE, TOKEN_EXCHANGE_GRANT } from '@cloudfreedom/contracts';
import { sha256Hex } from '@cloudfreedom/service-kit';
import pg from 'pg';
import { KeyCipher } from '../../../services/proxy/src/provider-keys/key-cipher.ts';
import { send } from '../access/ask.ts';
import { stack } from '../stack/people.ts';
import type { Door } from './isolation-table.ts';
import { openWebUiHeaders } from './open-webui-header.ts';
import type { Side } from './sides.ts';

const REFUSALS = [400, 401, 403, 404];
export type Outcome = 'open' | 'refused' | `unexpected: ${string}`;

/** Open is a success that holds what is looked for; refused is a refusal, or a success without it. */
function judge({ status, text }: { status: number; text: string }, telltale = ''): Outcome {
  if (status === 200) return text.includes(telltale) ? 'open' : 'refused';
  return REFUSALS.includes(status) ? 'refused' : `unexpected: ${status} ${text}`;
}

async function openPostgres(url: string, password: string, question: string): Promise<Outcome> {
  const address = new URL(url);
  address.password = encodeURIComponent(password);
  const client = new pg.Client({ connectionString: address.toString() });
  try {
    await client.connect();
    await client.query(question);
    return 'open';
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === '28P01' ? 'refused' : `unexpected: ${code} ${message}`;
  } finally {
    await client.end();
  }
}

function openRedis(url: string, password: string): Promise<Outcome> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(`AUTH "${password}"\r\nPING\r\n`));
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk;
      if (said.split('\r\n').length < 3) return;
      socket.destroy();
      if (said.includes('+PONG')) resolve('open');
      else resolve(/WRONGPASS/.test(said) && /NOAUTH/.test(said) ? 'refused' : `unexpected: ${said}`);
    });
    socket.on('error', (error) => resolve(`unexpected: ${error.message}`));
  });
}

interface KeyRow {
  id: string;
  keyName: string;
  label: string;
  encryptionKeyId: string;
  nonce: Buffer;
  ciphertext: Buffer;
}

/** With any key's bytes, and under the name that the row asks for: a name alone must not keep anybody out. */
async function openKeyRow({ databaseUrl, id }: Side, credential: string): Promise<Outcome> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<KeyRow>(
    'SELECT id, key_name AS "keyName", label, encryption_key_id AS "encryptionKeyId", nonce, ciphertext FROM proxy.provider_keys',
  );
  await client.end();
  const [row] = rows;
  if (!row) return 'unexpected: no key was entered';
  const bytes = Buffer.alloc(32);
  Buffer.from(credential.split(':')[1] ?? credential, 'base64').copy(bytes);
  try {
    const cipher = new KeyCipher([{ id: row.encryptionKeyId, bytes }]);
    cipher.open(row, JSON.stringify(['provider key', id, row.keyName, row.label, row.id]));
    return 'open';
  } catch {
    return 'refused';
  }
}

async function openClient(side: Side, secret: string): Promise<Outcome> {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: 'none',
    redirect_uri: 'https://unused.invalid',
    code_verifier: 'x'.repeat(43),
  });
  const basic = Buffer.from(`${side.clientId}:${encodeURIComponent(secret)}`).toString('base64');
  const headers = { authorization: `Basic ${basic}` };
  const { status, text } = await send('POST', `${stack.urls.identity}/oidc/token`, undefined, form, headers);
  if (text.includes('invalid_grant')) return 'open';
  return text.includes('invalid_client') ? 'refused' : `unexpected: ${status} ${text}`;
}

/** Without a browser: nobody's access token goes with it. */
async function openAsWebUi(side: Side, serviceKey: string, secret: string): Promise<Outcome> {
  const headers = openWebUiHeaders(side.accountId, serviceKey, secret);
  return judge(await send('GET', `${side.urls.proxy}/v1/models`, undefined, undefined, headers));
}

export const TRIES: Record<Door, (side: Side, credential: string) => Promise<Outcome>> = {
  proxy: async ({ urls }, bearer) => judge(await send('GET', `${urls.proxy}/v1/models`, bearer)),
  'proxy admin': async ({ urls }, bearer) => judge(await send('GET', `${urls.proxy}/v1/admin/provider-keys`, bearer)),
  conversations: async ({ urls }, bearer) => judge(await send('GET', `${urls.conversations}/v1/conversations`, bearer)),
  'billing people': async ({ id }, bearer) =>
    judge(await send('GET', `${stack.urls.billing}/v1/tenants/${id}/usage`, bearer)),
  'billing service': async ({ id, apiKey }, bearer) => {
    const body = { credential: { type: 'api_key', sha256: sha256Hex(apiKey) } };
    return judge(await send('POST', `${stack.urls.billing}/v1/principals/resolve`, bearer, body), id);
  },
  PocketBase: async ({ id, telltale }, bearer) =>
    judge(await send('GET', `${stack.urls.pocketbase}/api/collections/tenants/records/${id}`, bearer), telltale),
  exchange: async ({ id }, session) => {
    const form = new URLSearchParams({
      grant_type: TOKEN_EXCHANGE_GRANT,
      subject_token: session,
      subject_token_type: SESSION_TOKEN_TYPE,
      audience: audienceOf.proxy(id),
    });
    return judge(await send('POST', `${stack.urls.identity}/oauth/token`, undefined, form));
  },
  client: openClient,
  Postgres: ({ databaseUrl }, password) => openPostgres(databaseUrl, password, 'SELECT 1 FROM proxy.provider_keys'),
  Redis: ({ redisUrl }, password) => openRedis(redisUrl, password),
  'service key': (side, serviceKey) => openAsWebUi(side, serviceKey, side.credentials["secret of Open WebUI's header"]),
  header: (side, secret) => openAsWebUi(side, side.credentials['service key of Open WebUI'], secret),
  "Open WebUI's Postgres": ({ webui }, password) => openPostgres(webui.databaseUrl, password, 'SELECT 1'),
  "Open WebUI's Redis": ({ webui }, password) => openRedis(webui.redisUrl, password),
  'key rows': openKeyRow,
};
