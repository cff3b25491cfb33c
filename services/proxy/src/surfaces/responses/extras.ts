import { objectsIn } from '../../providers/json.ts';
import { type InputItem, isWebSearch, type ResponsesRequest } from '../../providers/responses-request.ts';
import { type Extras, noExtras } from '../extras.ts';

export function extrasOf(request: ResponsesRequest, input: InputItem[]): Extras {
  const extras = noExtras();
  const { service_tier: tier } = request;
  if (tier === 'flex' || tier === 'priority') extras.serviceTier = { tier, param: 'service_tier' };
  if (input.some(({ content }) => objectsIn(content).some(({ type }) => type === 'input_audio')))
    extras.rareMeters.push({ meter: 'input_audio', param: 'input' });
  const search = (request.tools ?? []).findIndex(isWebSearch);
  if (search >= 0) extras.serverTools = { param: `tools[${search}].type` };
  return extras;
}
