/** Use cases of `GET /v1/models` and `GET /v1/models/{id}`: what the caller may use here. */
import type { ListedModel } from '@cloudfreedom/contracts';
import { modelNotFound } from '../errors.ts';
import { authenticate } from '../inference/authenticate.ts';
import type { Parts } from '../inference/parts.ts';
import { listedModelOf, servedModels } from './deployment.ts';

type ListParts = Pick<Parts, 'principals' | 'checkAccessToken' | 'catalogue' | 'config' | 'providerKeys'>;

/** @throws ApiError `invalid_api_key`, `billing_unavailable` */
export async function listModels(parts: ListParts, authorization: string | undefined): Promise<ListedModel[]> {
  const { principal } = await authenticate(parts, authorization);
  return servedModels(await parts.catalogue.current(), principal, parts).map(listedModelOf);
}

/** @throws ApiError also `model_not_found` */
export async function findModel(
  parts: ListParts,
  authorization: string | undefined,
  name: string,
): Promise<ListedModel> {
  const found = (await listModels(parts, authorization)).find(({ id }) => id === name);
  if (!found) throw modelNotFound(name);
  return found;
}
