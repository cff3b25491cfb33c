/** Step 3. Public model name -> the deployment that serves it for this caller. */
import { modelNotFound, proxyError } from '../errors.ts';
import { type Deployment, deploymentOf } from '../models/deployment.ts';
import type { Caller } from './authenticate.ts';
import type { Parts } from './parts.ts';

/** @throws ApiError `model_not_found`, `model_not_priced`, `billing_unavailable` */
export async function resolve(
  parts: Pick<Parts, 'catalogue' | 'config'>,
  { principal }: Caller,
  name: string,
): Promise<Deployment> {
  const catalogue = await parts.catalogue.current();
  const models = principal.models.includes(name) ? catalogue.models.filter((model) => model.name === name) : [];
  let unpriced = false;
  for (const model of models) {
    const deployment = deploymentOf(model, catalogue.tenant, parts.config);
    if (deployment && model.priced) return deployment;
    unpriced ||= deployment !== null;
  }
  if (unpriced) throw proxyError('model_not_priced', { param: 'model' });
  throw modelNotFound(name);
}
