/** Step 3. Public model name -> the deployments that may serve it for this caller, in the order in which they are tried. */
import type { CatalogueModel } from '@cloudfreedom/contracts';
import { commonError } from '@cloudfreedom/service-kit';
import { modelNotFound, proxyError } from '../errors.ts';
import { type Deployment, deploymentOf, inOrderOfTrial, mayUse } from '../models/deployment.ts';
import type { Caller } from './authenticate.ts';
import type { Parts } from './parts.ts';

/**
 * @param asked `kind`: what the caller wants made of the input
 * @param onlyDeployment for admins who test one; null: all of the name
 * @throws ApiError `model_not_found` (of another kind too), `model_not_priced`, `forbidden`, `billing_unavailable`
 */
export async function resolve(
  parts: Pick<Parts, 'catalogue' | 'config' | 'providerKeys'>,
  { principal }: Caller,
  { model: name, kind }: { model: string; kind: CatalogueModel['kind'] },
  onlyDeployment: string | null,
): Promise<Deployment[]> {
  if (onlyDeployment !== null && principal.role === 'member')
    throw commonError('forbidden', { message: 'Only admins choose the deployment that answers.' });
  const catalogue = await parts.catalogue.current();
  const models = catalogue.models.filter(
    (model) =>
      model.name === name &&
      mayUse(principal, model) &&
      (onlyDeployment === null || model.deployment === onlyDeployment),
  );
  const served = models.flatMap((model) => deploymentOf(model, catalogue.tenant, parts) ?? []);
  const fitting = served.filter(({ model }) => model.kind === kind);
  const [other] = served;
  if (other && fitting.length === 0) throw wrongKind(other.model);
  const priced = fitting.filter(({ model }) => model.priced);
  if (priced.length > 0) return inOrderOfTrial(priced);
  if (fitting.length > 0) throw proxyError('model_not_priced', { param: 'model' });
  throw modelNotFound(name);
}

function wrongKind({ name, kind }: CatalogueModel) {
  const right = kind === 'chat' ? '/v1/chat/completions' : '/v1/embeddings';
  const what = kind === 'chat' ? 'answers chats and makes no embeddings' : 'makes embeddings and answers no chats';
  return proxyError('model_not_found', {
    message: `The model \`${name}\` ${what}: use it with ${right}.`,
    param: 'model',
  });
}
