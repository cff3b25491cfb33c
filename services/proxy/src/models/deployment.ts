/** Which server answers for a model here: the provider, or the simulated one in a demo. */
import type { Catalogue, CatalogueModel, ListedModel, Principal, ProviderName } from '@cloudfreedom/contracts';
import type { ProxyConfig } from '../config.ts';
import type { ProviderKeys } from '../provider-keys/provider-keys.ts';
import { addressOf, type ServerAddress } from './server.ts';

export interface Deployment {
  model: CatalogueModel;
  /** Whose API it speaks. */
  api: ProviderName;
  simulated: boolean;
  server: ServerAddress;
  /** The set of keys that is shown to it; null: none is. */
  keyName: string | null;
}

type Allowed = Pick<Principal, 'models' | 'regionRule'>;
/** What decides whether a deployment can be served here. */
export interface Serving {
  config: Pick<ProxyConfig, 'providers' | 'simulatedProviderUrl'>;
  providerKeys: Pick<ProviderKeys, 'has'>;
}

const SIMULATED_TYPES: Catalogue['tenant']['type'][] = ['demo', 'dev'];
/** OpenAI's base URL carries its version, the others' paths do. */
const SIMULATED_PATH = { openai: '/v1', anthropic: '', gemini: '' } as const;

/** A demo is always simulated, a dev tenant where there is no key, others never. null: nobody here can serve it. */
export function deploymentOf(
  model: CatalogueModel,
  tenant: Catalogue['tenant'],
  { config, providerKeys }: Serving,
): Deployment | null {
  const api = model.provider === 'custom' ? 'openai' : model.provider;
  const keyName = model.keyName || (model.provider === 'custom' ? null : model.provider);
  const hasKey = keyName === null || providerKeys.has(keyName);
  if (hasKey && tenant.type !== 'demo')
    return { model, api, simulated: false, server: addressOf(model, api, config), keyName };
  if (config.simulatedProviderUrl === undefined || !SIMULATED_TYPES.includes(tenant.type)) return null;
  const baseUrl = config.simulatedProviderUrl + SIMULATED_PATH[api];
  return { model, api, simulated: true, server: { baseUrl, fromDirectory: false }, keyName: null };
}

/** Lowest priority number first; among equals by chance, in proportion to their weights. */
export function inOrderOfTrial(deployments: Deployment[]): Deployment[] {
  const drawn = deployments.map((deployment) => ({
    deployment,
    draw: Math.random() ** (1 / deployment.model.weight),
  }));
  drawn.sort((a, b) => a.deployment.model.priority - b.deployment.model.priority || b.draw - a.draw);
  return drawn.map(({ deployment }) => deployment);
}

/** As the answer's header names it. */
export function deploymentLabel({ model, simulated }: Deployment): string {
  const own = model.deployment === model.name ? '' : `; deployment=${model.deployment}`;
  return `${model.provider}/${model.upstreamModel}${own}${simulated ? '; simulated' : ''}`;
}

/** Is this one of the deployments that a principal may use? */
export function mayUse(principal: Allowed, model: Pick<CatalogueModel, 'name' | 'region'>): boolean {
  return principal.models.includes(model.name) && (principal.regionRule === 'any' || model.region === 'eu');
}

/** Deployments of all models that a principal may use and that are served and priced, one per public name. */
export function servedModels(catalogue: Catalogue, allowed: Allowed, serving: Serving): Deployment[] {
  const byName = new Map<string, Deployment>();
  for (const model of catalogue.models) {
    if (!mayUse(allowed, model) || !model.priced || byName.has(model.name)) continue;
    const deployment = deploymentOf(model, catalogue.tenant, serving);
    if (deployment) byName.set(model.name, deployment);
  }
  return [...byName.values()];
}

/** As `GET /v1/models` shows it. The catalogue keeps no date of creation: 0. */
export function listedModelOf({ model, simulated }: Deployment): ListedModel {
  return {
    id: model.name,
    object: 'model',
    created: 0,
    owned_by: model.provider,
    name: simulated ? `${model.displayName} (simulated)` : model.displayName,
    description: model.description,
    languages: model.languages,
    simulated,
    kind: model.kind,
    region: model.region,
    context_tokens: model.contextTokens,
    output_tokens_max: model.kind === 'embedding' ? 0 : model.outputTokensMax,
    reasoning: model.reasoning,
    unsupported: model.unsupported,
  };
}
