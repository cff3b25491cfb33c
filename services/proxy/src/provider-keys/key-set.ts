/** Use cases of the admin's routes: who may touch a tenant's provider keys, and what happens before one is taken. */
import type { ProviderName } from '@cloudfreedom/contracts';
import { PROVIDERS } from '@cloudfreedom/contracts';
import { bearerToken, commonError } from '@cloudfreedom/service-kit';
import { proxyError } from '../errors.ts';
import type { Parts } from '../inference/parts.ts';
import { refusalError } from '../inference/refusal.ts';
import { addressOf, authorization } from '../models/server.ts';
import { Exchange } from '../upstream/exchange.ts';

const TEST_TIMEOUT_MS = 10_000;
const ANSWER_LIMIT_BYTES = 16 * 1024 * 1024;
/** A list of models costs nothing anywhere. */
const MODELS_PATH: Record<ProviderName, string> = {
  openai: '/models',
  anthropic: '/v1/models?limit=1',
  gemini: '/v1beta/models?pageSize=1',
};

export type KeyParts = Pick<
  Parts,
  'config' | 'providerKeys' | 'principals' | 'checkAccessToken' | 'catalogue' | 'upstreams' | 'adapters' | 'logger'
>;

/**
 * An admin of this tenant, by an access token: an API key never opens the administration.
 * @returns the subject id
 * @throws ApiError `unauthenticated`, `forbidden`, `subject_suspended`, `billing_unavailable`
 */
export async function requireAdmin(parts: KeyParts, header: string | undefined): Promise<string> {
  const token = bearerToken(header);
  if (token === undefined) throw commonError('unauthenticated');
  const claims = await parts.checkAccessToken(token);
  // The directory overrules the token: a suspension or another role counts before the token ends.
  const issuedAt = claims.issuedAt.toISOString();
  const known = await parts.principals.find({ type: 'subject', subjectId: claims.sub, issuedAt });
  if (known.status === 'refused') throw refusalError(known, { model: '', language: 'en' });
  if (known.principal.role === 'member') throw commonError('forbidden');
  return claims.sub;
}

/**
 * Ask the provider whether it takes the key.
 * @throws ApiError `provider_key_rejected`; `provider_key_untested` when the provider could not be asked;
 * `provider_key_unused` when no provider has keys of this name
 */
export async function testKey(parts: KeyParts, keyName: string, secret: string): Promise<void> {
  const { api, apiVersion, address, headers } = await serverOf(parts, keyName, secret);
  const { pool, pathPrefix } = parts.upstreams.of(address);
  const path = apiVersion === '' ? MODELS_PATH[api] : `/openai/models?api-version=${encodeURIComponent(apiVersion)}`;
  const exchange = new Exchange(pool, {
    method: 'GET',
    path: pathPrefix + path,
    headers: { ...(api === 'anthropic' && { 'anthropic-version': '2023-06-01' }), ...headers },
    headersTimeoutMs: TEST_TIMEOUT_MS,
    bodyTimeoutMs: TEST_TIMEOUT_MS,
  });
  const timer = setTimeout(() => exchange.abort(), TEST_TIMEOUT_MS);
  try {
    await exchange.started;
    await exchange.collect(ANSWER_LIMIT_BYTES);
  } catch (cause) {
    throw proxyError('provider_key_untested', { cause });
  } finally {
    clearTimeout(timer);
  }
  if (exchange.status < 300) return;
  // Gemini answers 400 to a key that is none.
  const refused = [401, 403].includes(exchange.status) || (api === 'gemini' && exchange.status === 400);
  const cause = new Error(`the list of models was answered with ${exchange.status}`);
  throw proxyError(refused ? 'provider_key_rejected' : 'provider_key_untested', { cause, param: 'key' });
}

async function serverOf(parts: KeyParts, keyName: string, secret: string) {
  const { models } = await parts.catalogue.current();
  const model = models.find((candidate) => candidate.keyName === keyName);
  if (model) {
    const api = model.provider === 'custom' ? ('openai' as const) : model.provider;
    const headers = authorization(parts.adapters[api], model, secret);
    return { api, apiVersion: model.apiVersion, address: addressOf(model, api, parts.config), headers };
  }
  const api = PROVIDERS.find((name) => name === keyName);
  if (!api) throw proxyError('provider_key_unused', { param: 'keyName' });
  const { baseUrl } = parts.config.providers[api];
  return {
    api,
    apiVersion: '',
    address: { baseUrl, fromDirectory: false },
    headers: parts.adapters[api].authenticate(secret),
  };
}
