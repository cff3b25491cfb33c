/** Where a deployment's server is, and how a key is shown to it. */
import type { CatalogueModel, ProviderName } from '@cloudfreedom/contracts';
import type { ProxyConfig } from '../config.ts';
import type { ProviderAdapter } from '../providers/provider.ts';

export interface ServerAddress {
  baseUrl: string;
  /** From a model's record: not into private networks unless the operator says so. */
  fromDirectory: boolean;
}

export function addressOf(
  model: Pick<CatalogueModel, 'baseUrl'>,
  api: ProviderName,
  config: Pick<ProxyConfig, 'providers'>,
): ServerAddress {
  if (model.baseUrl === '') return { baseUrl: config.providers[api].baseUrl, fromDirectory: false };
  return { baseUrl: model.baseUrl.replace(/\/+$/, ''), fromDirectory: true };
}

/** Azure OpenAI has a header of its own; a server of one's own may need no key. */
export function authorization(
  adapter: Pick<ProviderAdapter, 'authenticate'>,
  model: Pick<CatalogueModel, 'apiVersion'>,
  secret: string | null,
): Record<string, string> {
  if (secret === null) return {};
  return model.apiVersion === '' ? adapter.authenticate(secret) : { 'api-key': secret };
}
