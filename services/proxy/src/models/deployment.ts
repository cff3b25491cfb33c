/** Which server answers for a model here: the provider, or the simulated one in a demo. */
import type { Catalogue, CatalogueModel, ListedModel } from '@cloudfreedom/contracts';
import type { ProxyConfig } from '../config.ts';

export interface Deployment {
  model: CatalogueModel;
  simulated: boolean;
  baseUrl: string;
  apiKey: string;
}

type ServingConfig = Pick<ProxyConfig, 'providers' | 'simulatedProviderUrl'>;

/** OpenAI's base URL carries its version, the others' paths do. */
const SIMULATED_PATH = { openai: '/v1', anthropic: '', gemini: '' } as const;

/** null: nobody here can serve it (no key, and no simulation outside demo tenants). */
export function deploymentOf(
  model: CatalogueModel,
  tenant: Catalogue['tenant'],
  config: ServingConfig,
): Deployment | null {
  const provider = config.providers[model.provider];
  if (provider.apiKey !== undefined)
    return { model, simulated: false, baseUrl: provider.baseUrl, apiKey: provider.apiKey };
  if (config.simulatedProviderUrl === undefined || tenant.type !== 'demo') return null;
  return {
    model,
    simulated: true,
    baseUrl: config.simulatedProviderUrl + SIMULATED_PATH[model.provider],
    apiKey: 'simulated',
  };
}

/** Deployments of all models that a principal may use and that are served and priced, one per public name. */
export function servedModels(catalogue: Catalogue, allowed: string[], config: ServingConfig): Deployment[] {
  const byName = new Map<string, Deployment>();
  const names = new Set(allowed);
  for (const model of catalogue.models) {
    if (!names.has(model.name) || !model.priced || byName.has(model.name)) continue;
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
