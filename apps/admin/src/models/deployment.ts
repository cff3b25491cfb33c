/** A model deployment as PocketBase has it, and how it stands at the tenant on show. */
import {
  type DeploymentHealth,
  inability,
  type KnownProxy,
  METERS,
  modelProvider,
  recordId,
  region,
} from '@cloudfreedom/contracts';
import { z } from 'zod';

export const modelDeployment = z.object({
  id: recordId,
  name: z.string(),
  deployment: z.string(),
  display_name: z.string(),
  description_en: z.string(),
  description_de: z.string(),
  languages: z.string(),
  provider: modelProvider,
  upstream_model: z.string(),
  kind: z.enum(['chat', 'embedding']),
  region,
  processor: z.string(),
  priority: z.number(),
  weight: z.number(),
  context_tokens: z.number(),
  output_tokens_max: z.number(),
  reasoning: z.enum(['none', 'visible', 'hidden']),
  unsupported: z.array(inability),
  first_byte_timeout_ms: z.number(),
  chunk_timeout_ms: z.number(),
  enabled: z.boolean(),
  // Where it runs and what it costs is hidden from all but platform admins.
  base_url: z.string().default(''),
  api_version: z.string().default(''),
  key_name: z.string().default(''),
  only_tenants: z.array(recordId).default([]),
  own_prices: z.partialRecord(z.enum(METERS), z.string()).nullable().catch(null),
});
export type ModelDeployment = z.infer<typeof modelDeployment>;

/** All deployments of one public name, in the order in which they are tried. */
export interface PublicModel {
  name: string;
  title: string;
  deployments: ModelDeployment[];
}

export type Availability =
  | 'available'
  | 'simulated'
  | 'failing'
  | 'recovering'
  | 'noKey'
  | 'notPriced'
  | 'disabled'
  | 'otherTenants'
  | 'unknown';

/** The worst that any of the tenant's proxies says; undefined: none that is up knows it. */
export function healthOf(proxies: readonly KnownProxy[], deployment: string): DeploymentHealth | undefined {
  const known = proxies
    .filter(({ up }) => up)
    .flatMap(({ deployments }) => deployments.find((health) => health.deployment === deployment) ?? []);
  const trouble = ({ servedBy, circuit }: DeploymentHealth) =>
    (servedBy === 'nobody' ? 4 : 0) + (circuit === 'open' ? 2 : circuit === 'half_open' ? 1 : 0);
  return known.sort((a, b) => trouble(b) - trouble(a))[0];
}

/** Would a request to it be answered at this tenant, and if not, why? */
export function availabilityOf(
  record: Pick<ModelDeployment, 'enabled' | 'only_tenants'>,
  at: { tenantId: string; priced: boolean; health: DeploymentHealth | undefined },
): Availability {
  const { tenantId, priced, health } = at;
  if (!record.enabled) return 'disabled';
  if (record.only_tenants.length > 0 && !record.only_tenants.includes(tenantId)) return 'otherTenants';
  if (!priced) return 'notPriced';
  if (!health) return 'unknown';
  if (health.servedBy === 'nobody') return 'noKey';
  if (health.circuit === 'open') return 'failing';
  if (health.circuit === 'half_open') return 'recovering';
  return health.servedBy === 'simulator' ? 'simulated' : 'available';
}

const inOrder = (a: ModelDeployment, b: ModelDeployment) =>
  Number(b.enabled) - Number(a.enabled) || a.priority - b.priority || a.deployment.localeCompare(b.deployment);

/** By public name, sorted as people read them. */
export function publicModels(records: readonly ModelDeployment[]): PublicModel[] {
  const byName = Map.groupBy(records, ({ name }) => name);
  const models = [...byName].map(([name, deployments]) => {
    const sorted = deployments.toSorted(inOrder);
    return { name, title: sorted[0]?.display_name ?? name, deployments: sorted };
  });
  return models.sort((a, b) => a.title.localeCompare(b.title) || a.name.localeCompare(b.name));
}

/** Those whose names, provider, region or processor hold every word of the search. */
export function searchModels(models: readonly PublicModel[], search: string): PublicModel[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return models.filter(({ deployments }) =>
    deployments.some((record) => {
      const {
        name,
        deployment,
        display_name: title,
        provider,
        region: where,
        processor,
        upstream_model: upstream,
      } = record;
      const text = [name, deployment, title, provider, where, processor, upstream].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    }),
  );
}
