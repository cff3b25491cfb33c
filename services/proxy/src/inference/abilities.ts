/** What a deployment was said to be unable to do: a request that needs it goes to another one, or is refused. */
import type { CatalogueModel } from '@cloudfreedom/contracts';
import { proxyError } from '../errors.ts';
import type { Demand } from '../surfaces/surface.ts';

/** @throws ApiError `unsupported_parameter` */
export function requireAbilities(
  { input, inputField, schemaField }: Demand,
  { name, unsupported }: CatalogueModel,
): void {
  const refuse = (param: string, what: string) => {
    throw proxyError('unsupported_parameter', { message: `The model \`${name}\` takes no ${what}.`, param });
  };
  if (input.tools > 0 && unsupported.includes('tools')) refuse('tools', 'tools');
  const kinds = new Set<string>(input.media.map(({ kind }) => kind));
  if ((input.images > 0 || kinds.has('image')) && unsupported.includes('images')) refuse(inputField, 'images');
  if (kinds.has('audio') && unsupported.includes('audio')) refuse(inputField, 'audio');
  if (kinds.has('pdf') && unsupported.includes('files')) refuse(inputField, 'files');
  if (schemaField !== null && unsupported.includes('json_schema')) refuse(schemaField, 'JSON schema for its answer');
}
