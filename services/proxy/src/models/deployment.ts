/** Which server answers for a model here: the provider, or the simulated one in a demo. */
import type { Catalogue, CatalogueModel, ListedModel, Principal, ProviderName } from '@cloudfreedom/contracts';
import type { ProxyConfig } from '../config.ts';

export interface Deployment {
  model: CatalogueModel;
  /** Whose API it speaks. */
  api: ProviderName;
  simulated: boolean;
  baseUrl: string;
  apiKey: string;
}

type Allowed = Pick<Principal, 'models' | 'regionRule'>;
type ServingConfig = Pick<ProxyConfig, 'providers' | 'simulatedProviderUrl'>;

const SIMULATED_TYPES: Catalogue['tenant']['type'][] = ['demo', 'dev'];
/** OpenAI's base URL carries its version, the others' paths do. */
const SIMULATED_PATH = { openai: '/v1', anthropic: '', gemini: '' } as const;

/** A demo is always simulated, a dev tenant where there is no key, others never. null: nobody here can serve it. */
export function deploymentOf(
  model: CatalogueModel,
  tenant: Catalogue['tenant'],
  config: ServingConfig,
): Deployment | null {
  const api = model.provider === 'custom' ? 'openai' : model.provider;
  const { apiKey, baseUrl } = config.providers[api];
  if (model.provider !== 'custom' && apiKey !== undefined && tenant.type !== 'demo')
    return { model, api, simulated: false, baseUrl, apiKey };
  if (config.simulatedProviderUrl === undefined || !SIMULATED_TYPES.includes(tenant.type)) return null;
  return {
    model,
    api,
    simulated: true,
    baseUrl: config.simulatedProviderUrl + SIMULATED_PATH[api],
    apiKey: 'simulated',
  };
}

/** Is this one of the deployments that a principal may use? */
export function mayUse(principal: Allowed, model: Pick<CatalogueModel, 'name' | 'region'>): boolean {
  return principal.models.includes(model.name) && (principal.regionRule === 'any' || model.region === 'eu');
}

/** Deployments of all models that a principal may use and that are served and priced, one per public name. */
export function servedModels(catalogue: Catalogue, allowed: Allowed, config: ServingConfig): Deployment[] {
  const byName = new Map<string, Deployment>();
  for (const model of catalogue.models) {
    if (!mayUse(allowed, model) || !model.priced || byName.has(model.name)) continue;
    const deployment = deploymentOf(model, catalogue.tenant, config);
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
    simulated,
    kind: model.kind,
    region: model.region,
    context_tokens: model.contextTokens,
    output_tokens_max: model.kind === 'embedding' ? 0 : model.outputTokensMax,
    reasoning: model.reasoning,
  };
}
