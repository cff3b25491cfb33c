/** Use cases of `GET /v1/models` and `GET /v1/models/{id}`: what the caller may use here. */
import type { ListedModel } from '@cloudfreedom/contracts';
import { modelNotFound } from '../errors.ts';
import { authenticate, type Presented } from '../inference/authenticate.ts';
import type { Parts } from '../inference/parts.ts';
import { listedModelOf, servedModels } from './deployment.ts';

type ListParts = Pick<Parts, 'principals' | 'checkAccessToken' | 'openWebUi' | 'catalogue' | 'config' | 'providerKeys'>;

/** @throws ApiError `invalid_api_key`, `billing_unavailable` */
export async function listModels(parts: ListParts, presented: Presented): Promise<ListedModel[]> {
  const { principal } = await authenticate(parts, presented);
  return servedModels(await parts.catalogue.current(), principal, parts).map(listedModelOf);
}

/** @throws ApiError also `model_not_found` */
export async function findModel(parts: ListParts, presented: Presented, name: string): Promise<ListedModel> {
  const found = (await listModels(parts, presented)).find(({ id }) => id === name);
  if (!found) throw modelNotFound(name);
  return found;
}
