/** The core as a platform admin: PocketBase, billing and identity, by the environment or of the demo on this machine. */
import {
  appConfig,
  audienceOf,
  SESSION_TOKEN_TYPE,
  TOKEN_EXCHANGE_GRANT,
  tokenExchangeResponse,
} from '@cloudfreedom/contracts';
import type { BundleFacts, CoreCalls } from '@cloudfreedom/tenant-bundle';
import type PocketBase from 'pocketbase';
import { runningDemo, signIn } from '../models/sign-in.ts';
import { Fault } from '../stack/fault.ts';

const TIMEOUT_MS = 30_000;
/** An access token lives ten minutes. */
const TOKEN_MS = 5 * 60_000;
const SESSION_SECONDS = 3600;

export interface Core extends CoreCalls {
  addresses: BundleFacts['core'];
  /** As the platform admin. */
  pocketbase: PocketBase;
  /** Who that is, for the terminal. */
  actor: string;
}

interface Refusal {
  status: number;
  code: string;
}

/** What a service answered instead of a success. */
export class CoreRefusal extends Fault {
  readonly status: number;
  readonly code: string;

  constructor(message: string, { status, code }: Refusal) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** @throws Fault where nobody answers */
export async function reach(what: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    const { name, cause, message } = error as Error;
    const reason = name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : String(cause ?? message);
    throw new Fault(`${what} does not answer at ${new URL(url).origin} (${reason}): check that it runs there.`);
  }
}

async function readAnswer(what: string, response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.ok) return text === '' ? null : JSON.parse(text);
  let said: { message?: string; code?: string } = {};
  try {
    const { error } = JSON.parse(text);
    said = typeof error === 'object' ? error : { message: error };
  } catch {
    said = { message: text.slice(0, 300) };
  }
  const { message = '', code = '' } = said;
  throw new CoreRefusal(`${what} answered ${response.status}: ${message || code}`, { status: response.status, code });
}

/** The portal tells where everything else is. */
async function addressesOf(portal: string | undefined): Promise<BundleFacts['core']> {
  if (portal === undefined) {
    const demo = runningDemo(process.env);
    if (!demo)
      throw new Fault(
        'No demo runs here (DATA_DIR/stack.json is missing): run npm start, or name the portal by --portal https://admin.example.com.',
      );
    const { pocketbase, identity, billing, admin } = demo.urls;
    return { pocketbase, identity, billing, portal: admin, imprint: null, privacy: null };
  }
  if (!/^https?:\/\/[^\s@/]+\/?$/.test(portal))
    throw new Fault('--portal must be the http(s) address of the admin portal, without path, user and password.');
  const own = portal.replace(/\/$/, '');
  const url = `${own}/config.json`;
  const response = await reach('The admin portal', url, {});
  const parsed = appConfig.safeParse(await response.json().catch(() => null));
  if (!parsed.success) throw new Fault(`${url} is no configuration of this version's portal: check the address.`);
  const { pocketbaseUrl, identityUrl, billingUrl, imprintUrl, privacyUrl } = parsed.data;
  const core = { pocketbase: pocketbaseUrl, identity: identityUrl, billing: billingUrl, portal: own };
  return { ...core, imprint: imprintUrl, privacy: privacyUrl };
}

/** A superuser makes no service tokens: it acts as the platform admin who has been there longest. */
async function asPlatformAdmin(client: PocketBase): Promise<PocketBase> {
  if (client.authStore.record?.collectionName === 'users') return client;
  const { items } = await client.collection('users').getList(1, 1, {
    filter: 'role = "platform_admin" && status = "active" && kind = "person"',
    sort: 'created',
  });
  if (!items[0]) throw new Fault('There is no active platform admin: make one in the portal or in PocketBase.');
  const own = await client.collection('users').impersonate(items[0].id, SESSION_SECONDS);
  own.autoCancellation(false);
  return own;
}

/**
 * @param portal undefined: the demo on this machine
 * @throws Fault that names what is missing
 */
export async function openCore(portal: string | undefined): Promise<Core> {
  const addresses = await addressesOf(portal);
  const pocketbase = await asPlatformAdmin(
    await signIn(portal === undefined ? undefined : addresses.pocketbase, process.env),
  );
  let held: { token: string; until: number } | undefined;
  async function accessToken(): Promise<string> {
    if (held && Date.now() < held.until) return held.token;
    const form = new URLSearchParams({
      grant_type: TOKEN_EXCHANGE_GRANT,
      subject_token: pocketbase.authStore.token,
      subject_token_type: SESSION_TOKEN_TYPE,
      audience: audienceOf.billing,
    });
    const response = await reach('identity', `${addresses.identity}/oauth/token`, { method: 'POST', body: form });
    const { access_token: token } = tokenExchangeResponse.parse(await readAnswer('identity', response));
    held = { token, until: Date.now() + TOKEN_MS };
    return token;
  }
  async function call(what: 'billing' | 'identity', method: string, path: string, token: string, body: unknown) {
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return readAnswer(what, await reach(what, `${addresses[what]}${path}`, init));
  }
  return {
    addresses,
    pocketbase,
    actor: String(pocketbase.authStore.record?.email ?? ''),
    billing: async (method, path, body) => call('billing', method, path, await accessToken(), body),
    identity: (method, path, body) => call('identity', method, path, pocketbase.authStore.token, body),
  };
}
